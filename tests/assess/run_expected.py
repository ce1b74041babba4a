#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `bansoko assess` for each host of expected/ and compares with its expected.yaml; prints each difference.

Exit code 0: nothing differs. 77: no host could be looked at (all skipped).
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from hosts_check import HERE, as_list, inventories

# A bulletin is also found by one of its CVEs, and a hole without a bulletin by the name that content gives it.
CVE_OF = {
    "MS01-033": "CVE-2001-0500", "MS02-039": "CVE-2002-0649", "MS03-007": "CVE-2003-0109",
    "MS03-026": "CVE-2003-0352", "MS03-039": "CVE-2003-0528", "MS04-007": "CVE-2003-0818",
    "MS04-011": "CVE-2003-0533", "MS05-039": "CVE-2005-1983", "MS06-040": "CVE-2006-3439",
    "MS08-067": "CVE-2008-4250", "MS09-050": "CVE-2009-3103", "MS10-046": "CVE-2010-2568",
    "MS10-061": "CVE-2010-2729", "MS12-020": "CVE-2012-0002", "MS14-002": "CVE-2013-5065",
    "MS14-068": "CVE-2014-6324", "MS15-034": "CVE-2015-1635", "MS17-010": "CVE-2017-0144",
}

TODAY = "2026-11-23"  # the day that the answers are of


@dataclass
class Finding:
    ids: set[str]
    state: str
    how: str
    reason: str
    advice: list[str]


@dataclass
class Answer:
    """What the program said of one host."""
    os: dict = field(default_factory=dict)
    support: dict = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    checks: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def answer_of(report: dict) -> Answer:
    """The only place that knows the shape of the JSON."""
    hosts = report["hosts"]
    if len(hosts) != 1:
        raise ValueError(f"{len(hosts)} hosts instead of one: {[host.get('name') for host in hosts]}")
    host = hosts[0]
    gaps = {gap["gap"] for gap in host.get("incomplete", [])}
    return Answer(os=host.get("os", {}), support=host.get("support", {}), incomplete=gaps - {"no_settings"},
                  checks={one["id"]: one["state"] for one in host.get("checks", [])}, findings=[
        Finding(ids={one["id"], *one.get("cves", [])}, state=one["state"], how=one.get("how") or "",
                reason=" ".join(reason["text"] for reason in one.get("reason", [])),
                advice=[step["kind"] for step in one.get("advice", [])])
        for one in host.get("findings", [])])


def wanted_ids(advisory: str) -> set[str]:
    return {advisory, CVE_OF.get(advisory, advisory)}


def names(reason: str, text: str) -> bool:
    if text.startswith("/"):
        return re.search(text[1:-1], reason) is not None
    bare = text.removeprefix("KB")
    return re.search(rf"(?<!\d){re.escape(bare)}(?!\d)", reason, re.IGNORECASE) is not None


def differs_in_host(expected: dict, answer: Answer) -> Iterator[str]:
    for name, want in expected["host"].items():
        if name == "incomplete":
            if answer.incomplete != set(want):
                yield f"incomplete: {sorted(answer.incomplete)} instead of {want}"
            continue
        if name == "lacks":
            if not answer.incomplete.issuperset(want):
                yield f"incomplete: {sorted(answer.incomplete)} without {want}"
            continue
        got = answer.os.get("product" if name == "os" else name)
        same = str(got or "").startswith(want) if name == "version" else got == want
        if not same:
            yield f"{name}: {got!r} instead of {want!r}"
    for name, want in expected.get("support", {}).items():
        if (got := answer.support.get(name)) not in map(str, as_list(want)):
            yield f"support.{name}: {got!r} instead of {want}"


def differs_in_finding(want: dict, got: list[Finding]) -> Iterator[str]:
    states = as_list(want["state"])
    if not got:
        if "not_applicable" not in states:
            yield f"{want['advisory']}: not told of, instead of {states}"
        return
    for one in got:
        where = f"{want['advisory']} ({', '.join(sorted(one.ids))})"
        if one.state not in states:
            yield f"{where}: {one.state} instead of {states}: {one.reason}"
            continue
        if "how" in want and one.how not in as_list(want["how"]):
            yield f"{where}: how is '{one.how}' instead of {want['how']}: {one.reason}"
        for text in want.get("because", []):
            if not names(one.reason, text):
                yield f"{where}: the reason does not name {text}: {one.reason}"
        if "advice" in want and one.advice[:1] != [want["advice"]]:
            yield f"{where}: the first step is {one.advice[:1]} instead of {want['advice']}"
        yield from (f"{where}: no step is {kind}" for kind in want.get("advice_has", []) if kind not in one.advice)
        yield from (f"{where}: a step is {kind}" for kind in want.get("advice_never", []) if kind in one.advice)


def differs_in_checks(want: dict, got: dict[str, str]) -> Iterator[str]:
    failed = sorted(name for name, state in got.items() if state == "failed")
    if failed != sorted(want["failed"]):
        yield f"checks failed: {failed} instead of {sorted(want['failed'])}"
    for state in ("passed", "unknown"):
        yield from (f"check {name}: {got.get(name)} instead of {state}" for name in want[state] if got.get(name) != state)


def differences(expected: dict, answer: Answer, definitions: bool) -> Iterator[str]:
    yield from differs_in_host(expected, answer)
    if "checks" in expected:
        yield from differs_in_checks(expected["checks"], answer.checks)
    for want in expected["findings"]:
        if "needs" in want and not definitions:
            continue
        ids = wanted_ids(want["advisory"])
        yield from differs_in_finding(want, [one for one in answer.findings if one.ids & ids])
    if expected.get("nothing_missing"):
        yield from (f"missing, though everything is there: {sorted(one.ids)}: {one.reason}"
                    for one in answer.findings if one.state == "missing")


def falsely_safe(expected: dict, answer: Answer) -> Iterator[str]:
    """What is missing must not look safe to somebody who has imported nothing."""
    for want in expected["findings"]:
        if as_list(want["state"]) != ["missing"]:
            continue
        ids = wanted_ids(want["advisory"])
        states = {one.state for one in answer.findings if one.ids & ids} or {"not told of"}
        if not states <= {"missing", "unconfirmed"}:
            yield f"without any feed, {want['advisory']} is {', '.join(sorted(states))}"


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode != 0 and not done.stdout:
        raise ValueError(f"{' '.join(command)}: {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def look_at(folder: pathlib.Path, options: argparse.Namespace, store: pathlib.Path,
            scratch: pathlib.Path) -> list[str] | None:
    """The differences, or nothing where a shared file is absent."""
    expected = yaml.safe_load((folder / "expected.yaml").read_text())
    files = inventories(folder, expected)
    if not all(path.is_file() for path in files):
        return None
    place = scratch / folder.name
    place.mkdir()
    for path in files:
        shutil.copy(path, place)
    try:
        told = [answer_of(json.loads(run(options.bansoko, "assess", str(place), "--format", "json", "--lang", "en",
                                         "--today", TODAY, "--content", options.content, "--store", str(one))))
                for one in (store, scratch / "no-such-store.db")]
        return [*differences(expected, told[0], options.definitions is not None), *falsely_safe(expected, told[1])]
    except (ValueError, KeyError, TypeError) as fault:
        return [f"{type(fault).__name__}: {fault}"]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bansoko", default="build/dev/bin/bansoko")
    arguments.add_argument("--content", default=str(HERE.parents[1] / "content"))
    arguments.add_argument("--only", action="append", default=[], help="a folder of expected/")
    arguments.add_argument("--definitions", help="Microsoft's products and KBs: definitions.zip, imported too if it is there")
    options = arguments.parse_args()
    if options.definitions and not pathlib.Path(options.definitions).exists():
        print(f"without {options.definitions}, which is not here")
        options.definitions = None
    more = [options.definitions] if options.definitions else []
    passed, failed, skipped = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        store = pathlib.Path(scratch) / "knowledge.db"
        run(options.bansoko, "feeds", "import", *sorted(map(str, (HERE / "feeds").glob("*.json"))), *more, "--store",
            str(store))
        for folder in sorted(path.parent for path in HERE.glob("expected/*/expected.yaml")):
            if options.only and folder.name not in options.only:
                continue
            found = look_at(folder, options, store, pathlib.Path(scratch))
            (skipped if found is None else failed if found else passed).append(folder.name)
            for line in found or []:
                print(f"{folder.name}: {line}")
    for name in skipped:
        print(f"skipped: {name}: its file of ../shared/data is absent")
    print(f"{len(passed)} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed else 0 if passed else 77


if __name__ == "__main__":
    sys.exit(main())
