# SPDX-License-Identifier: Apache-2.0
"""Outcomes beside what was expected; as a table, as JSON, and in the documentation between two markers."""
import dataclasses
import datetime
import json
import os
import pathlib
import platform

import ways

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
MEASURED = pathlib.Path(__file__).resolve().parent / "measured"
TABLE = ("<!-- lockdown-bypass: begin -->", "<!-- lockdown-bypass: end -->")
REASONS = ("<!-- lockdown-open: begin -->", "<!-- lockdown-open: end -->")
_PAGES = {
    "lockdown-bypass.md": {"way": "way", "class": "what must be stopped", "runs": "runs", "ran": "**passes**", "stopped": "stopped",
                           "blocked": "**blocked**", "reported": "reported", "silent": "passes, not reported", "hung": "**hangs**", "died": "**dies**",
                           "not_applicable": "not tried", "open": "open", "none": "–", "titles": True,
                           "count": "{passed} of {tried} pass, {open} stated open"},
    "ja/lockdown-bypass.md": {"way": "手口", "class": "止める対象", "runs": "動作", "ran": "**素通り**", "stopped": "阻止",
                              "blocked": "**誤って阻止**", "reported": "報告", "silent": "素通り(報告なし)", "hung": "**応答なし**", "died": "**異常終了**",
                              "not_applicable": "未試行", "open": "対象外", "none": "–", "titles": False,
                              "count": "{tried} 件中 {passed} 件が素通り、対象外 {open} 件"},
}
_GROUPS = {
    "control": ("approved code goes on working", "承認済みのコードは動き続ける"), "elf": ("programs", "プログラム"),
    "file": ("files, names and descriptors", "ファイル、名前、記述子"), "race": ("changes between check and use", "検査と使用の間の変更"),
    "mount": ("mounts and namespaces", "マウントと名前空間"), "memory": ("memory", "メモリー"), "library": ("libraries", "ライブラリー"),
    "module": ("kernel modules", "カーネルモジュール"), "script": ("scripts", "スクリプト"), "code": ("code that is no file", "ファイルでないコード"),
    "updater": ("updaters", "更新プログラム"), "daemon": ("the daemon itself", "デーモン自身"), "kernel": ("settings of the whole host", "ホスト全体の設定"),
}


@dataclasses.dataclass(frozen=True)
class Judged:
    outcome: object
    word: str  # what happened: runs, BYPASS, open, stopped, reported, silent, hung, died, blocked, not_applicable, broken
    ok: bool


def _judge_without_system(outcome):
    if outcome.result == "ran":
        return Judged(outcome, "runs", True)
    # A way that asks more of the kernel than every kernel has may be impossible here; any other must work.
    return Judged(outcome, "not_applicable" if outcome.way.kernel else "broken", bool(outcome.way.kernel))


def _judge_control(outcome):
    if outcome.result == "ran":
        return Judged(outcome, "runs", not outcome.denials)
    return Judged(outcome, outcome.result if outcome.result in ("hung", "died") else "blocked", False)


def judge(outcome, system, mode, kernel_class):
    """One outcome beside what is expected of a lockdown in this mode on this class of kernels."""
    if outcome.result == "not_applicable":
        return Judged(outcome, "not_applicable", True)
    if system == "none":
        return _judge_without_system(outcome)
    if outcome.way.control:
        return _judge_control(outcome)
    if outcome.result in ("hung", "died"):
        return Judged(outcome, outcome.result, False)
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


def _way_data(one):
    return {"result": one.outcome.result, "word": one.word, "ok": one.ok, "reason": one.outcome.reason,
            "denial": "".join(one.outcome.denials[:1])[:160], "seconds": round(one.outcome.seconds, 2)}


def as_data(judged, system, kernel_class):
    return {"system": system.name, "version": system.version, "rules": system.rules, "mode": system.mode, "kernel_class": kernel_class,
            "kernel": platform.release(), "date": datetime.date.today().isoformat(), "summary": summary(judged),
            "ok": all(one.ok for one in judged),
            "ways": {one.outcome.way.name: _way_data(one) for one in judged}}


def save(data, path):
    with open(path, "w") as file:
        json.dump(data, file, indent=1, ensure_ascii=False)
        file.write("\n")


def read_saved(folder):
    """The runs that were saved in a folder, by their names."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("*.json"))}


_COLUMNS = (("bansoko-enforce", "Bansoko, enforce"), ("bansoko-observe", "Bansoko, observe"), ("fapolicyd-known-libs", "fapolicyd, known-libs"),
            ("fapolicyd-restrictive", "fapolicyd, restrictive"))


def _cell(words, run, name):
    if run is None or name not in run["ways"]:
        return words["none"]
    word = run["ways"][name]["word"]
    return words["ran"] if word == "BYPASS" else words[word]


def _count(words, run):
    every = [one["word"] for one in run["ways"].values()]
    tried = sum(word in ("BYPASS", "stopped", "hung", "died", "open", "reported", "silent") for word in every)
    return words["count"].format(passed=every.count("BYPASS") + every.count("silent"), tried=tried, open=every.count("open"))


def docs_table(all_ways, runs, words):
    japanese = not words["titles"]
    head = [title for _, title in _COLUMNS]
    lines = [f"| {words['way']} | {words['class']} | " + " | ".join(head) + " |", "|---" * (len(head) + 2) + "|"]
    for group, titles in _GROUPS.items():
        lines.append(f"| **{titles[japanese]}** |" + " |" * (len(head) + 1))
        for way in (way for way in all_ways if way.name.partition("_")[0] == group):
            cells = [_cell(words, runs.get(key), way.name) for key, _ in _COLUMNS]
            title = f" {way.title}" if words["titles"] else ""
            lines.append(f"| `{way.name}`{title} | {words['runs'] if way.control else way.code} | " + " | ".join(cells) + " |")
    said = [f"* {title}: {run['version']}, Linux {run['kernel']}, {run['date']}: {_count(words, run)}" for key, title in _COLUMNS
            if (run := runs.get(key))]
    return "\n".join([*said, "", *lines])


def docs_reasons(all_ways):
    """What stays open, on which kernels, and why: as the ways themselves state it."""
    found = {}
    for way in all_ways:
        for kernel_class, word in way.expected.items():
            if word.startswith("open: "):
                found.setdefault(word[len("open: "):], {}).setdefault(way.name, []).append(kernel_class)
    lines = ["| why | ways | kernels |", "|---|---|---|"]
    for reason, names in found.items():
        classes = sorted({kernel_class for each in names.values() for kernel_class in each}, key=ways.KERNEL_CLASSES.index)
        kernels = "all" if len(classes) == len(ways.KERNEL_CLASSES) else ", ".join(f"`{one}`" for one in classes)
        lines.append(f"| {reason} | {', '.join(f'`{name}`' for name in names)} | {kernels} |")
    return "\n".join(lines)


def _between(text, markers, what):
    before, _, rest = text.partition(markers[0])
    _, _, after = rest.partition(markers[1])
    return f"{before}{markers[0]}\n{what}\n{markers[1]}{after}" if rest else text


def write_docs(all_ways, folder):
    """The tables into each page that has the markers."""
    runs = read_saved(folder)
    for page, words in _PAGES.items():
        path = DOCS / page
        text = _between(path.read_text(), TABLE, docs_table(all_ways, runs, words))
        path.write_text(_between(text, REASONS, docs_reasons(all_ways)))
        print(f"{os.path.relpath(path)}: written")
