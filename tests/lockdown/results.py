# SPDX-License-Identifier: Apache-2.0
"""Outcomes beside what was expected; as a table, as JSON, and in the documentation between two markers."""
import dataclasses
import datetime
import json
import os
import pathlib
import platform

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
BEGIN = "<!-- lockdown-bypass: begin -->"
END = "<!-- lockdown-bypass: end -->"
_PAGES = {
    "lockdown-bypass.md": {"way": "way", "class": "stops", "runs": "runs", "ran": "**passes**", "stopped": "stopped", "reported": "reported",
                           "silent": "passes, not reported", "hung": "**hangs**", "not_applicable": "not tried", "open": "open", "none": "–"},
    "ja/lockdown-bypass.md": {"way": "手口", "class": "対象", "runs": "動作", "ran": "**素通り**", "stopped": "阻止", "reported": "報告",
                              "silent": "素通り（報告なし）", "hung": "**停止したまま**", "not_applicable": "未試行", "open": "開放", "none": "–"},
}


@dataclasses.dataclass(frozen=True)
class Judged:
    outcome: object
    word: str  # what happened: runs, BYPASS, open, stopped, reported, silent, hung, blocked, not_applicable, broken
    ok: bool


def _judge_without_system(outcome):
    if outcome.result == "ran":
        return Judged(outcome, "runs", True)
    # A way that asks more of the kernel than every kernel has may be impossible here; any other must work.
    return Judged(outcome, "not_applicable" if outcome.way.kernel else "broken", bool(outcome.way.kernel))


def _judge_control(outcome):
    if outcome.result == "ran":
        return Judged(outcome, "runs", not outcome.denials)
    return Judged(outcome, "hung" if outcome.result == "hung" else "blocked", False)


def judge(outcome, system, mode, kernel_class):
    """One outcome beside what is expected of a lockdown in this mode on this class of kernels."""
    if outcome.result == "not_applicable":
        return Judged(outcome, "not_applicable", True)
    if system == "none":
        return _judge_without_system(outcome)
    if outcome.way.control:
        return _judge_control(outcome)
    if outcome.result == "hung":
        return Judged(outcome, "hung", False)
    expected = outcome.way.expected[kernel_class]
    if mode == "observe":
        reported = bool(outcome.denials)
        needless = expected.startswith("open") or outcome.way.observe.startswith("open")
        return Judged(outcome, "reported" if reported else "silent", outcome.result == "ran" and (reported or needless))
    if outcome.result == "ran":
        return Judged(outcome, "open" if expected.startswith("open") else "BYPASS", expected.startswith("open"))
    return Judged(outcome, "stopped", True)


def summary(judged):
    counts = {}
    for one in judged:
        counts[one.word] = counts.get(one.word, 0) + 1
    return ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))


def table(judged):
    width = max(len(one.outcome.way.name) for one in judged)
    lines = []
    for one in judged:
        note = one.outcome.denials[0] if one.outcome.denials and one.word in ("stopped", "reported") else one.outcome.reason
        lines.append(f"{'' if one.ok else '!':1} {one.outcome.way.name:{width}} {one.word:14} {one.outcome.seconds:5.1f} s  {note[:110]}")
    return "\n".join(lines)


def as_data(judged, system, kernel_class):
    return {"system": system.name, "version": system.version, "rules": system.rules, "mode": system.mode, "kernel_class": kernel_class,
            "kernel": platform.release(), "date": datetime.date.today().isoformat(), "summary": summary(judged),
            "ok": all(one.ok for one in judged),
            "ways": {one.outcome.way.name: {"result": one.outcome.result, "word": one.word, "ok": one.ok, "reason": one.outcome.reason,
                                            "denials": one.outcome.denials[:5], "seconds": round(one.outcome.seconds, 2)} for one in judged}}


def save(data, path):
    with open(path, "w") as file:
        json.dump(data, file, indent=1, ensure_ascii=False)
        file.write("\n")


def read_saved(folder):
    """The runs that were saved in a folder, by their names."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("*.json"))}


_COLUMNS = (("bansoko-enforce", "Bansoko"), ("bansoko-observe", "Bansoko, observe"), ("fapolicyd-known-libs", "fapolicyd, known-libs"),
            ("fapolicyd-restrictive", "fapolicyd, restrictive"))


def _cell(words, run, name):
    if run is None or name not in run["ways"]:
        return words["none"]
    word = run["ways"][name]["word"]
    return words["ran"] if word == "BYPASS" else "**" + words["stopped"] + "**" if word == "blocked" else words[word]


def docs_table(all_ways, runs, words):
    present = [(key, title) for key, title in _COLUMNS if not key.endswith("observe") or key in runs]
    lines = [f"| {words['way']} | {words['class']} | " + " | ".join(title for _, title in present) + " |", "|---" * (len(present) + 2) + "|"]
    for way in all_ways:
        cells = [_cell(words, runs.get(key), way.name) for key, _ in present]
        lines.append(f"| `{way.name}` {way.title} | {words['runs'] if way.control else way.code} | " + " | ".join(cells) + " |")
    measured = [f"* {title}: {run['version']}{' ' + run['rules'] if run['rules'] else ''}, {run['kernel']}, {run['date']}: {run['summary']}"
                for key, title in present if (run := runs.get(key))]
    return "\n".join(lines + [""] + measured)


def write_docs(all_ways, folder):
    """The table into each page that has the two markers."""
    runs = read_saved(folder)
    for page, words in _PAGES.items():
        path = DOCS / page
        before, _, rest = path.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        path.write_text(f"{before}{BEGIN}\n{docs_table(all_ways, runs, words)}\n{END}{after}")
        print(f"{os.path.relpath(path)}: written")
