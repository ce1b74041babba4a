#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real clients talk to real servers, and no virtual patch may speak: run.py FOLDER-OF-PROGRAMS [FAMILY...].

Each family of families/ is a file: its server, its client commands (one a line), what the engine must recognise in their
traffic, and one attack that must be found. The traffic is captured in network namespaces and led through all rules of
content/patches in mode enforce. With KEEP=FOLDER in the environment the captures stay there.
Exit code 77: nothing could be run here.
"""
import importlib
import json
import os
import pathlib
import pkgutil
import shutil
import signal
import subprocess
import sys
import time

import families
from family import HERE, SERVER_ADDRESS, Family, Lab
from lab import CLIENT, GATEWAY, Failed, why_no_namespaces

SOURCES = HERE.parents[1]
SKIPPED = 77
# The kernel leaves checksums of traffic between namespaces undone.
SETTINGS = "shield: {inspection: {verify_checksums: no}}\n"


class Capture:
    """What passes the gateway while this is open, as a pcap."""

    def __init__(self, lab: Lab, path: pathlib.Path) -> None:
        self._lab, self._path = lab, path

    def __enter__(self) -> pathlib.Path:
        # A frame may be a large one that the card would have cut; the buffer, in KiB, has room for a thousand.
        self._process = self._lab.start(GATEWAY, "tcpdump", "-i", "g1", "-s", "65600", "-B", "65536", "--immediate-mode", "-U", "-Z", "root",
                                        "-w", str(self._path), "ip or ip6", stderr=subprocess.PIPE, text=True)
        if "listening" not in (line := self._process.stderr.readline()):
            raise Failed(f"tcpdump: {line}{self._process.stderr.read()}")
        return self._path

    def __exit__(self, *_) -> None:
        time.sleep(0.3)  # the last packets reach tcpdump
        self._lab.end(self._process)
        if "\n0 packets dropped by kernel" not in (said := "\n" + self._process.stderr.read()):
            raise Failed(f"tcpdump: {said}")


class Run:
    """One family: its traffic, and what was found in it."""

    def __init__(self, lab: Lab, family: Family, programs: pathlib.Path) -> None:
        self._lab, self._family, self._programs = lab, family, programs
        self._home = lab.folder / "client"
        self._home.mkdir()
        self.faults: list[str] = []

    def commands(self) -> str:
        """Runs the family's commands and says what became of them."""
        with Capture(self._lab, self._lab.folder / "benign.pcap") as capture:
            lines = [line for line in self._family.commands.splitlines() if line.strip()]
            for line in lines:
                self._run(line)
        summary, alerts = self._replay(capture)
        self.faults += [f"{sid} speaks: {what}" for sid, what in sorted(alerts.items())]
        accepted = summary["enforced"].get("accept", 0) + summary["enforced"].get("release", 0)
        late_resets = summary["anomalies"].get("stream.reset_outside_window", 0)  # the other side throws them away, too
        if refused := summary["packets"] - accepted - late_resets:
            self.faults.append(f"{refused} packets of clients or servers refused: {summary['reasons']}")
        recognised = set(summary["transactions"]) | {buffer.split(".")[0] for buffer in summary["inspected_bytes"]}
        if unseen := set(self._family.protocols) - recognised:
            self.faults.append(f"not recognised: {', '.join(sorted(unseen))}")
        return (f"{len(lines)} commands, {summary['packets']} packets, "
                f"{', '.join(f'{count} {name}' for name, count in summary['transactions'].items())}, {len(alerts)} hits; "
                f"anomalies: {summary['anomalies'] or 'none'}")

    def attack(self) -> None:
        with Capture(self._lab, self._lab.folder / "attack.pcap") as capture:
            self._run(self._family.attack)
        if self._family.found not in (alerts := self._replay(capture)[1]):
            self.faults.append(f"the attack was not found by {self._family.found}, but by {alerts or 'none'}")

    def keep(self, name: str) -> None:
        """Copies the captures to where KEEP says, for somebody who wants to look at them."""
        if folder := os.environ.get("KEEP"):
            for kind in ("benign", "attack"):
                shutil.copy(self._lab.folder / f"{kind}.pcap", pathlib.Path(folder) / f"{name}-{kind}.pcap")

    def _run(self, line: str) -> None:
        done = self._lab.run(CLIENT, "env", "-C", str(self._home), f"HOME={self._home}", f"SERVER={SERVER_ADDRESS}", "LC_ALL=C.UTF-8",
                             "bash", "-c", line, seconds=30, text=False)
        if done.returncode != 0:
            self.faults.append(f"exit code {done.returncode}: {line}\n{done.stdout.decode(errors='replace')[-2000:]}")

    def _replay(self, capture: pathlib.Path) -> tuple[dict, dict]:
        settings, events = capture.with_suffix(".yaml"), capture.with_suffix(".json")
        settings.write_text(SETTINGS)
        command = [self._programs / "bansoko", "replay", "--config", settings, "--rules", SOURCES / "content/patches/*/*.rules", "--mode",
                   "enforce", "--summary", "json", "--events", events, capture]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise Failed(f"bansoko replay: {done.stderr}")
        found = (json.loads(line) for line in events.read_text().splitlines())
        alerts = [event for event in found if event["event_type"] == "alert"]
        return json.loads(done.stdout), {event["alert"]["signature_id"]:
                                         f"{event['alert']['signature']}: packet {event['pcap_cnt']}, {event['bansoko'].get('matched')}"
                                         for event in alerts}


def why_not(family: Family) -> str:
    """Why a family cannot be run here; empty: it can."""
    missing = [name for name in ("ip", "nft", "ss", "sysctl", "tcpdump", *family.programs) if shutil.which(name) is None]
    return f"not installed: {', '.join(missing)} (make proof installs all)" if missing else why_no_namespaces()


def judge(name: str, family: Family, programs: pathlib.Path) -> bool:
    began = time.monotonic()
    try:
        with Lab() as lab:
            run = Run(lab, family, programs)
            family.start(lab)
            said = run.commands()
            run.attack()
            run.keep(name)
    except Failed as failure:
        print(f"{name}: {failure}")
        return False
    print(f"{name}: {said}; {time.monotonic() - began:.0f} s")
    print("".join(f"{name}: {fault}\n" for fault in run.faults), end="", flush=True)
    return not run.faults


def main() -> int:
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    programs = pathlib.Path(sys.argv[1]).resolve()
    names = sys.argv[2:] or sorted(module.name for module in pkgutil.iter_modules(families.__path__))
    outcomes = []
    for name in names:
        family = importlib.import_module(f"families.{name}").FAMILY
        if reason := why_not(family):
            print(f"{name}: skipped: {reason}")
        else:
            outcomes.append(judge(name, family, programs))
    if not outcomes:
        return SKIPPED
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
