# SPDX-License-Identifier: Apache-2.0
"""A client and a server with the shield between them, in network namespaces of their own.

With BANSOKO_LIVE_HOST=small in the environment the shield has one core, 128 MiB and 300 rules beside those of the test.
"""
import contextlib
import ctypes
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "bench"))

import rules as bench_rules  # noqa: E402
from small_host import SmallHost  # noqa: E402

SOON = 5.0  # what is to come has come by then
NEVER = 1.0  # what has not come by then does not: two retransmissions fit in

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000

SMALL = os.environ.get("BANSOKO_LIVE_HOST") == "small"
SMALL_MEMORY = 128 << 20
SMALL_RULES = 300


def why_not():
    """Why live tests cannot run here; None when they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not os.path.exists("/proc/net/netfilter/nfnetlink_queue"):
        return "the kernel has no NFQUEUE"
    for tool in ("ip", "nft", "sysctl"):
        if shutil.which(tool) is None:
            return f"the program {tool} is missing"
    probe = f"live-{os.getpid()}-probe"
    if subprocess.run(["ip", "netns", "add", probe], capture_output=True).returncode != 0:
        return "network namespaces cannot be made here"
    subprocess.run(["ip", "netns", "del", probe], check=True)
    return None


def wait_for(what, limit=SOON):
    """What `what()` gives as soon as it is true; its last answer when the time is up."""
    end = time.monotonic() + limit
    while not (answer := what()) and time.monotonic() < end:
        time.sleep(0.01)
    return answer


@functools.cache
def _host_rules(bin_dir):
    """Rules such as a server has, none of which the tests' traffic matches."""
    return bench_rules.for_servers(os.path.join(bin_dir, "bansoko"), SMALL_RULES)[1]


class Lab:
    """Three namespaces; `middle` is where the shield stands: a router, a bridge, or the server itself."""

    programs = "build/bin"  # the folder of ours, where none is named

    def __init__(self, bin_dir=None, middle="gateway", prefix="live"):
        self.bin_dir, self.middle = bin_dir or Lab.programs, middle
        self.folder = tempfile.mkdtemp(prefix="bansoko-live-")
        self.client, self.gateway, self.server = (f"{prefix}-{os.getpid()}-{part}" for part in ("c", "g", "s"))
        self.place = self.server if middle == "host" else self.gateway
        self.closing = []
        try:
            self._build()
        except BaseException:
            self.close()
            raise

    def _build(self):
        for name in (self.client, self.gateway, self.server):
            self.run("ip", "netns", "add", name)
            self.run("ip", "-n", name, "link", "set", "lo", "up")
        for host, end, port in ((self.client, "c0", "g0"), (self.server, "s0", "g1")):
            self.run("ip", "link", "add", end, "netns", host, "type", "veth", "peer", "name", port, "netns", self.gateway)
            self.run("ip", "-n", host, "link", "set", end, "up")
            self.run("ip", "-n", self.gateway, "link", "set", port, "up")
        if self.middle == "bridge":
            self._build_bridge()
        else:
            self._build_router()

    def _build_bridge(self):
        self.run("ip", "-n", self.gateway, "link", "add", "br0", "type", "bridge")
        for port in ("g0", "g1"):
            self.run("ip", "-n", self.gateway, "link", "set", port, "master", "br0")
        self.run("ip", "-n", self.gateway, "link", "set", "br0", "up")
        self._address(self.client, "c0", "10.97.2.1/24", "fd97:2::1/64")
        self._address(self.server, "s0", "10.97.2.2/24", "fd97:2::2/64")

    def _build_router(self):
        self._address(self.client, "c0", "10.97.1.2/24", "fd97:1::2/64")
        self._address(self.gateway, "g0", "10.97.1.1/24", "fd97:1::1/64")
        self._address(self.gateway, "g1", "10.97.2.1/24", "fd97:2::1/64")
        self._address(self.server, "s0", "10.97.2.2/24", "fd97:2::2/64")
        for host, side in ((self.client, 1), (self.server, 2)):
            self.run("ip", "-n", host, "route", "add", "default", "via", f"10.97.{side}.1")
            self.run("ip", "-n", host, "route", "add", "default", "via", f"fd97:{side}::1")
        for switch in ("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"):
            self.run("ip", "netns", "exec", self.gateway, "sysctl", "-qw", switch)

    def _address(self, host, end, *addresses):
        for address in addresses:
            self.run("ip", "-n", host, "addr", "add", address, "dev", end, "nodad")

    @staticmethod
    def run(*words):
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    @contextlib.contextmanager
    def inside(self, name):
        """This thread's network is that of a namespace; sockets made meanwhile stay there."""
        with open("/proc/thread-self/ns/net") as before, open(f"/run/netns/{name}") as there:
            self._enter(there)
            try:
                yield
            finally:
                self._enter(before)

    @staticmethod
    def _enter(namespace):
        if _libc.setns(namespace.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")

    def address(self, ipv6=False):
        return "fd97:2::2" if ipv6 else "10.97.2.2"

    def open(self, name, ipv6=False, kind=socket.SOCK_STREAM, protocol=0):
        with self.inside(name):
            made = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET, kind, protocol)
        self.closing.append(made.close)
        return made

    def connect(self, port, ipv6=False, kind=socket.SOCK_STREAM, wait=SOON):
        """A client's connected socket; None when the server did not answer in time."""
        made = self.open(self.client, ipv6, kind)
        made.settimeout(wait)
        try:
            made.connect((self.address(ipv6), port))
        except OSError:
            made.close()
            return None
        return made

    def ruleset(self):
        return self.run("ip", "netns", "exec", self.place, "nft", "list", "ruleset")

    def sysctls(self):
        every = self.run("ip", "netns", "exec", self.place, "sysctl", "-a").splitlines()
        return [line for line in every if "bridge" in line or "forward" in line]

    def close(self):
        for end in reversed(self.closing):
            end()
        for name in (self.client, self.gateway, self.server):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class Echo:
    """A server that keeps what came and sends it back, over TCP or UDP."""

    def __init__(self, lab, port, ipv6=False, kind=socket.SOCK_STREAM):
        self.heard = b""
        self.connections = 0
        self.socket = lab.open(lab.server, ipv6, kind)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("", port))
        if kind == socket.SOCK_STREAM:
            self.socket.listen(128)
        threading.Thread(target=self._accept if kind == socket.SOCK_STREAM else self._datagrams, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.socket.accept()
                self.connections += 1
                threading.Thread(target=self._stream, args=(peer,), daemon=True).start()

    def _stream(self, peer):
        with contextlib.suppress(OSError), peer:
            while data := peer.recv(65536):
                self.heard += data
                peer.sendall(data)

    def _datagrams(self):
        with contextlib.suppress(OSError):
            while True:
                data, peer = self.socket.recvfrom(65536)
                self.heard += data
                self.socket.sendto(data, peer)


class Shield:
    """bansoko-shield in the middle of a lab. `more` are lines of the shield's section of its settings."""

    def __init__(self, lab, rules, mode="enforce", workers=1, capture=(), on_failure=(), more=(),
                 watchdog=None, options=()):
        self.lab = lab
        self.rules = os.path.join(lab.folder, "live.rules")
        self.config = os.path.join(lab.folder, "bansoko.yaml")
        self.spool = os.path.join(lab.folder, "spool")
        self.write_rules(rules)
        files = [self.rules, self._host_rules()] if SMALL else [self.rules]
        lines = ["shield:", f"  mode: {mode}", f"  rule_files: {files}", f"  workers: {workers}",
                 f"  control_socket: {lab.folder}/shield.sock",
                 "  spool:", f"    directory: {self.spool}", "  evidence:", f"    directory: {lab.folder}/evidence",
                 "  capture:", f"    place: {lab.middle}"]
        lines += [f"    {line}" for line in capture]
        lines += ["  on_failure:"] + [f"    {line}" for line in on_failure] if on_failure else []
        lines += [f"  {line}" for line in more]
        with open(self.config, "w") as file:
            file.write("\n".join(lines) + "\n")
        self._start(watchdog, options)

    def _start(self, watchdog, options):
        self.notified = []
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(os.path.join(self.lab.folder, "notify"))
        threading.Thread(target=self._listen, daemon=True).start()
        environment = dict(os.environ, NOTIFY_SOCKET=self.notify.getsockname())
        if watchdog is not None:
            environment["WATCHDOG_USEC"] = str(int(watchdog * 1e6))
        self.log = open(os.path.join(self.lab.folder, "log"), "w+")
        words = ["ip", "netns", "exec", self.lab.place, os.path.join(self.lab.bin_dir, "bansoko-shield"), "--config", self.config, *options]
        if SMALL:
            host = SmallHost(SMALL_MEMORY)
            self.lab.closing.append(host.close)
            words = host.start(words)
        self.process = subprocess.Popen(words, stderr=self.log, env=environment)
        self.lab.closing.append(self.close)
        wait_for(lambda: "READY=1" in self.words() or self.process.poll() is not None, 60)
        if "READY=1" not in self.words():
            raise RuntimeError("bansoko-shield did not start:\n" + self.said())

    def _host_rules(self):
        path = os.path.join(self.lab.folder, "host.rules")
        bench_rules.write(path, _host_rules(self.lab.bin_dir))
        return path

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                self.notified.append((time.monotonic(), self.notify.recv(4096).decode()))

    def words(self):
        """What systemd would have been told."""
        return [word for _, word in self.notified]

    def said(self):
        with open(self.log.name) as file:
            return file.read()

    def write_rules(self, rules):
        bench_rules.write(self.rules, rules)

    def signal(self, number):
        self.process.send_signal(number)

    def freeze(self):
        """Stops every thread of it, until SIGCONT."""
        self.signal(signal.SIGSTOP)
        task = f"/proc/{self.process.pid}/task"
        wait_for(lambda: all(self._state(f"{task}/{tid}/stat") == "T" for tid in os.listdir(task)))

    @staticmethod
    def _state(stat):
        with open(stat) as file:
            return file.read().rpartition(")")[2].split()[0]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Asks it to end; its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=30)

    def command(self, *words):
        """`bansoko shield …` as an operator types it: exit code and what it printed."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.lab.place, os.path.join(self.lab.bin_dir, "bansoko"), "shield", *words, "--config", self.config],
            capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def memory(self):
        """Bytes that the engine holds."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    def status(self):
        _, text = self.command("status", "--json")
        return json.loads(text)

    def count(self, *names):
        """One number of the status, 0 where it does not say it."""
        value = self.status()
        for name in names:
            value = value.get(name, {})
        return value or 0

    def events(self, kind="alert"):
        found = []
        for name in sorted(os.listdir(self.spool)) if os.path.isdir(self.spool) else []:
            with open(os.path.join(self.spool, name), errors="replace") as file:
                for line in file:
                    with contextlib.suppress(ValueError):
                        event = json.loads(line)
                        if event.get("event_type") == kind:
                            found.append(event)
        return found

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.kill()
        self.notify.close()
        self.log.close()


def run_tests():
    """Those of the program that calls: its first argument may be the folder of our programs, the others name tests."""
    arguments = sys.argv[1:]
    if arguments and os.path.isdir(arguments[0]):
        Lab.programs = os.path.abspath(arguments.pop(0))
    reason = why_not()
    if reason is not None:
        print(f"skipped: {reason}")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], "-v", *arguments])
