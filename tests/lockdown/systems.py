# SPDX-License-Identifier: Apache-2.0
"""What is tried: nothing at all, fapolicyd, or Bansoko. One small interface, so that each is judged alike.

A system adds its own files to the root folder, approves what lies in it, starts, tells what it has denied (or would have), and stops.
"""
import contextlib
import hashlib
import os
import pathlib
import signal
import subprocess
import tempfile
import time

import scratch

_READY = 30.0  # seconds until a system must be ready
_LOADER = "/lib64/ld-linux-x86-64.so.2"


class NoSystem:
    name = "none"
    version = ""
    rules = ""

    def __init__(self, mode="enforce"):
        self.mode, self.process, self._scratch = mode, None, None

    def why_not(self):
        """Why it cannot be tried here; empty when it can."""
        return ""

    def add_to(self, root):
        """Its own files, into the root folder. The last that is added before the image is made."""

    def approve(self, place):
        """All that lies in the root folder but the payload is approved."""

    def start(self, place):
        self._scratch = place
        self.process = subprocess.Popen(place.command(["/usr/bin/sleep", "infinity"]), start_new_session=True)
        while not self.pids():
            time.sleep(0.01)

    def pids(self):
        """Its processes, as seen from out here: without the one that led them in."""
        return scratch.family([self.process.pid])[1:] if self.is_running() else []

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def engine(self):
        """The process that answers the kernel, where the system has several."""
        pids = self.pids()
        return ([pid for pid in pids if self._answers(pid)] or pids or [0])[-1]

    @staticmethod
    def _answers(pid):
        with contextlib.suppress(OSError):
            return any("fanotify" in os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd"))
        return False

    def denials(self):
        """What was denied, or would have been in observe mode, since this was last asked: lines to show."""
        return []

    def stop(self):
        """Ends it by force: then nobody is kept waiting."""
        if self.process:
            for pid in scratch.family([self.process.pid]) if self.is_running() else ():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait(timeout=10)


class Fapolicyd(NoSystem):
    """Debian's fapolicyd as its README says, and stricter where that costs nothing: SHA-256 of each file, marks on file systems.

    It stays root: giving that up needs CAP_SYS_RESOURCE, which root has not everywhere.
    """

    name = "fapolicyd"
    SETS = {
        "known-libs": ("10-languages", "20-dracut", "21-updaters", "30-patterns", "40-bad-elf", "41-shared-obj", "42-trusted-elf",
                       "70-trusted-lang", "72-shell", "90-deny-execute", "95-allow-open"),
        "restrictive": ("10-languages", "20-dracut", "21-updaters", "30-patterns", "40-bad-elf", "41-shared-obj", "43-known-elf",
                        "71-known-python", "72-shell", "73-known-perl", "75-known-php", "77-known-lua", "90-deny-execute", "91-deny-lang",
                        "95-allow-open"),
    }
    SETTINGS = {"permissive": "0", "nice_val": "14", "q_size": "640", "uid": "0", "gid": "0", "do_stat_report": "0",
                "db_max_size": "50", "subj_cache_size": "1549", "obj_cache_size": "8191",
                "watch_fs": "ext2,ext3,ext4,tmpfs,xfs,vfat,iso9660,btrfs", "trust": "file", "integrity": "sha256",
                "syslog_format": "rule,dec,perm,auid,pid,exe,:,path,ftype,trust", "rpm_sha256_only": "0", "allow_filesystem_mark": "1"}

    def __init__(self, mode="enforce", rules="known-libs", unpacked="", debug=True):
        super().__init__(mode)
        self.rules, self._unpacked, self._debug = rules, unpacked, debug
        self._log = tempfile.NamedTemporaryFile(prefix="fapolicyd-", suffix=".log")
        self._seen = 0
        program = self._path("/usr/sbin/fapolicyd")
        if program.exists():
            listed = self._path("/usr/share/doc/fapolicyd/changelog.Debian.gz")
            self.version = self._version(listed)

    @staticmethod
    def _version(changes):
        done = subprocess.run(["zcat", str(changes)], capture_output=True, text=True)
        return done.stdout.split("(")[1].split(")")[0] if "(" in done.stdout else "?"

    def _path(self, path):
        return pathlib.Path(self._unpacked + path)

    def why_not(self):
        return "" if self._path("/usr/sbin/fapolicyd").exists() else "fapolicyd is not installed"

    def add_to(self, root):
        for path in ("/usr/sbin/fapolicyd", "/usr/share/fapolicyd/fapolicyd-magic.mgc"):
            root.copy(self._path(path), path)
        for path in ("/usr/lib/file/magic.mgc", "/usr/share/misc/magic.mgc", "/etc/magic", "/usr/share/misc/magic"):
            if os.path.isfile(path):
                root.copy(path)
        root.copy_libraries(self._path("/usr/sbin/fapolicyd"))
        for path in ("etc/fapolicyd/trust.d", "etc/fapolicyd/rules.d", "var/lib/fapolicyd", "run/fapolicyd"):
            (root.folder / path).mkdir(parents=True, exist_ok=True)
            os.chown(root.folder / path, 0, 0)
        for name, line in (("passwd", "fapolicyd:x:990:990::/:/usr/sbin/nologin\n"), ("group", "fapolicyd:x:990:\n")):
            with open(root.folder / "etc" / name, "a") as file:
                file.write(line)
        folder = root.folder / "etc/fapolicyd"
        settings = {**self.SETTINGS, "permissive": "0" if self.mode == "enforce" else "1"}
        (folder / "fapolicyd.conf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        sample = self._path("/usr/share/fapolicyd/sample-rules")
        rules = "".join((sample / f"{name}.rules").read_text() + "\n" for name in self.SETS[self.rules])
        # Debian's package leaves the loader's path out of a rule, without which the restrictive set starts nothing.
        (folder / "compiled.rules").write_text(rules.replace("path= ", f"path={os.path.realpath(_LOADER)} "))
        self._trust(root, folder / "fapolicyd.trust")

    @staticmethod
    def _trust(root, to):
        lines = []
        for path in root.approved_files():
            data = (root.folder / path[1:]).read_bytes()
            if " " not in path:
                lines.append(f"{path} {len(data)} {hashlib.sha256(data).hexdigest()}\n")
        to.write_text("".join(lines))

    def start(self, place):
        self._scratch = place
        (place.root / "run/fapolicyd").mkdir(exist_ok=True)
        words = ["/usr/sbin/fapolicyd", "--debug-deny" if self._debug else "--no-details", *(["--permissive"] if self.mode == "observe" else [])]
        log = open(self._log.name, "ab")
        self.process = subprocess.Popen(place.command(words), stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        self._wait_until_ready()

    def _wait_until_ready(self):
        end = time.monotonic() + _READY
        while time.monotonic() < end and self.process.poll() is None:
            if "Starting to listen" in self._new_text(consume=False):
                self._new_text()
                return
            time.sleep(0.05)
        raise RuntimeError(f"fapolicyd did not become ready:\n{self._new_text()[-2000:]}")

    def _new_text(self, consume=True):
        with open(self._log.name, errors="replace") as file:
            file.seek(self._seen)
            text = file.read()
            if consume:
                self._seen = file.tell()
            return text

    def denials(self):
        return [line for line in self._new_text().splitlines() if "dec=deny" in line]
