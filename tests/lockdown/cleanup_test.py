#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing of a run is left on the host: no mount, no loop device, no process; whether it ends, fails or is killed.

usage: cleanup_test.py; exit code 77 where it cannot be tried
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import scratch

PROGRAM = pathlib.Path(__file__).resolve().parent / "run_bypass.py"
SOON = 10.0


def mounts_and_loops(folder):
    """Those on the host that lie in a folder of ours."""
    mounts = [line for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines() if folder in line]
    loops = subprocess.run(["losetup", "-n", "-l", "-O", "NAME,BACK-FILE"], capture_output=True, text=True).stdout.splitlines()
    return mounts + [line for line in loops if folder in line]


def processes(folder):
    """Those whose command line or environment names a folder of ours."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = pathlib.Path(f"/proc/{name}/environ").read_bytes() + pathlib.Path(f"/proc/{name}/cmdline").read_bytes()
        except OSError:
            continue
        if int(name) != os.getpid() and folder.encode() in text:
            found.append(int(name))
    return found


class LeavesNothing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bansoko-clean-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def start(self, *words):
        return subprocess.Popen([sys.executable, PROGRAM, *words], env={**os.environ, "TMPDIR": self.folder}, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True)

    def finish(self, *words):
        process = self.start(*words)
        process.communicate(timeout=120)
        return process.returncode

    def assert_clean(self):
        end = time.monotonic() + SOON
        while (processes(self.folder) or mounts_and_loops(self.folder)) and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(processes(self.folder), [])
        self.assertEqual(mounts_and_loops(self.folder), [])

    def test_after_mounts_and_loop_devices(self):
        self.assertEqual(self.finish("mount_*", "file_loop_device", "daemon_stopped"), 0)
        self.assert_clean()
        self.assertEqual(os.listdir(self.folder), [], "the folder with the image is gone")

    def test_after_a_failure(self):
        self.assertNotEqual(self.finish("--system", "bansoko", "--bin", self.programs_that_fail(), "mount_image"), 0)
        self.assert_clean()

    def programs_that_fail(self):
        folder = pathlib.Path(self.folder, "bin")
        folder.mkdir()
        for name in ("bansoko", "bansoko-lockdown"):
            (folder / name).write_text("#!/bin/sh\nexit 3\n")
            (folder / name).chmod(0o755)
        return str(folder)

    def test_after_it_was_killed(self):
        process = self.start("mount_*", "elf_sparse_8g", "race_*")
        end = time.monotonic() + 60
        while not mounts_and_loops(self.folder) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertNotEqual(mounts_and_loops(self.folder), [], "it was under way")
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)
        self.assert_clean()


if __name__ == "__main__":
    if reason := scratch.why_not():
        print(f"skipped: {reason}")
        sys.exit(scratch.SKIPPED)
    unittest.main()
