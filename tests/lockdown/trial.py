# SPDX-License-Identifier: Apache-2.0
"""Tries each way against one system, on a scratch file system: did unapproved code run, and was it told?"""
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import payloads
import root_folder
import scratch
import ways

_PATH = "/usr/bin:/usr/sbin:/bin:/sbin:/helpers"
_MOST_HUNG = 5  # one after the other: then no more is tried
_SETTLE = 0.3  # seconds in which what was begun leaves its mark, and an event is written


@dataclasses.dataclass
class Outcome:
    """`result` is ran, stopped, hung, died (the system, which nobody had ended) or not_applicable."""

    way: ways.Way
    result: str
    denials: list = dataclasses.field(default_factory=list)
    reason: str = ""
    seconds: float = 0.0


class Bench:
    """The image, made once, and a copy of it for each system."""

    def __init__(self, all_ways, tools=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bansoko-lockdown-"))
        self.ways = all_ways
        self.root = root_folder.RootFolder(self.folder / "content", tools)
        self.root.add_programs()
        payloads.add_approved(self.root)
        payloads.add_victims(self.root, all_ways)
        payloads.add_payload(self.root, all_ways)

    def image(self, system):
        """With the system's files. Those of a system before it stay, and do nothing."""
        system.add_to(self.root)
        image = self.folder / f"{system.name}.ext4"
        scratch.make_image(self.root.folder, image)
        return image

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Trial:
    def __init__(self, bench, system):
        self._bench, self._system = bench, system
        self._scratch = scratch.Scratch(bench.image(system), bench.folder / "root")
        self._held = []

    def run(self, on_outcome=lambda outcome: None, known=None):
        """`known` are the outcomes without any system: what did not work there is not tried."""
        outcomes = []
        try:
            self._system.approve(self._scratch)
            for way in self._bench.ways:
                self._begin(way)
            time.sleep(_SETTLE)
            self._system.start(self._scratch)
            for way in self._bench.ways:
                outcomes.append(self._try(way, known) if not self._is_stuck(outcomes) else Outcome(way, "hung", reason="not tried any more"))
                on_outcome(outcomes[-1])
        finally:
            self._system.stop()
            self._scratch.close()
        return outcomes

    @staticmethod
    def _is_stuck(outcomes):
        """Whether each of the last ways hung: the others would, and each takes its whole time."""
        last = outcomes[-_MOST_HUNG:]
        return len(last) == _MOST_HUNG and all(outcome.result == "hung" for outcome in last)

    def _start(self, way, text):
        user = root_folder.USER if way.privilege == "user" else None
        text = re.sub(r"/payload\b(?!\.)", f"/payload/{way.name}", text)
        pids = [scratch.inner(pid) for pid in self._system.pids()]
        there = {"T": f"/try/{way.name}", "V": f"/victims/{way.name}", "PATH": _PATH, "HOME": f"/try/{way.name}",
                 "DAEMON": " ".join(map(str, pids)), "ENGINE": str(scratch.inner(self._system.engine())), "PYTHONDONTWRITEBYTECODE": "1",
                 "LANG": "C", "TERM": "dumb"}
        with open(self._bench.folder / f"{way.name}.log", "wb") as log:
            return subprocess.Popen(self._scratch.command(["/usr/bin/bash", "-c", f'cd "$T"\n{text}'], user), stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=log, start_new_session=True, env=there)

    def _make_folder(self, way):
        folder = self._scratch.root / "try" / way.name
        if not folder.exists():
            folder.mkdir()
            if way.privilege == "user":
                os.chown(folder, root_folder.USER, root_folder.USER)

    def _begin(self, way):
        """What must have begun before the system starts."""
        if way.before and not way.why_not(self._bench.root.programs):
            self._make_folder(way)
            self._held.append(self._start(way, "exec " + way.before))

    def _keep(self):
        return {process.pid for process in [self._system.process, *self._held]}

    def _try(self, way, known):
        if reason := way.why_not(self._bench.root.programs):
            return Outcome(way, "not_applicable", reason=reason)
        if known and known[way.name].result != "ran":
            return Outcome(way, "not_applicable", reason=known[way.name].reason or "it does not work here without any system")
        self._make_folder(way)
        for mark in os.listdir(self._scratch.root / "marks"):
            (self._scratch.root / "marks" / mark).unlink()
        self._system.denials()
        begun = time.monotonic()
        hung = self._run_steps(way)
        ran = os.path.exists(self._scratch.root / "marks" / way.marker)
        seconds = time.monotonic() - begun
        left = self._scratch.clean(self._keep())
        hung = hung or (way.alive and not os.path.exists(self._scratch.root / "marks" / way.alive))
        died = not self._system.is_running() and "$DAEMON" not in way.steps and "$ENGINE" not in way.steps
        if hung or left or not self._system.is_running():
            self._restart()
        result = "died" if died else "hung" if hung or left else "ran" if ran else "stopped"
        reason = "" if ran else self._last_words(way)
        return Outcome(way, result, self._system.denials(), reason, seconds)

    def _run_steps(self, way):
        """Whether it hung: its time ran out and left no mark. What goes on in the background gets a moment."""
        process = self._start(way, way.steps)
        try:
            process.wait(way.timeout)
        except subprocess.TimeoutExpired:
            return not os.path.exists(self._scratch.root / "marks" / way.marker)
        end = time.monotonic() + _SETTLE
        while time.monotonic() < end and not os.path.exists(self._scratch.root / "marks" / way.marker):
            time.sleep(0.01)
        return False

    def _restart(self):
        self._system.stop()
        self._scratch.clean({process.pid for process in self._held})
        self._system.start(self._scratch)

    def _last_words(self, way):
        lines = (self._bench.folder / f"{way.name}.log").read_text(errors="replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return said[-1][:160] if said else ""
