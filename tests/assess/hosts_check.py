#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the form of expected/*/expected.yaml and of code_red_letter.yaml, and that their inventories are there.

Needs no build. Exit code 0: all is well; the shared files that are absent are named as skipped.
"""
import datetime
import pathlib
import re
import sys
from collections.abc import Iterator

import yaml

HERE = pathlib.Path(__file__).resolve().parent
SHARED = HERE.parents[2].parent / "shared" / "data"

GAPS = {"no_os", "no_updates", "updates_cut", "no_packages", "packages_cut", "no_service_pack", "no_architecture",
        "contradiction", "unreadable"}
STATES = {"missing", "fixed", "unconfirmed", "not_applicable"}
HOW = {"installed", "superseded", "rollup", "service_pack", "package", "build", ""}
ADVICE = {"service_pack", "official", "virtual_patch", "lockdown", "isolate", "service_off", "migrate", "ask_vendor"}
SUPPORT = {"supported", "extended", "paid", "ended", "unknown"}
ADVISORY = re.compile(r"MS\d\d-\d{3}|CVE-\d{4}-\d{4,7}|DSA-\d+(-\d+)?")


CHECK_STATES = ("failed", "passed", "unknown")
CHECK_ID = re.compile(r"^  - id: (\S+)$", re.MULTILINE)


def check_ids() -> set[str]:
    return {name for path in (HERE.parents[1] / "content" / "checklists").glob("*.yaml")
            for name in CHECK_ID.findall(path.read_text())}


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]


def shared_root() -> pathlib.Path:
    """Where ../shared/data is: beside the checkout, or beside the folder of worktrees."""
    for parent in HERE.parents:
        if (parent / "shared" / "data").is_dir():
            return parent / "shared" / "data"
    return SHARED


def inventories(folder: pathlib.Path, expected: dict) -> list[pathlib.Path]:
    """The files that the host is read from."""
    if "inventory" in expected:
        return [shared_root() / name for name in expected["inventory"]]
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "expected.yaml")


def keys(where: str, value, needed: set[str], allowed: set[str]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: a mapping is needed"
        return
    for name in sorted(needed - value.keys()):
        yield f"{where}: '{name}' is missing"
    for name in sorted(value.keys() - needed - allowed):
        yield f"{where}: nothing is called '{name}'"


def words(where: str, value, known: set[str]) -> Iterator[str]:
    for word in as_list(value):
        if word not in known:
            yield f"{where}: '{word}' is none of {', '.join(sorted(known))}"


def check_finding(where: str, finding: dict) -> Iterator[str]:
    yield from keys(where, finding, {"advisory", "state", "derived"},
                    {"how", "because", "advice", "advice_has", "advice_never", "needs"})
    yield from words(where + ".needs", finding.get("needs", "definitions"), {"definitions"})
    if not ADVISORY.fullmatch(str(finding.get("advisory"))):
        yield f"{where}: '{finding.get('advisory')}' names no advisory"
    yield from words(where + ".state", finding.get("state"), STATES)
    yield from words(where + ".how", finding.get("how", ""), HOW)
    for name in ("advice", "advice_has", "advice_never"):
        if name in finding:
            yield from words(f"{where}.{name}", finding[name], ADVICE)
    if "fixed" in as_list(finding.get("state")) and "how" not in finding:
        yield f"{where}: what is fixed needs 'how'"
    for text in finding.get("because", []):
        if not isinstance(text, str):
            yield f"{where}.because: put {text} into quotes"
        elif text.startswith("/"):
            re.compile(text.strip("/"))


def check_host(folder: pathlib.Path) -> Iterator[str]:
    where = folder.name
    expected = yaml.safe_load((folder / "expected.yaml").read_text())
    yield from keys(where, expected, {"about", "host", "findings"},
                    {"inventory", "support", "nothing_missing", "derived", "checks"})
    host = expected["host"]
    yield from keys(where + ".host", host, set(),
                    {"os", "version", "service_pack", "build", "revision", "arch", "language", "incomplete", "lacks"})
    if ("incomplete" in host) == ("lacks" in host):
        yield f"{where}.host: either 'incomplete' or 'lacks'"
    yield from words(where + ".host", host.get("incomplete", host.get("lacks")), GAPS)
    if "support" in expected:
        support = expected["support"]
        yield from keys(where + ".support", support, {"state"}, {"last_day", "last_day_in_japan"})
        yield from words(where + ".support.state", support["state"], SUPPORT)
        last, japan = support.get("last_day"), support.get("last_day_in_japan")
        for day in as_list(last or []):
            if not isinstance(day, datetime.date):
                yield f"{where}.support: {day} is no day"
        if japan and japan != last + datetime.timedelta(days=1):
            yield f"{where}.support: the day in Japan is the one after {last}"
    if "checks" in expected:
        yield from keys(where + ".checks", expected["checks"], {"failed", "passed", "unknown", "derived"}, set())
        for state in CHECK_STATES:
            yield from words(f"{where}.checks.{state}", expected["checks"].get(state, []), check_ids())
    seen = set()
    for number, finding in enumerate(expected["findings"], 1):
        yield from check_finding(f"{where}.findings[{number}]", finding)
        if finding["advisory"] in seen:
            yield f"{where}: {finding['advisory']} stands twice"
        seen.add(finding["advisory"])
        if expected.get("nothing_missing") and "missing" in as_list(finding["state"]):
            yield f"{where}: nothing is missing, but {finding['advisory']} is"
    if not inventories(folder, expected):
        yield f"{where}: no inventory"


def check_letter(path: pathlib.Path) -> Iterator[str]:
    seen = set()
    for number, case in enumerate(yaml.safe_load(path.read_text())["cases"], 1):
        where = f"{path.name}[{number}]"
        yield from keys(where, case, {"id", "line", "host", "applies", "why"}, set())
        yield from keys(where + ".host", case["host"], {"os"},
                        {"service_pack", "edition", "version", "build", "features", "components", "settings",
                         "no_features"})
        yield from words(where + ".applies", case["applies"], {"yes", "no", "unknown", "fixed"})
        if case["id"] in seen:
            yield f"{where}: the id '{case['id']}' stands twice"
        seen.add(case["id"])


def main() -> int:
    problems, skipped, hosts = [], [], sorted(path.parent for path in HERE.glob("expected/*/expected.yaml"))
    for folder in hosts:
        problems += check_host(folder)
        for path in inventories(folder, yaml.safe_load((folder / "expected.yaml").read_text())):
            if not path.is_file():
                skipped.append(f"skipped: {folder.name}: {path} is absent")
    problems += [f"{path.name}: no expected.yaml" for path in sorted((HERE / "expected").iterdir())
                 if path.is_dir() and not (path / "expected.yaml").is_file()]
    problems += check_letter(HERE / "code_red_letter.yaml")
    print("\n".join(problems + skipped + [f"{len(hosts)} hosts, {len(problems)} problems"]))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
