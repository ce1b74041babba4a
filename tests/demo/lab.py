# SPDX-License-Identifier: Apache-2.0
"""Three network namespaces, client - gateway - server, and what runs in them."""
import contextlib
import ctypes
import os
import pathlib
import signal
import subprocess
import tempfile

CLIENT, GATEWAY, SERVER = "client", "gateway", "server"
SERVER_ADDRESS = "10.77.2.2"

# Somebody else's firewall, which must come out as it went in. It also has the kernel load connection
# tracking, so that its sysctls are there before and after.
OPERATORS_RULES = """
table inet operators_own {
  chain forward {
    type filter hook forward priority filter; policy accept;
    ct state invalid counter drop comment "not ours to touch"
  }
}
"""


PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>


class Failed(Exception):
    """The demonstration cannot go on."""


def why_no_namespaces() -> str:
    """Why network namespaces cannot be made here; empty: they can."""
    if os.geteuid() != 0:
        return "network namespaces need root, and this is not root"
    probe = f"bansoko-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True)
    if made.returncode != 0:
        return f"no network namespaces here: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", probe], check=True)
    return ""


class Lab:
    """Everything it makes is gone when it is left: processes, namespaces, files."""

    def __init__(self) -> None:
        self._names = {role: f"bansoko-{role}-{os.getpid()}" for role in (CLIENT, GATEWAY, SERVER)}
        self._made: list[str] = []
        self._processes: list[subprocess.Popen] = []

    def __enter__(self) -> "Lab":
        # Orphans of programs that we end come to us, whether or not process 1 here buries its dead.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._folder = tempfile.TemporaryDirectory(prefix="bansoko-demo-")
        self.folder = pathlib.Path(self._folder.name)
        self.folder.chmod(0o755)  # the servers give up root
        try:
            self._make_network()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        for process in reversed(self._processes):
            self.end(process)
        for name in self._made:
            # What a program of ours left running in a namespace of ours.
            left = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True)
            for pid in left.stdout.split():
                with contextlib.suppress(ProcessLookupError):  # it may end by itself meanwhile
                    os.kill(int(pid), signal.SIGKILL)
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        _bury_orphans()
        self._folder.cleanup()
        for number, handler in handlers.items():  # programs of a lab after this one would inherit what is ignored
            signal.signal(number, handler)

    def name(self, role: str) -> str:
        return self._names[role]

    def run(self, role: str, *command: str, seconds: float = 20, text: bool = True,
            stdin: str | None = None) -> subprocess.CompletedProcess:
        """Runs a command in a namespace to its end; its output is text (or bytes), both channels in one."""
        try:
            return subprocess.run(self._inside(role, command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=text, timeout=seconds, **_input(stdin))
        except subprocess.TimeoutExpired as late:
            raise Failed(f"{' '.join(command)}: no end after {seconds:.0f} s") from late

    def start(self, role: str, *command: str, **how) -> subprocess.Popen:
        """Starts what runs until end() or the end of the lab."""
        process = subprocess.Popen(self._inside(role, command), start_new_session=True,
                                   **({"stdin": subprocess.DEVNULL} | how))
        self._processes.append(process)
        return process

    @staticmethod
    def end(process: subprocess.Popen) -> int:
        """Ends a program and its children: kindly, then not."""
        for number, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                pass
            try:
                return process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        return process.wait()

    def firewall(self) -> str:
        """The gateway's whole firewall as text, without what counts by itself."""
        listed = self.run(GATEWAY, "nft", "--stateless", "list", "ruleset")
        if listed.returncode != 0:
            raise Failed(f"nft: {listed.stdout}")
        return listed.stdout

    def sysctls(self) -> dict[str, str]:
        """The gateway's network settings, without those that count by themselves."""
        listed = self.run(GATEWAY, "sysctl", "-a", "--pattern", "^net").stdout
        pairs = (line.split(" = ", 1) for line in listed.splitlines() if " = " in line)
        return {name: value for name, value in pairs if not name.endswith("conntrack_count")}

    def lost_in_queues(self) -> int:
        """Packets that the gateway's kernel threw away for want of room in a queue or its socket."""
        # <net/netfilter/nfnetlink_queue.c>: number, port, length, copy mode, copy range, dropped, dropped, …
        queues = self.run(GATEWAY, "cat", "/proc/net/netfilter/nfnetlink_queue").stdout.splitlines()
        return sum(int(queue.split()[5]) + int(queue.split()[6]) for queue in queues)

    def _inside(self, role: str, command: tuple[str, ...]) -> list[str]:
        return ["ip", "netns", "exec", self.name(role), *command]

    def _make_network(self) -> None:
        for role in (CLIENT, GATEWAY, SERVER):
            _must("ip", "netns", "add", self.name(role))
            self._made.append(self.name(role))
            _must("ip", "-n", self.name(role), "link", "set", "lo", "up")
        for role, near, far, network in ((CLIENT, "c0", "g0", "10.77.1"), (SERVER, "s0", "g1", "10.77.2")):
            host, gateway = self.name(role), self.name(GATEWAY)
            _must("ip", "link", "add", near, "netns", host, "type", "veth", "peer", "name", far, "netns", gateway)
            for where, end, address in ((host, near, f"{network}.2/24"), (gateway, far, f"{network}.1/24")):
                _must("ip", "-n", where, "addr", "add", address, "dev", end)
                _must("ip", "-n", where, "link", "set", end, "up")
            _must("ip", "-n", host, "route", "add", "default", "via", f"{network}.1")
        self.run(GATEWAY, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        if (rules := self.run(GATEWAY, "nft", "-f", "-", stdin=OPERATORS_RULES)).returncode != 0:
            raise Failed(f"nft: {rules.stdout}")


def _input(text: str | None) -> dict:
    return {"stdin": subprocess.DEVNULL} if text is None else {"input": text}


def _bury_orphans() -> None:
    try:
        while os.waitpid(-1, 0) != (0, 0):
            pass
    except ChildProcessError:
        pass


def _must(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip()}")
