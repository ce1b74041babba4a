#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Leads public captures through all virtual patches and compares with expected.yaml: run.py FOLDER-OF-PROGRAMS.

Exactly the rules that stand there must speak. One more, one less, a capture that is not there, one that nobody has looked
at, and one that cannot be read to its end although nobody said so, all fail. Exit code 77: no captures here.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    yaml = None

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE.parents[1]
SHARED = pathlib.Path(os.environ.get("BANSOKO_SHARED", SOURCES.parent / "shared"))
CAPTURES = SHARED / "data" / "captures"
SKIPPED = 77
# They were taken on hosts that leave checksums to the network card, and are of single protocols, not of a network.
SETTINGS = "shield: {inspection: {verify_checksums: no}, recon: {enabled: no}}\n"


def sid_of(alert):
    """9100002, or with a generator that is not that of rules: 901:2."""
    return alert["signature_id"] if alert["gid"] == 1 else f"{alert['gid']}:{alert['signature_id']}"


class Replay:
    """What one run of the program said about the captures of a folder."""

    def __init__(self, program, folder, captures, mode):
        settings, events = folder / "settings.yaml", folder / "events.json"
        settings.write_text(SETTINGS)
        command = [program, "replay", "--config", settings, "--rules", SOURCES / "content/patches/*/*.rules", "--mode", mode,
                   "--summary", "json", "--events", events, *captures]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
        if not done.stdout:
            sys.exit(f"bansoko replay: {done.stderr}")
        summary = json.loads(done.stdout)
        self.failures = summary.get("failures", [])
        self.transactions = set(summary["transactions"])
        self.said, self.blocked = collections.defaultdict(set), set()
        for line in events.read_text().splitlines():
            event = json.loads(line)
            if event["event_type"] == "alert":
                self.said[event["pcap_filename"]].add(sid_of(event["alert"]))
                if event["alert"]["action"] == "blocked":
                    self.blocked.add(event["pcap_filename"])


class Comparison:
    def __init__(self, program, folder, unreadable):
        self._program, self._folder = program, folder
        self._unreadable = set(unreadable)
        self.faults, self.compared = [], 0

    def exploits(self, expected):
        captures = below(CAPTURES / "exploits")
        self._names("exploits", {str(path.relative_to(CAPTURES / "exploits")) for path in captures}, set(expected))
        observed, enforced = (Replay(self._program, self._folder, captures, mode) for mode in ("observe", "enforce"))
        for path in captures:
            wanted = expected.get(str(path.relative_to(CAPTURES / "exploits")), {}).get("sids", [])
            self._sids(path, set(wanted), observed)
            if wanted and str(path) not in enforced.blocked:
                self._fault(path, "found, but nothing is refused in mode enforce")
        self._read_to_the_end(observed)

    def benign(self, name, expected):
        root = CAPTURES / "benign" / name
        captures = below(root)
        if len(captures) != expected["captures"]:
            self.faults.append(f"benign/{name}: {len(captures)} captures, {expected['captures']} expected")
        said = expected.get("said", {})
        self._names(f"benign/{name}", {path.name for path in captures if path.name in said}, set(said))
        replay = Replay(self._program, self._folder, captures, "observe")
        for path in captures:
            self._sids(path, set(said.get(path.name, {}).get("sids", [])), replay)
        if unseen := set(expected["protocols"]) - replay.transactions:
            self.faults.append(f"benign/{name}: no {' and no '.join(sorted(unseen))} was recognised")
        self._read_to_the_end(replay)

    def finish(self):
        self.faults += [f"{name}: it could be read to its end" for name in sorted(self._unreadable)]

    def _names(self, where, found, expected):
        self.faults += [f"{where}/{name}: is not there" for name in sorted(expected - found)]
        self.faults += [f"{where}/{name}: no expectation" for name in sorted(found - expected)]

    def _sids(self, path, wanted, replay):
        self.compared += 1
        said = replay.said[str(path)]
        if missing := sorted(wanted - said, key=str):
            self._fault(path, f"not found: {missing}")
        if unexpected := sorted(said - wanted, key=str):
            self._fault(path, f"not expected: {unexpected}")

    def _read_to_the_end(self, replay):
        for failure in replay.failures:
            name, _, reason = failure.removeprefix(f"{CAPTURES}/").partition(": ")
            if name in self._unreadable:
                self._unreadable.remove(name)
            else:
                self.faults.append(f"{name}: {reason}")

    def _fault(self, path, what):
        self.faults.append(f"{path.relative_to(CAPTURES)}: {what}")


def below(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def main():
    if yaml is None or not CAPTURES.is_dir():
        print("skipped: no python3-yaml" if yaml is None else f"skipped: no {CAPTURES}")
        return SKIPPED
    expected = yaml.safe_load((HERE / "expected.yaml").read_text())
    with tempfile.TemporaryDirectory(prefix="bansoko-captures-") as folder:
        comparison = Comparison(pathlib.Path(sys.argv[1]) / "bansoko", pathlib.Path(folder), expected["unreadable"])
        comparison.exploits(expected["exploits"])
        for name in sorted({path.name for path in (CAPTURES / "benign").iterdir()} | set(expected["benign"])):
            comparison.benign(name, expected["benign"].get(name, {"captures": 0, "protocols": []}))
        comparison.finish()
    print("\n".join(comparison.faults + [f"{comparison.compared} captures, {len(comparison.faults)} faults"]))
    return 1 if comparison.faults else 0


if __name__ == "__main__":
    sys.exit(main())
