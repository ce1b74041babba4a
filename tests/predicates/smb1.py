# SPDX-License-Identifier: Apache-2.0
"""SMB1 ([MS-CIFS] section 2.2) and what the generators say in it, from the client's hello to the open pipe."""
import dataclasses
import struct

from mutant import CLIENT, SERVER

NEGOTIATE, SESSION_SETUP, TREE_CONNECT, NT_CREATE, WRITE, READ, ECHO = 0x72, 0x73, 0x75, 0xa2, 0x2f, 0x2e, 0x2b
TRANSACTION, TRANSACTION_MORE, TRANSACTION2, TRANSACTION2_MORE, NT_TRANSACT, NT_TRANSACT_MORE = 0x25, 0x26, 0x32, 0x33, 0xa0, 0xa1
HEADER = 32
NO_MORE = b"\xff\0\0\0"
RAW_MODE, MESSAGE_START = 4, 8     # of a write (section 2.2.4.43.1)


@dataclasses.dataclass(frozen=True)
class Ids:
    """What a transaction is told by."""
    tree: int = 1
    process: int = 0x1234
    user: int = 1
    multiplex: int = 10


def framed(message):
    return struct.pack(">I", len(message)) + message


def header(command, ids, unicode=False, answer=False):
    flags2 = 0x4001 | (0x8000 if unicode else 0)
    return struct.pack("<4sBIBHH8sHHHHH", b"\xffSMB", command, 0, 0x98 if answer else 0x18, flags2, 0, bytes(8), 0, ids.tree, ids.process, ids.user, ids.multiplex)


def block(words, data):
    return bytes([len(words) // 2]) + words + struct.pack("<H", len(data) & 0xffff) + data


def message(command, words, data, ids=Ids(), **more):
    return framed(header(command, ids, **more) + block(words, data))


def chain(ids, *parts):
    """Commands in one message, each named by the AndX words of the one before it."""
    out = header(parts[0][0], ids)
    for at, (_, words, data) in enumerate(parts):
        size = 3 + len(words) + len(data)
        if at + 1 < len(parts):
            words = struct.pack("<BBH", parts[at + 1][0], 0, len(out) + size) + words[4:]
        out += block(words, data)
    return framed(out)


def data_at(words):
    """Where the data begin of a command whose words have this size."""
    return HEADER + 1 + words + 2


def session_setup():
    return NO_MORE + struct.pack("<HHHIHHII", 0xffff, 2, 0, 0, 0, 0, 0, 0x48), b"\0\0Unix\0client\0"


def tree_connect(path):
    return NO_MORE + struct.pack("<HH", 0, 1), b"\0" + path.encode() + b"\0?????\0"


def session(random, path="\\\\server\\IPC$"):
    """To a share, in three messages or with the last two in one."""
    none = Ids(tree=0, user=0, multiplex=1)
    says = [(CLIENT, message(NEGOTIATE, b"", b"\2NT LM 0.12\0", none)),
            (SERVER, message(NEGOTIATE, struct.pack("<HB", 0, 3) + bytes(31), b"", none, answer=True))]
    setup, connect = session_setup(), tree_connect(path)
    two, three = dataclasses.replace(none, multiplex=2), dataclasses.replace(none, multiplex=3, user=1)
    if random.random() < 0.3:
        says.append((CLIENT, chain(two, (SESSION_SETUP, *setup), (TREE_CONNECT, *connect))))
        answers = (SESSION_SETUP, NO_MORE + b"\0\0", b"\0\0\0"), (TREE_CONNECT, NO_MORE + b"\0\0", b"IPC\0")
        joined = bytearray(chain(dataclasses.replace(two, tree=1, user=1), *answers))
        joined[4 + 9] = 0x98
        return says + [(SERVER, bytes(joined))]
    return says + [(CLIENT, message(SESSION_SETUP, *setup, two)),
                   (SERVER, message(SESSION_SETUP, NO_MORE + b"\0\0", b"\0\0\0", dataclasses.replace(two, user=1), answer=True)),
                   (CLIENT, message(TREE_CONNECT, *connect, three)),
                   (SERVER, message(TREE_CONNECT, NO_MORE + b"\0\0", b"IPC\0", dataclasses.replace(three, tree=1), answer=True))]


def opened(random, pipe, fid):
    """A pipe, by a name in one of the two kinds of characters."""
    unicode = random.random() < 0.5
    name = b"\0" + pipe.encode("utf-16-le") + b"\0\0" if unicode else pipe.encode() + b"\0"
    size = len(pipe) * 2 if unicode else len(pipe)
    words = NO_MORE + struct.pack("<BHIIIQIIIIIB", 0, size, 0, 0, 0x2019f, 0, 0, 3, 1, 0, 2, 3)
    answer = NO_MORE + struct.pack("<BHI32sIQQHHB", 0, fid, 1, bytes(32), 0x80, 0, 0, 2, 0x5ff, 0)
    ids = Ids(multiplex=5)
    return [(CLIENT, message(NT_CREATE, words, name, ids, unicode=unicode)), (SERVER, message(NT_CREATE, answer, b"", ids, answer=True))]


def write(fid, data, mode=MESSAGE_START, ids=Ids(multiplex=20), wide=False, then_read=False):
    """WRITE_ANDX (section 2.2.4.43.1), `wide` with the high half of the offset, perhaps with READ_ANDX behind it."""
    at = data_at(28 if wide else 24)
    words = NO_MORE + struct.pack("<HIIHHHHH", fid, 0, 0, mode, len(data), 0, len(data), at) + (bytes(4) if wide else b"")
    if then_read:
        return chain(ids, (WRITE, words, data), (READ, NO_MORE + struct.pack("<HIHHIH", fid, 0, 1024, 0, 0, 0), b""))
    return message(WRITE, words, data, ids)


@dataclasses.dataclass
class Piece:
    """One message of a transaction; totals, counts and displacements are of parameters and of data."""
    command: int
    totals: tuple
    parameters: bytes = b""
    data: bytes = b""
    displacements: tuple = (0, 0)
    setup: tuple = (0,)
    name: bytes = b""
    function: int = 0
    most_parameters: int = 10
    most_data: int = 1024
    ids: Ids = Ids()
    behind: tuple = ()      # the command in front of it in the same message: number, words, data

    def sent(self):
        words = {TRANSACTION: first, TRANSACTION2: first, NT_TRANSACT: nt_first, NT_TRANSACT_MORE: nt_more}.get(self.command, more)(self)
        own = self.command, words, self.name + self.parameters + self.data
        return chain(self.ids, self.behind, own) if self.behind else message(*own, self.ids)

    def counts(self, words):
        """Count and place of the parameters, then of the data."""
        at = data_at(words) + len(self.name) + (3 + len(self.behind[1]) + len(self.behind[2]) if self.behind else 0)
        return len(self.parameters), at, len(self.data), at + len(self.parameters)


def first(piece):
    """TRANSACTION and TRANSACTION2 (sections 2.2.4.33.1 and 2.2.4.46.1)."""
    counts = piece.counts(28 + 2 * len(piece.setup))
    most = piece.most_parameters, piece.most_data
    return struct.pack("<HHHHBBHIHHHHHBB", *piece.totals, *most, 1, 0, 0, 0, 0, *counts, len(piece.setup), 0) + \
        struct.pack(f"<{len(piece.setup)}H", *piece.setup)


def more(piece):
    """TRANSACTION_SECONDARY, and TRANSACTION2_SECONDARY, which has a FID behind (2.2.4.34.1, 2.2.4.47.1)."""
    fid = struct.pack("<H", 0xffff) if piece.command == TRANSACTION2_MORE else b""
    parameters, parameters_at, data, data_at_ = piece.counts(16 + len(fid))
    return struct.pack("<HHHHHHHH", piece.totals[0] & 0xffff, piece.totals[1] & 0xffff, parameters, parameters_at,
                       piece.displacements[0], data, data_at_, piece.displacements[1] & 0xffff) + fid


def nt_first(piece):
    """NT_TRANSACT (section 2.2.4.62.1)."""
    counts = piece.counts(38 + 2 * len(piece.setup))
    return struct.pack("<BHIIIIIIIIBH", 1, 0, *piece.totals, piece.most_parameters, piece.most_data, *counts, len(piece.setup), piece.function) + \
        struct.pack(f"<{len(piece.setup)}H", *piece.setup)


def nt_more(piece):
    """NT_TRANSACT_SECONDARY (section 2.2.4.63.1)."""
    parameters, parameters_at, data, data_at_ = piece.counts(36)
    return bytes(3) + struct.pack("<IIIIIIIIB", *piece.totals, parameters, parameters_at, piece.displacements[0], data, data_at_, piece.displacements[1], 0)


def pipe_call(fid, data, ids=Ids(multiplex=21)):
    """TransactNmPipe: writes to a pipe and reads its answer (section 2.2.5.6)."""
    return Piece(TRANSACTION, (0, len(data)), data=data, setup=(0x26, fid), name=b"\\PIPE\\\0", ids=ids).sent()
