# SPDX-License-Identifier: Apache-2.0
"""A host with one core and little memory: what a program started there may use. Control groups, version 1 or 2."""
import contextlib
import os

_V1 = "/sys/fs/cgroup/memory"
_V2 = "/sys/fs/cgroup"


class SmallHost:
    """`memory` in bytes, anonymous and cached pages together, as systemd's MemoryMax= counts them."""

    def __init__(self, memory):
        v1 = os.path.isdir(_V1)
        if not v1:
            self._write(f"{_V2}/cgroup.subtree_control", "+memory")
        self.folder = f"{_V1 if v1 else _V2}/bansoko-live-{os.getpid()}"
        with contextlib.suppress(FileExistsError):
            os.mkdir(self.folder)
        self._write(f"{self.folder}/{'memory.limit_in_bytes' if v1 else 'memory.max'}", str(memory))
        with contextlib.suppress(OSError):  # no such file where there is no swap to count
            self._write(f"{self.folder}/{'memory.memsw.limit_in_bytes' if v1 else 'memory.swap.max'}", str(memory) if v1 else "0")

    @staticmethod
    def _write(path, text):
        with open(path, "w") as file:
            file.write(text)

    def start(self, words):
        """The words of a command that is confined to this host."""
        return ["sh", "-c", f'echo $$ > {self.folder}/cgroup.procs; exec taskset -c 0 "$@"', "sh", *words]

    def close(self):
        with contextlib.suppress(OSError):
            os.rmdir(self.folder)
