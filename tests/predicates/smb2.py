# SPDX-License-Identifier: Apache-2.0
"""SMB2 ([MS-SMB2] section 2.2): as much as it takes to call an RPC server in a pipe."""
import struct

from mutant import CLIENT, SERVER

NEGOTIATE, SESSION_SETUP, TREE_CONNECT, CREATE, WRITE, IOCTL = 0, 1, 3, 5, 9, 11
FILE = struct.pack("<QQ", 1, 5)


def message(command, number, body, answer=False, tree=7):
    session = 0x1234 if number > 1 else 0
    head = struct.pack("<4sHHIHHIIQIIQ16s", b"\xfeSMB", 64, 1, 0, command, 1, 1 if answer else 0, 0, number, 0, tree if number > 3 else 0, session, bytes(16))
    return struct.pack(">I", len(head + body)) + head + body


def opened(pipe):
    path, name = "\\\\server\\IPC$".encode("utf-16-le"), pipe.lstrip("\\").encode("utf-16-le")
    return [(CLIENT, message(NEGOTIATE, 0, struct.pack("<HHHHI16sQHH", 36, 2, 1, 0, 0, b"c" * 16, 0, 0x202, 0x210))),
            (SERVER, message(NEGOTIATE, 0, struct.pack("<HHHH16sIIIIQQHHI", 65, 1, 0x210, 0, b"s" * 16, 0, 1 << 16, 1 << 16, 1 << 16, 0, 0, 128, 0, 0), True)),
            (CLIENT, message(TREE_CONNECT, 3, struct.pack("<HHHH", 9, 0, 72, len(path)) + path)),
            (SERVER, message(TREE_CONNECT, 3, struct.pack("<HBBIII", 16, 2, 0, 0, 0, 0x1f01ff), True)),
            (CLIENT, message(CREATE, 4, struct.pack("<H42sHHQ", 57, bytes(42), 120, len(name), 0) + name)),
            (SERVER, message(CREATE, 4, struct.pack("<H62s", 89, bytes(62)) + FILE + bytes(8), True))]


def write(number, data):
    return message(WRITE, number, struct.pack("<HHIQ16s16s", 49, 112, len(data), 0, FILE, bytes(16)) + data)


def pipe_call(number, data):
    """FSCTL_PIPE_TRANSCEIVE (section 2.2.31)."""
    return message(IOCTL, number, struct.pack("<HHI16sIIIIIIII", 57, 0, 0x11c017, FILE, 120, len(data), 0, 0, 0, 1024, 1, 0) + data)
