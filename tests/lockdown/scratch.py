# SPDX-License-Identifier: Apache-2.0
"""A scratch file system of its own, in mount and process namespaces of its own, in which a root folder lives.

Nothing of it outlives the process that entered the namespaces: its mounts end with the namespace, and the loop device with its mount.
"""
import contextlib
import ctypes
import importlib.util
import os
import pathlib
import signal
import stat
import subprocess
import sys
import time

SKIPPED = 77
_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNS, _MNT_DETACH = 0x20000, 2
IMAGE_SIZE = 3 << 30
_NODES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0), "loop-control": (10, 237)}
_LOOPS = 64
_INSIDE = "BANSOKO_LOCKDOWN_INSIDE"


def why_not():
    """Why such a file system cannot be had here; None when it can."""
    if os.geteuid() != 0:
        return "a file system of its own needs root"
    if not os.path.exists("/dev/loop-control"):
        return "the kernel has no loop devices"
    if subprocess.run(["unshare", "-m", "-p", "-f", "--mount-proc", "true"], capture_output=True).returncode != 0:
        return "namespaces cannot be made here"
    if importlib.util.find_spec("yaml") is None:
        return "Python has no module yaml"
    for tool in ("mkfs.ext4", "cc", "ldd"):
        if not any(os.access(f"{folder}/{tool}", os.X_OK) for folder in [*os.environ["PATH"].split(":"), "/usr/sbin", "/sbin"]):
            return f"the program {tool} is missing"
    return None


def enter_namespaces():
    """Starts this program again as the first process of its own namespaces; in there, it returns."""
    if os.environ.get(_INSIDE) == "1":
        if os.getpid() != 1:
            sys.exit("this is not the first process of its namespace")
        return
    words = ["unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc", "--propagation", "private", sys.executable, *sys.argv]
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    os.execvpe(words[0], words, {**os.environ, _INSIDE: "1"})  # in our place: killing us then ends them


def make_image(folder, image):
    """An ext4 image that holds what the folder holds."""
    with open(image, "wb") as file:
        file.truncate(IMAGE_SIZE)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=1", "-d", str(folder), str(image)],
                   check=True)


def mounts(pid):
    with open(f"/proc/{pid}/mountinfo") as file:
        return [line.split()[4] for line in file]


def _loops_on(device):
    """The loop devices whose store lies on a file system."""
    listed = subprocess.run(["losetup", "-n", "-l", "-O", "NAME,BACK-MAJ:MIN"], capture_output=True, text=True).stdout
    wanted = f"{os.major(device)}:{os.minor(device)}"
    return [line.split()[0] for line in listed.splitlines() if line.split()[1:] == [wanted]]


def _unmount_in(pid, places):
    """Takes mounts away in the namespace of another process. No program is started for it: a hung system would hold that."""
    child = os.fork()
    if child == 0:
        namespace = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
        if _libc.setns(namespace, _CLONE_NEWNS) == 0:
            for place in places:
                _libc.umount2(place.encode(), _MNT_DETACH)
        os._exit(0)
    os.waitpid(child, 0)


def family(pids):
    """These processes and all that come of them."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
            parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def _program_of(pid):
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{pid}/exe")
    return ""


def inner(pid):
    """What a process is called by those who live within; None if it does not live there."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status") as file:
        names = next(line for line in file if line.startswith("NSpid:")).split()[1:]
        return int(names[-1]) if len(names) > 1 else None
    return None


class Scratch:
    """An image, mounted, and namespaces of mounts and of processes in which it is the root: a system under test that looks at the mounts
    of all processes sees none of the host's. (A process that was only led there by chroot could make no namespaces of users.)

    `root` is the root folder as seen from out here; `resident` is the process that keeps the namespaces.
    """

    def __init__(self, image, root):
        if os.environ.get(_INSIDE) != "1":
            raise RuntimeError("only within namespaces of its own")
        self.root = pathlib.Path(root)
        self.root.mkdir(exist_ok=True)
        outside = os.stat(self.root).st_dev
        self._run("mount", "-o", "loop", str(image), str(self.root))
        if os.stat(self.root).st_dev == outside:
            raise RuntimeError("the scratch file system is not mounted")
        for name in ("marks", "run", "spool"):
            self._run("mount", "-t", "tmpfs", "-o", "mode=1777", "scratch", str(self.root / name))
        self._add_devices()
        self._process, self.resident = self._move_in()
        self._mounts = mounts(self.resident)

    def _move_in(self):
        steps = f"cd {self.root} && mount -t proc proc proc && pivot_root . mnt && umount -l /mnt && exec /helpers/resident"
        process = subprocess.Popen(["unshare", "-m", "-p", "-f", "--kill-child", "--propagation", "private", "sh", "-c", steps],
                                   start_new_session=True, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while time.monotonic() < end and process.poll() is None:
            for pid in family([process.pid])[1:]:
                if _program_of(pid).endswith("/resident"):
                    self._refuse_host_mounts(pid)
                    return process, pid
            time.sleep(0.01)
        raise RuntimeError("the scratch file system did not become a root")

    @staticmethod
    def _run(*words):
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")

    @staticmethod
    def _refuse_host_mounts(pid):
        """A system that marks all that it sees must see nothing of the host's."""
        outside = os.stat("/").st_dev
        with open(f"/proc/{pid}/mountinfo") as file:
            if any(line.split()[2] == f"{os.major(outside)}:{os.minor(outside)}" for line in file):
                raise RuntimeError("the host's file system is within the scratch namespace")

    def _add_devices(self):
        folder = self.root / "dev"
        self._run("mount", "-t", "tmpfs", "-o", "mode=755,dev", "scratch", str(folder))
        for name, (major, minor) in _NODES.items():
            os.mknod(folder / name, 0o666 | stat.S_IFCHR, os.makedev(major, minor))
            os.chmod(folder / name, 0o666)
        for number in range(_LOOPS):
            os.mknod(folder / f"loop{number}", 0o660 | stat.S_IFBLK, os.makedev(7, number))
        for name, to in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("ptmx", "pts/ptmx")):
            (folder / name).symlink_to(to)
        for name in ("shm", "pts"):
            (folder / name).mkdir()
        self._run("mount", "-t", "tmpfs", "-o", "mode=1777", "scratch", str(folder / "shm"))
        self._run("mount", "-t", "devpts", "-o", "newinstance,ptmxmode=666", "devpts", str(folder / "pts"))

    def command(self, words, user=None):
        """The words of a command that lives in here."""
        who = ["-S", str(user), "-G", str(user)] if user else []
        return ["nsenter", "-t", str(self.resident), "-m", "-p", *who, *map(str, words)]

    def clean(self, keep):
        """Ends what lives in here but for these processes, and takes away what it has mounted. What would not end is returned."""
        left = self._end_processes({self._process.pid, self.resident, *family(keep)})
        added = [place for place in mounts(self.resident) if place not in self._mounts]
        if added:
            _unmount_in(self.resident, reversed(added))
        for loop in _loops_on(os.stat(self.root).st_dev):
            subprocess.run(["losetup", "-d", loop], capture_output=True)
        return left

    @staticmethod
    def _strangers(keep):
        """All processes of this namespace but us and those to keep. A process that has ended and was not waited for is none."""
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit() and int(name) not in {1, *keep}:
                with contextlib.suppress(OSError, IndexError):
                    with open(f"/proc/{name}/stat") as file:
                        if file.read().rpartition(")")[2].split()[0] not in "ZX":
                            found.append(int(name))
        return found

    def _end_processes(self, keep, limit=3.0):
        end = time.monotonic() + limit
        while (left := self._strangers(keep)) and time.monotonic() < end:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
        return left

    def close(self):
        self.clean(keep=())
        self._process.kill()
        self._process.wait(timeout=10)
        for place in reversed([place for place in mounts("self") if place.startswith(str(self.root))]):
            subprocess.run(["umount", "-l", place], capture_output=True)
