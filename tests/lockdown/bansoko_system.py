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

    def approve(self, scratch):
        (scratch.root / SPOOL[1:]).mkdir(parents=True, exist_ok=True)
        trees = [word for tree in CODE_TREES for word in ("--code-tree", tree)]
        words = [f"{PROGRAMS}/bansoko", "lockdown", "scan", "--config", SETTINGS, "--approve", "--yes", "--with-suspicious", *trees, *APPROVED]
        done = subprocess.run(scratch.command(words), capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"bansoko lockdown scan: {done.stderr.strip()}")

    def start(self, scratch):
        self._scratch = scratch
        if self.mode == "enforce" and self._kernel_class == "current" and os.path.exists("/proc/sys/vm/memfd_noexec"):
            pathlib.Path("/proc/sys/vm/memfd_noexec").write_text(MEMORY_FILES_REFUSED)
        path = scratch.root / NOTIFY
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready, open(scratch.root.parent / "bansoko.log", "ab") as log:
            ready.bind(str(path))
            ready.settimeout(0.2)
            words = [f"{PROGRAMS}/bansoko-lockdown", "--config", SETTINGS]
            self.process = subprocess.Popen(scratch.command(words), env={**os.environ, "NOTIFY_SOCKET": f"/{NOTIFY}"}, stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
            self._wait_for(ready, log.name)

    def _wait_for(self, ready, log):
        end = time.monotonic() + _READY
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(TimeoutError):
                if b"READY=1" in ready.recv(4096):
                    return
        raise RuntimeError(f"bansoko-lockdown did not become ready: {pathlib.Path(log).read_text(errors='replace')[-2000:]}")

    def pids(self):
        """The daemon and its watchdog, which may be a process of its own."""
        if not self.process:
            return []
        found = [self.process.pid]
        for name in os.listdir("/proc"):
            if name.isdigit() and self._parent(name) in found:
                found.append(int(name))
        return [pid for pid in found if pid != self.process.pid or self.process.poll() is None]

    @staticmethod
    def _parent(pid):
        try:
            with open(f"/proc/{pid}/stat") as file:
                return int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            return 0

    def denials(self):
        found = []
        for path in sorted((self._scratch.root / SPOOL[1:]).glob("*")):
            with open(path, errors="replace") as file:
                file.seek(self._read.get(path, 0))
                for line in file:
                    if not line.endswith("\n"):
                        break
                    self._read[path] = self._read.get(path, 0) + len(line.encode(errors="replace"))
                    event = json.loads(line)
                    if event.get("event_type") == "lockdown" and event["lockdown"]["decision"] in DENIED:
                        found.append(f"{event['lockdown']['decision']} {event['lockdown']['reason']} {event['lockdown']['path']}")
        return found
