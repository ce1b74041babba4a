# SPDX-License-Identifier: Apache-2.0
"""All that these tests assume of bansoko-lockdown: its settings, its list of approved files, its readiness and its events."""
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import time

import systems

SETTINGS = "/etc/bansoko/bansoko.yaml"
STATE = "/var/lib/bansoko"
SPOOL = "/spool/bansoko"  # a file system in memory, so that reading it raises no event of the one that is watched
PROGRAMS = "/opt/bansoko"
NOTIFY = "run/lockdown-ready"
DENIED = ("denied", "would_deny")
SUSPICIOUS = 2  # the scan's exit code for finds that an operator should look at
APPROVED = ("/usr", "/opt", "/helpers", "/victims", "/etc")
CODE_TREES = ("/usr/lib", "/usr/share", "/helpers", "/victims")
UPDATERS = ("/usr/bin/dpkg", "/usr/bin/apt-get", "/helpers/updater")
KERNEL_CLASSES = {"current": "current", "no_memfd_noexec": "current", "no_open_exec_perm": "no-open-exec-perm",
                  "mount_marks_only": "mount-marks-only"}
MEMORY_FILES_REFUSED = "2"  # vm.memfd_noexec, which belongs to the process namespace
_READY = 30.0


class Bansoko(systems.NoSystem):
    name = "bansoko"

    def __init__(self, mode="enforce", bin_dir="build/dev/bin", kernel_class="current"):
        super().__init__(mode)
        self._bin, self._kernel_class, self._read = pathlib.Path(bin_dir), kernel_class, {}

    def why_not(self):
        missing = [name for name in ("bansoko", "bansoko-lockdown") if not (self._bin / name).exists()]
        return f"{' and '.join(missing)} not in {self._bin}" if missing else ""

    def add_to(self, root):
        for name in ("bansoko", "bansoko-lockdown"):
            root.copy(self._bin / name, f"{PROGRAMS}/{name}")
            root.copy_libraries(self._bin / name)
        self.version = subprocess.run([self._bin / "bansoko", "--version"], capture_output=True, text=True).stdout.strip()
        for folder in (STATE, os.path.dirname(SETTINGS)):
            (root.folder / folder[1:]).mkdir(parents=True, exist_ok=True)
        (root.folder / SETTINGS[1:]).write_text(self._settings())

    def _settings(self):
        """Every file system is watched, as by default: all that can be seen from the namespace is the test's own."""
        lockdown = {"state_folder": STATE, "mode": self.mode, "confirm_within": "0 min", "updaters": list(UPDATERS),
                    "watch": {"kernel_class": KERNEL_CLASSES[self._kernel_class]}, "spool": {"directory": SPOOL}}
        return json.dumps({"lockdown": lockdown}, indent=1) + "\n"  # which is YAML

    def approve(self, place):
        (place.root / SPOOL[1:]).mkdir(parents=True, exist_ok=True)
        trees = [word for tree in CODE_TREES for word in ("--code-tree", tree)]
        words = [f"{PROGRAMS}/bansoko", "lockdown", "scan", *APPROVED, "--config", SETTINGS, "--approve", "--yes", "--with-suspicious", *trees]
        done = subprocess.run(place.command(words), capture_output=True, text=True, timeout=300)
        if done.returncode not in (0, SUSPICIOUS):
            raise RuntimeError(f"bansoko lockdown scan: {done.stderr.strip()}")

    def start(self, place):
        self._scratch = place
        if self.mode == "enforce" and self._kernel_class == "current" and os.path.exists("/proc/sys/vm/memfd_noexec"):
            subprocess.run(place.command(["/usr/bin/sh", "-c", f"echo {MEMORY_FILES_REFUSED} > /proc/sys/vm/memfd_noexec"]), check=True)
        path = place.root / NOTIFY
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready, open(place.root.parent / "bansoko.log", "ab") as log:
            ready.bind(str(path))
            ready.settimeout(0.2)
            words = [f"{PROGRAMS}/bansoko-lockdown", "--config", SETTINGS]
            self.process = subprocess.Popen(place.command(words), env={**os.environ, "NOTIFY_SOCKET": f"/{NOTIFY}"}, stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
            self._wait_for(ready, log.name)

    def _wait_for(self, ready, log):
        end = time.monotonic() + _READY
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(TimeoutError):
                if b"READY=1" in ready.recv(4096):
                    return
        raise RuntimeError(f"bansoko-lockdown did not become ready: {pathlib.Path(log).read_text(errors='replace')[-2000:]}")

    def denials(self):
        found = []
        for path in sorted((self._scratch.root / SPOOL[1:]).glob("*")):
            with open(path, errors="replace") as file:
                file.seek(self._read.get(path, 0))
                for line in file:
                    if not line.endswith("\n"):
                        break
                    self._read[path] = self._read.get(path, 0) + len(line.encode(errors="replace"))
                    told = json.loads(line).get("lockdown", {})
                    if told.get("decision") in DENIED:
                        found.append(" ".join(str(told.get(field, "")) for field in ("decision", "reason", "path", "program")))
        return found
