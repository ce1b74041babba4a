#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many program starts, opens, writes, renames and package operations on a watched scratch file system; each has one right answer.

usage: soak.py [--system none|fapolicyd|bansoko] [--count N] [--workers N] [--seed N] [--json FILE]
Exit code 0: no wrong answer, nothing hung, no leak. 77: it cannot be tried here. With `none`, which lets everything start, it is
0 when all that is not approved was found to start: this shows that wrong answers are seen.
"""
import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import bansoko_system
import root_folder
import scratch
import systems

HERE = pathlib.Path(__file__).resolve().parent / "soak"
PROGRAMS = "bash sh true sleep cat env python3 sed mount umount".split()
HANGS_AFTER = 30.0  # seconds in which a worker gets nothing done
MOST_GROWTH = 8 << 20  # bytes, after the first tenth
MOST_DESCRIPTORS = 100  # more than after the first tenth, when all files that were made are gone
UNAPPROVED_WORK = {"other_program", "other_script", "other_library", "altered_in_place", "renamed_over", "updated_by_user"}
APPROVED, UNAPPROVED = 7, 42
HIDDEN = 0x5A  # as in worker.py


def make_content(folder):
    root = root_folder.RootFolder(folder)
    root.add_programs(PROGRAMS)
    for place, answer in (("helpers", APPROVED), ("payload", UNAPPROVED)):
        root.compile(HERE / "answer.c", f"{place}/answer", f"-DANSWER={answer}")
        root.compile(HERE / "answer_lib.c", f"{place}/answer.so", f"-DANSWER={answer}", "-shared", "-fPIC")
        script = root.folder / place / "answer.sh"
        script.write_text(f"#!/bin/sh\nexit {answer}\n")
        script.chmod(0o755)
    for name in ("answer", "answer.sh"):
        hidden = bytes(byte ^ HIDDEN for byte in (root.folder / "payload" / name).read_bytes())
        (root.folder / "payload" / f"{name}.bin").write_bytes(hidden)
    root.compile(HERE / "updater.c", "helpers/updater")
    shutil.copy(HERE / "worker.py", root.folder / "helpers/worker.py")
    return root


class Usage:
    """The descriptors and the resident memory of the system's processes."""

    def __init__(self, system):
        self.descriptors = self.memory = 0
        for pid in system.pids():
            try:
                self.descriptors += len(os.listdir(f"/proc/{pid}/fd"))
                with open(f"/proc/{pid}/statm") as file:
                    self.memory += int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
            except OSError:
                continue

    def data(self):
        return {"descriptors": self.descriptors, "resident_mib": round(self.memory / (1 << 20), 1)}


class WorkerProcess:
    def __init__(self, place, number, count, seed):
        folder = place.root / "try" / f"worker{number}"
        folder.mkdir()
        user = root_folder.USER if number % 2 == 0 else None  # the others are root's
        os.chown(folder, user or 0, user or 0)
        words = ["/usr/bin/python3", "/helpers/worker.py", f"/try/worker{number}", count, seed]
        self.done, self.counts, self.wrongs, self.examples = 0, {}, {}, []
        self.last = time.monotonic()
        self.process = subprocess.Popen(place.command(words, user), stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL,
                                        env={"PATH": "/usr/bin:/usr/sbin", "PYTHONDONTWRITEBYTECODE": "1"})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            self.last = time.monotonic()
            if "done" in said:
                self.done, self.counts, self.wrongs = said["done"], said["counts"], said["wrongs"]
            else:
                self.examples.append(said)

    def is_over(self):
        return self.process.poll() is not None and not self._reader.is_alive()

    def hangs(self):
        return not self.is_over() and time.monotonic() - self.last > HANGS_AFTER


class Soak:
    def __init__(self, given, system):
        self._given, self._system = given, system
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="bansoko-soak-"))
        self.hung, self.died, self.early, self.end = [], False, None, None

    def run(self):
        root = make_content(self._folder / "content")
        self._system.add_to(root)
        scratch.make_image(root.folder, self._folder / "image")
        place = scratch.Scratch(self._folder / "image", self._folder / "root")
        try:
            self._system.approve(place)
            self._system.start(place)
            begun = time.monotonic()
            workers = self._work(place)
            self.end, self.died = Usage(self._system), not self._system.is_running()
            return self._result(workers, time.monotonic() - begun)
        finally:
            self._system.stop()
            place.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _work(self, place):
        share = -(-self._given.count // self._given.workers)
        workers = [WorkerProcess(place, number, share, self._given.seed + number) for number in range(self._given.workers)]
        while not all(worker.is_over() for worker in workers) and not self.hung:
            time.sleep(0.1)
            done = sum(worker.done for worker in workers)
            if self.early is None and done * 10 >= self._given.count:
                self.early = Usage(self._system)
            self.hung = [number for number, worker in enumerate(workers) if worker.hangs()]
        return workers

    def _result(self, workers, seconds):
        counts, wrongs = collections.Counter(), collections.Counter()
        for worker in workers:
            counts.update(worker.counts)
            wrongs.update(worker.wrongs)
        early = self.early or self.end
        return {"system": self._system.name, "version": self._system.version, "seconds": round(seconds, 1), "work": dict(sorted(counts.items())),
                "wrong": dict(sorted(wrongs.items())), "examples": [one for worker in workers for one in worker.examples][:20],
                "done": sum(counts.values()), "hung_workers": self.hung, "daemon_died": self.died,
                "after_a_tenth": early.data(), "at_the_end": self.end.data(),
                "leaks": self.end.memory > early.memory + MOST_GROWTH or self.end.descriptors > early.descriptors + MOST_DESCRIPTORS}


def is_right(result, given):
    complete = result["done"] >= given.count and not result["hung_workers"] and not result["daemon_died"] and not result["leaks"]
    if result["system"] == "none":
        found = {name: result["work"][name] for name in UNAPPROVED_WORK if name in result["work"]}
        return complete and result["wrong"] == dict(sorted(found.items()))
    return complete and not result["wrong"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--system", choices=("none", "fapolicyd", "bansoko"), default="none")
    parser.add_argument("--count", type=int, default=100000, help="pieces of work")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bin", default="build/dev/bin", help="the folder of Bansoko's programs")
    parser.add_argument("--fapolicyd", default="", metavar="FOLDER", help="where fapolicyd's package was unpacked")
    parser.add_argument("--json", metavar="FILE")
    given = parser.parse_args()
    system = {"none": systems.NoSystem, "fapolicyd": lambda: systems.Fapolicyd(unpacked=given.fapolicyd),
              "bansoko": lambda: bansoko_system.Bansoko(bin_dir=given.bin)}[given.system]()
    if reason := scratch.why_not() or system.why_not():
        print(f"skipped: {reason}")
        return scratch.SKIPPED
    scratch.enter_namespaces()
    result = Soak(given, system).run()
    result["right"] = is_right(result, given)
    text = json.dumps(result, indent=1)
    print(text)
    if given.json:
        pathlib.Path(given.json).write_text(text + "\n")
    return 0 if result["right"] else 1


if __name__ == "__main__":
    sys.exit(main())
