#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bansoko lockdown scan as an operator runs it: lockdown_scan_test.py FOLDER-OF-PROGRAMS [unittest arguments]."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lockdown"))
import make_clamav_bundle  # noqa: E402

PROGRAMS = ""
SCRIPT = b"#!/bin/sh\necho hello\n"
# Assembled here, so that no scanner takes this file for what it is about.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OLD = 1_000_000_000


class Scan(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="bansoko-scan-")
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        self.root = os.path.join(self.folder, "root")
        os.mkdir(self.root)
        self.state = os.path.join(self.folder, "state")
        self.config = os.path.join(self.folder, "bansoko.yaml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"lockdown:\n  state_folder: {self.state}\n  control_socket: {self.folder}/control.sock\n"
                       f"  code_trees: [/srv/listed]\n  spool:\n    directory: {self.folder}/spool\n")

    def put(self, path, content=SCRIPT, mode=0o755):
        whole = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "wb") as file:
            file.write(content)
        os.chmod(whole, mode)
        os.utime(whole, (OLD, OLD))
        return whole

    def package(self, files):
        """A system of dpkg with one package; files: path and content as packaged."""
        self.put("var/lib/dpkg/status", b"Package: tool\nStatus: install ok installed\nArchitecture: all\nVersion: 1.0\n", 0o644)
        self.put("var/lib/dpkg/info/tool.list", "".join(f"/{path}\n" for path in files).encode(), 0o644)
        sums = "".join(f"{hashlib.md5(content).hexdigest()}  {path}\n" for path, content in files.items())
        self.put("var/lib/dpkg/info/tool.md5sums", sums.encode(), 0o644)

    def command(self, *words, root=True):
        where = ["--root", self.root] if root else []
        return [os.path.join(PROGRAMS, "bansoko"), "lockdown", "scan", *words, *where, "--config", self.config]

    def scan(self, *words, code=0, root=True):
        done = subprocess.run(self.command(*words, root=root), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def files(self, *words, code=0):
        lines = [json.loads(line) for line in self.scan(*words, "--format", "json", code=code).splitlines() if line.startswith("{")]
        self.assertEqual((lines[0]["type"], lines[-1]["type"]), ("scan", "end"))
        return {line["path"]: line for line in lines if line["type"] == "file"}

    def state_files(self):
        return sorted(os.listdir(os.path.join(self.state, "scan")))

    # What a change of the clock would show cannot be made: everything here is recent unless packaged.
    def test_finds_packages_and_what_is_altered(self):
        os.symlink("usr/bin", os.path.join(self.root, "bin"))
        self.put("usr/bin/good")
        self.put("usr/bin/bad", SCRIPT + b"# added\n")
        self.put("usr/bin/extra")
        self.put("usr/bin/.hidden")
        self.put("usr/bin/su", mode=0o4755)
        self.package({"bin/good": SCRIPT, "usr/bin/bad": SCRIPT})
        files = self.files("--recent", "0h", code=2)
        self.assertEqual(files["/usr/bin/good"]["match"], "weak")
        self.assertEqual(files["/usr/bin/good"]["package"], "tool 1.0")
        self.assertEqual(files["/usr/bin/good"]["suspicions"], [])
        self.assertEqual(files["/usr/bin/good"]["sha256"], hashlib.sha256(SCRIPT).hexdigest())
        self.assertIn("altered", files["/usr/bin/bad"]["suspicions"])
        self.assertIn("unpackaged", files["/usr/bin/extra"]["suspicions"])
        self.assertIn("hidden", files["/usr/bin/.hidden"]["suspicions"])
        self.assertIn("setuid", files["/usr/bin/su"]["suspicions"])
        self.assertEqual(len(files), 5)

    def test_shows_suspicious_finds_in_japanese(self):
        self.put("usr/bin/extra")
        text = self.scan("--lang", "ja", code=2)
        self.assertIn("どのパッケージにも属さない (1):\n  /usr/bin/extra", text)
        self.assertIn("--approve", text)

    def test_approves_what_is_not_suspicious(self):
        self.put("usr/bin/good")
        self.put("usr/bin/extra", SCRIPT + b"# x\n")
        self.package({"usr/bin/good": SCRIPT})
        self.assertIn("nothing was changed; with --yes it is", self.scan("--approve", code=1))
        self.scan("--approve", "--yes")
        self.assertEqual(len(os.listdir(os.path.join(self.state, "list"))), 1)
        text = self.scan("--last", "--approve", "--yes")
        self.assertIn("1 files are approved; left out: 1 suspicious, 0 with malware\ngeneration 2: 1 entries\n", text)
        text = self.scan("--last", "--approve", "--yes", "--with", "/usr/bin/extra")
        self.assertIn("2 files are approved", text)
        text = self.scan("--last", "--approve", "--yes", "--anew")
        self.assertIn("generation 4: 1 entries\n", text)
        self.assertIn("nothing that was found is there", self.scan("--last", "--approve", "--yes", "--with", "/none", code=1))

    def test_last_needs_a_scan_before(self):
        self.assertIn("no scan was made before", self.scan("--last", code=1))

    def test_names_what_it_could_not_look_at(self):
        self.put("opt/x")
        text = self.scan(self.root + "/opt", "/proc/self", code=2, root=False)
        self.assertIn("(1):\n  /proc/", text)
        self.assertIn("not looked at", text)

    def test_code_outside_the_trees_is_told(self):
        self.put("srv/app/a.py", b"print()\n", 0o644)
        self.assertIn("/srv/app: 1 files", self.scan())
        self.assertEqual(list(self.files("--code-tree", "/srv/app", code=2)), ["/srv/app/a.py"])
        self.put("srv/listed/b.py", b"print()\n", 0o644)
        self.assertEqual(list(self.files(code=2)), ["/srv/listed/b.py"])

    def test_goes_on_after_kill_and_does_not_read_again(self):
        for i in range(400):
            self.put(f"opt/{i}", SCRIPT + str(i).encode() * 20_000)
        time.sleep(2.1)  # what changed just now is not remembered
        process = subprocess.Popen(self.command("--gentle"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        journal = os.path.join(self.state, "scan", "journal")
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            if os.path.exists(journal) and os.path.getsize(journal) > 0:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        head = json.loads(self.scan("--format", "json", code=2).splitlines()[0])
        self.assertEqual(head["executable"], 400)
        self.assertGreater(head["files_unchanged"], 0)
        self.assertLess(head["files_read"], 400)
        head = json.loads(self.scan("--format", "json", code=2).splitlines()[0])
        self.assertEqual((head["files_read"], head["files_unchanged"]), (0, 400))

    def test_one_scan_at_a_time(self):
        import fcntl
        self.put("opt/x")
        self.scan(code=2)
        with open(os.path.join(self.state, "scan", "journal"), "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.assertIn("another scan is at work", self.scan(code=1))

    def test_wrong_words_are_refused(self):
        self.assertIn("7x", self.scan("--recent", "7x", code=1))
        self.assertIn("none", self.scan("/none", code=1))
        self.assertIn("--yes", self.scan("--yes", code=107))

    # The scanner itself. Skipped where Debian's clamav is not installed.
    def bundle(self, name="bundle.tar"):
        path = os.path.join(self.folder, name)
        if not make_clamav_bundle.make(path):
            self.skipTest("there is no clamscan on this host")
        return path

    def test_malware_is_kept_out_and_the_engine_is_gone(self):
        self.put("opt/good")
        self.put("opt/bad", SCRIPT + make_clamav_bundle.MARKER + b"\n")
        self.put("opt/also\nbad", SCRIPT + make_clamav_bundle.MARKER + b"\n")
        for name in ("bundle.tar", "bundle.tar.gz", "bundle.zip", "folder"):
            files = self.files("--malware-scan", self.bundle(name), code=2)
            self.assertIn("Bansoko.Test.Marker", files["/opt/bad"]["malware"], name)
            self.assertIn("malware", files["/opt/also\\x0abad"]["suspicions"], name)
            self.assertNotIn("malware", files["/opt/good"], name)
            self.assertEqual(self.state_files(), ["journal", "result.jsonl"])
        text = self.scan("--last", "--approve", "--yes", "--with-suspicious")
        self.assertIn("1 files are approved", text)
        self.assertIn("2 with malware", text)

    def test_eicar_is_found_by_its_digest(self):
        folder = self.bundle("folder")
        with open(os.path.join(folder, "eicar.hdb"), "w", encoding="ascii") as file:
            file.write(f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Eicar.Test\n")
        self.put("opt/eicar.com", EICAR)
        self.assertIn("Eicar.Test", self.files("--malware-scan", folder, code=2)["/opt/eicar.com"]["malware"])

    def test_engine_of_a_killed_scan_is_removed_by_the_next(self):
        bundle = self.bundle()
        for i in range(300):
            self.put(f"opt/{i}", SCRIPT + os.urandom(60_000).hex().encode())
        process = subprocess.Popen(self.command("--malware-scan", bundle), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        scan_folder = os.path.join(self.state, "scan")
        until = time.monotonic() + 60
        scanner = None
        while process.poll() is None and time.monotonic() < until and scanner is None:
            scanner = self.scanner_of(process.pid)
            time.sleep(0.005)
        self.assertIsNotNone(scanner, "the scan ended before it could be killed")
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = [name for name in os.listdir(scan_folder) if name.startswith("malware-")]
        self.assertEqual(len(left), 1)
        self.assertEqual(os.stat(os.path.join(scan_folder, left[0])).st_mode & 0o777, 0o700)
        until = time.monotonic() + 10
        while os.path.exists(f"/proc/{scanner}") and time.monotonic() < until:
            time.sleep(0.01)
        self.assertFalse(os.path.exists(f"/proc/{scanner}"), "the scanner outlived the scan")
        self.assertIn("removed what a scan that was killed left behind", self.scan(code=2))
        self.assertEqual(self.state_files(), ["journal", "result.jsonl"])

    @staticmethod
    def scanner_of(pid):
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
                children = file.read().split()
            with open(f"/proc/{children[0]}/cmdline", "rb") as file:
                return int(children[0]) if b"--file-list" in file.read() else None
        except (OSError, IndexError):
            return None

    def test_bundle_that_is_none_approves_nothing(self):
        self.put("opt/x")
        folder = os.path.join(self.folder, "bundle")
        os.mkdir(folder)
        self.assertIn("there is no clamscan in it", self.scan("--malware-scan", folder, "--approve", "--yes", code=1))
        shutil.copy("/bin/false", os.path.join(folder, "clamscan"))
        with open(os.path.join(folder, "x.ndb"), "w", encoding="ascii") as file:
            file.write(make_clamav_bundle.SIGNATURE)
        self.assertIn("the malware scanner ended with 1", self.scan("--malware-scan", folder, "--approve", "--yes", code=1))
        self.assertFalse(os.path.exists(os.path.join(self.state, "list")))
        self.assertEqual(self.state_files(), ["journal"])


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main()
