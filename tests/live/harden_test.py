# SPDX-License-Identifier: Apache-2.0
"""bansoko lockdown harden against a real systemd, as process 1 of namespaces of its own.

Its root is an overlay over the host's, so nothing of the host is changed; its cgroups are a tree of its own.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BANSOKO = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "bansoko"
SYSTEMD = "/lib/systemd/systemd"
PYTHON = "/usr/bin/python3"
SKIPPED = 77

# Mounts that the host has below /dev are left out: the service manager would look after them.
LAB = r"""
set -e
mount --make-rprivate /
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay none -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
mount -t proc none proc
mount -t sysfs none sys
mount -t cgroup2 none sys/fs/cgroup
mount -t tmpfs none dev
mkdir dev/shm
for device in null zero full random urandom; do touch dev/$device; mount --bind /dev/$device dev/$device; done
mount -t tmpfs none run
rm -rf etc/systemd/system var/lib/bansoko
mkdir -p etc/systemd/system
printf '[Unit]\nDefaultDependencies=no\n' > etc/systemd/system/lab.target
cp "$2"/*.service etc/systemd/system/
cp "$2"/victim.py run/
ip link set lo up
exec env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd --system --unit=lab.target
"""

# A service that tries, when it is asked, what somebody who took it over would try.
VICTIM = r'''
import ctypes, http.server, mmap, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)

def call(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def chmod():
    with open("/run/backdoor", "w"):
        os.chmod("/run/backdoor", 0o4755)

def tunable():
    with open("/proc/sys/kernel/domainname") as file:
        name = file.read()
    with open("/proc/sys/kernel/domainname", "w") as file:
        file.write(name)

ATTACKS = {
    "code": lambda: mmap.mmap(-1, 4096, prot=7).close(),
    "memfd": lambda: os.close(os.memfd_create("x")),
    "packet": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
    "namespace": lambda: call(272, 0x04000000),  # unshare(CLONE_NEWUTS)
    "setuid": chmod,
    "tunable": tunable,
    "ptrace": lambda: call(101, 0, 0, 0, 0),  # ptrace(PTRACE_TRACEME)
    "realtime": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
}

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.strip("/")
        said = "ok"
        if name in ATTACKS:
            child = os.fork()
            if child == 0:
                try:
                    ATTACKS[name]()
                except OSError as error:
                    os._exit(error.errno)
                os._exit(0)
            said = str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_):
        pass

if "compiles" in sys.argv:  # needs such memory, and has it for a moment only
    mmap.mmap(-1, 4096, prot=7).close()
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
'''

UNIT = """[Unit]
DefaultDependencies=no
[Service]
PrivateTmp=yes
ExecStart={python} /run/victim.py {arguments}
"""


def why_not():
    """Why this cannot run here; None when it can."""
    if os.geteuid() != 0:
        return "namespaces need root"
    if not os.path.exists(SYSTEMD):
        return "there is no systemd"
    for tool in ("unshare", "nsenter", "chroot", "ip", "systemctl"):
        if shutil.which(tool) is None:
            return f"the program {tool} is missing"
    if subprocess.run(["unshare", "-mpfuiCn", "true"], capture_output=True, check=False).returncode != 0:
        return "namespaces cannot be made here"
    return None


class Lab:
    """A systemd, and a way to run programs beside it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="bansoko-harden-")
        units = os.path.join(self.folder, "units")
        os.mkdir(units)
        os.mkdir(os.path.join(self.folder, "lab"))
        with open(os.path.join(units, "victim.py"), "w", encoding="utf-8") as file:
            file.write(VICTIM)
        for name, arguments in (("victim", "8098"), ("compiler", "8097 compiles")):
            with open(os.path.join(units, name + ".service"), "w", encoding="utf-8") as file:
                file.write(UNIT.format(python=PYTHON, arguments=arguments))
        self.outer = subprocess.Popen(
            ["unshare", "-mpfuiCn", "--kill-child", "bash", "-c", LAB, "lab", os.path.join(self.folder, "lab"), units],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.first = None

    def up(self):
        end = time.monotonic() + 30
        while time.monotonic() < end and self.outer.poll() is None:
            children = subprocess.run(["ps", "--ppid", str(self.outer.pid), "-o", "pid="], capture_output=True,
                                      text=True, check=False).stdout.split()
            if children:
                self.first = children[0]
                if self.run("systemctl", "is-active", "lab.target").stdout.strip() == "active":
                    return True
            time.sleep(0.2)
        return False

    def inside(self, *arguments):
        return ["nsenter", "-t", self.first, "-m", "-p", "-u", "-i", "-C", "-n", "-r", "-w", *arguments]

    def run(self, *arguments):
        return subprocess.run(self.inside(*arguments), capture_output=True, text=True, timeout=120, check=False)

    def harden(self, *arguments):
        return self.run(BANSOKO, "lockdown", "harden", *arguments)

    def get(self, port, path):
        return self.run(PYTHON, "-c",
                        "import sys, urllib.request; "
                        f"print(urllib.request.urlopen('http://127.0.0.1:{port}/{path}').read().decode())").stdout.strip()

    def down(self):
        self.outer.kill()
        self.outer.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)


ATTACKS = ("code", "memfd", "packet", "namespace", "setuid", "tunable", "ptrace", "realtime")
DROP_IN = "/etc/systemd/system/{}.service.d/50-bansoko.conf"


class Harden(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.down)
        if not self.lab.up():
            self.lab.outer.kill()
            self.skipTest(f"systemd does not come up in namespaces here: {self.lab.outer.stderr.read().decode()}")
        for service in ("victim", "compiler"):
            self.lab.run("systemctl", "start", service)
        for port in ("8098", "8097"):
            self.wait_for(lambda port=port: self.lab.get(port, "") == "ok")

    def wait_for(self, what):
        end = time.monotonic() + 20
        while not what():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.2)

    def expect(self, code, *arguments):
        done = self.lab.harden(*arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def test_what_is_taken_from_a_service_is_refused_and_comes_back(self):
        works = [name for name in ATTACKS if self.lab.get(8098, name) == "0"]
        self.assertIn("code", works)
        self.assertIn("memfd", works)
        self.expect(0, "victim", "--learn", "3", "--restart")
        self.assertIn("with a start", self.expect(0, "victim", "--status"))
        learned = self.lab.run("cat", "/var/lib/bansoko/harden/victim.service.learned").stdout.split()
        self.assertIn("listen", learned)
        self.assertNotIn("mount", learned)  # systemd's, for PrivateTmp=
        self.expect(0, "victim", "--apply", "--restart", "--check", "http://127.0.0.1:8098/")
        self.assertEqual([name for name in ATTACKS if self.lab.get(8098, name) == "0"], [])
        self.assertIn("a filter is in force", self.expect(0, "--status"))
        verified = self.lab.run("systemd-analyze", "verify", "/etc/systemd/system/victim.service")
        self.assertNotIn("50-bansoko", verified.stderr)
        self.expect(0, "victim", "--withdraw", "--restart")
        self.wait_for(lambda: self.lab.get(8098, "") == "ok")
        self.assertEqual([name for name in ATTACKS if self.lab.get(8098, name) == "0"], works)
        self.assertEqual(self.lab.run("test", "-e", DROP_IN.format("victim") + ".old").returncode, 0)

    def test_strict_filter_of_what_was_heard(self):
        listening = subprocess.Popen(self.lab.inside(BANSOKO, "lockdown", "harden", "victim", "--learn", "6", "--restart"),
                                     stdout=subprocess.DEVNULL)
        for _ in range(20):
            self.lab.get(8098, "")
        self.assertEqual(listening.wait(60), 0)
        self.expect(0, "victim", "--apply", "--restart", "--strict", "--check", "http://127.0.0.1:8098/")
        self.assertEqual(self.lab.get(8098, ""), "ok")
        self.assertIn("SystemCallFilter=accept4", self.lab.run("cat", DROP_IN.format("victim")).stdout)

    def test_a_service_that_does_not_bear_it_runs_as_before(self):
        self.expect(3, "compiler", "--apply", "--restart", "--check", "tcp:127.0.0.1:8097")
        self.assertEqual(self.lab.get(8097, ""), "ok")
        self.assertNotEqual(self.lab.run("test", "-e", DROP_IN.format("compiler")).returncode, 0)
        self.expect(0, "compiler", "--learn", "3", "--restart")
        self.assertIn("left out  MemoryDenyWriteExecute", self.expect(0, "compiler", "--plan"))
        self.expect(0, "compiler", "--apply", "--restart", "--check", "tcp:127.0.0.1:8097")
        self.assertEqual(self.lab.get(8097, "memfd"), "1")

    def test_killed_in_the_middle(self):
        script = "/run/slow.sh"  # takes long only after the restart
        self.lab.run("sh", "-c", f"printf '#!/bin/sh\\ntest -e {DROP_IN.format('victim')} && sleep 9\\nexit 0\\n' > {script}; "
                                 f"chmod +x {script}")
        applying = subprocess.Popen(self.lab.inside(BANSOKO, "lockdown", "harden", "victim", "--apply", "--restart",
                                                    "--check", script), stdout=subprocess.PIPE, text=True)
        while "restarting" not in applying.stdout.readline():
            pass
        children = subprocess.run(["ps", "--ppid", str(applying.pid), "-o", "pid="], capture_output=True, text=True,
                                  check=False).stdout.split()
        for pid in [*children, str(applying.pid)]:
            os.kill(int(pid), signal.SIGKILL)
        applying.communicate()
        self.assertIn("was not ended", self.expect(0, "victim", "--status"))
        self.assertIn("an earlier call did not end", self.expect(0, "victim", "--withdraw", "--restart"))
        self.wait_for(lambda: self.lab.get(8098, "memfd") == "0")
        self.assertNotIn("was not ended", self.expect(0, "victim", "--status"))

    def test_anothers_drop_in_stays(self):
        self.lab.run("sh", "-c", f"mkdir -p $(dirname {DROP_IN.format('victim')}); "
                                 f"printf '[Service]\\nNice=5\\n' > {DROP_IN.format('victim')}")
        self.expect(1, "victim", "--apply", "--restart")
        self.expect(1, "victim", "--withdraw")
        self.assertEqual(self.lab.run("cat", DROP_IN.format("victim")).stdout, "[Service]\nNice=5\n")


if __name__ == "__main__":
    if (reason := why_not()) is not None:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
