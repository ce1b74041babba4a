# SPDX-License-Identifier: Apache-2.0
"""MS17-010: SMB1 transactions in pieces, and the other mechanisms that the update changed."""
import dataclasses
import struct

import smb1
from mutant import CLIENT, EITHER, HOLE, SAFE, SERVER, Mutant
from smb1 import (MESSAGE_START, NT_TRANSACT, NT_TRANSACT_MORE, RAW_MODE, TRANSACTION, TRANSACTION2, TRANSACTION2_MORE, TRANSACTION_MORE,
                  Ids, Piece)

TRANSPORT = "tcp"
CONTINUED_BY = {TRANSACTION: TRANSACTION_MORE, TRANSACTION2: TRANSACTION2_MORE, NT_TRANSACT: NT_TRANSACT_MORE}
PEEK, RENAME, OPEN2, SET_PATH_INFORMATION = 0x23, 5, 0, 6
PEEK_PARAMETERS = 16
LARGEST_LIST = 0xffff
FID, PIPE = 0x4000, b"\\PIPE\\\0"


@dataclasses.dataclass
class Part:
    """A message as the server sees it: what kind, of which transaction, and what it says about it."""
    command: int
    ids: Ids
    totals: tuple[int, int] = (0, 0)    # of parameters and data
    sizes: tuple[int, int] = (0, 0)     # of both in this message
    function: int = 0
    most_parameters: int = 0
    list_size: int | None = None    # that a list of extended attributes at the beginning of the data states
    mode: int = 0           # of a write
    fid: int = 0
    answers: bool = False   # it is the server that says that this transaction is done

    def is_whole(self):
        return all(size >= total for size, total in zip(self.sizes, self.totals))


class Server:
    """What an unpatched server has open, as BUG.txt tells it."""

    def __init__(self, moved):
        self.moved, self.open, self.done, self.answered = moved, {}, {}, set()

    def sees(self, part):
        if part.answers:
            self.answered.add(part.ids)
            return SAFE
        if part.command in CONTINUED_BY:
            return self.begins(part)
        if part.command in CONTINUED_BY.values():
            return self.continues(part)
        return self.writes(part) if part.command == smb1.WRITE else SAFE

    def begins(self, part):
        self.answered.discard(part.ids)
        self.done.pop(part.ids, None)
        (self.done if part.is_whole() else self.open)[part.ids] = [part, part.sizes]
        if part.command == NT_TRANSACT and part.function == RENAME:
            return HOLE                                                 # bugs 1 and 5
        if part.command == TRANSACTION and part.function == PEEK and part.most_parameters > PEEK_PARAMETERS + self.moved:
            return HOLE                                                 # bugs 2 and 3
        return EITHER if part.list_size is not None and part.list_size > LARGEST_LIST else SAFE

    def continues(self, part):
        if part.ids in self.done:
            return HOLE if self.done[part.ids][0].is_whole() and part.ids not in self.answered else EITHER             # bug 5
        if part.ids not in self.open:
            return SAFE
        state = self.open[part.ids]
        first, state[1] = state[0], tuple(had + has for had, has in zip(state[1], part.sizes))
        if all(has >= total for has, total in zip(state[1], first.totals)):
            self.done[part.ids] = self.open.pop(part.ids)
        is_too_much = any(has > total + self.moved for has, total in zip(state[1], first.totals))
        return HOLE if is_too_much or part.command != CONTINUED_BY[first.command] else SAFE     # bugs 4, 6 and 7

    def writes(self, part):
        """Bug 6: a write in raw mode looks for its transaction by FID where others have the MID."""
        if dataclasses.replace(part.ids, multiplex=part.fid) not in self.open or not part.mode & (RAW_MODE | MESSAGE_START):
            return SAFE
        return HOLE if part.mode & RAW_MODE and not part.mode & MESSAGE_START else EITHER


def verdict(message, moved=0):
    """BUG.txt of github.com/worawit/MS17-010, which compares the driver before and after the update: a transaction is
    told by TID, UID, PID and MID, and begins and goes on in messages of one kind; the unpatched driver does not look
    whether the kind is the same, whether the transaction was whole in its first message, whether its parts are more than it
    stated, or whose number a write has.
    Lists of extended attributes of 65,536 bytes and more need NT_TRANSACT and another kind behind it. If a list of a
    proper transaction, whose data are never as many, states as much, that is malformed.
    """
    server = Server(moved)
    verdicts = [server.sees(part) for part in message]
    return HOLE if HOLE in verdicts else EITHER if EITHER in verdicts else SAFE


class Scene:
    """What is said, as the server sees it and as it is sent."""

    def __init__(self):
        self.parts, self.says, self.notes = [], [], []

    def piece(self, piece, **seen):
        self.parts.append(Part(piece.command, piece.ids, piece.totals, (len(piece.parameters), len(piece.data)), piece.function or piece.setup[0], piece.most_parameters, **seen))
        self.says.append((CLIENT, piece.sent()))

    def write(self, fid, mode, ids):
        self.parts.append(Part(smb1.WRITE, ids, mode=mode, fid=fid))
        self.says.append((CLIENT, smb1.write(fid, b"w" * 16, mode, ids)))

    def answer(self, command, ids, final):
        """The server's last word about a transaction, or its wish to hear more."""
        words = struct.pack("<HHHHHHHHHBB", 0, 0, 0, 0, 56, 0, 0, 56, 0, 0, 0) if final else b""
        if final and command == NT_TRANSACT:
            words = bytes(36)
        self.says.append((SERVER, smb1.message(command, words, b"", ids, answer=True)))
        if final:
            self.parts.append(Part(command, ids, answers=True))


def new_ids(random):
    return Ids(process=random.choice((0x1234, 0x4321)), multiplex=random.randrange(64, 0x3000))


def first_piece(random, command, ids, total, sent, **more):
    fields = dict(ids=ids, data=b"d" * sent, totals=(0, total), setup=(0,) if command != NT_TRANSACT else (), name=PIPE if command == TRANSACTION else b"")
    if command == TRANSACTION:
        fields["setup"] = (random.choice((0x26, 0x54)), FID)
    elif command == TRANSACTION2:
        fields["setup"] = (random.choice((3, 5, 7)),)
    else:
        fields["function"] = random.choice((1, 2, 3, 6))
    return Piece(command, **(fields | more))


def in_pieces(random, scene):
    """A transaction of a kind in several messages; one may be of another kind, or of another transaction."""
    command, ids, total = random.choice(tuple(CONTINUED_BY)), new_ids(random), random.choice((16, 100, 1000, 4000))
    pieces, done = random.randint(2, 5), 0
    wrong, other = random.choice((0, 0, random.randrange(1, pieces))), random.choice((0, 0, 0, random.randrange(1, pieces)))
    size = total // pieces
    parameters = random.choice((0, 0, 8))       # that come in the second message
    first = first_piece(random, command, ids, total, size)
    scene.piece(dataclasses.replace(first, totals=(parameters, total)))
    if random.random() < 0.5:
        scene.answer(command, ids, final=False)
    for number in range(1, pieces):
        done += size
        kind = CONTINUED_BY[command]
        if number == wrong:
            kind = random.choice([more for more in CONTINUED_BY.values() if more != kind])
        its = ids if number != other else dataclasses.replace(ids, **random.choice((dict(multiplex=7), dict(process=9), dict(tree=8), dict(user=6))))
        data = b"e" * (size if number + 1 < pieces else total - done)
        scene.piece(Piece(kind, (parameters, total), b"p" * parameters if number == 1 else b"", data, displacements=(0, done), ids=its))
    scene.notes.append(f"{command:#x} in {pieces} pieces, number {wrong} of another kind, number {other} of another transaction")


def too_much(random, scene):
    """The parts of a transaction lie within what it stated, and yet are as many bytes, one less, or more."""
    command, ids, total = random.choice(tuple(CONTINUED_BY)), new_ids(random), random.choice((64, 1000))
    of_parameters, sent, more = random.choice((False, False, True)), total // 2, random.choice((-1, 0, 0, 1, 1, 20))
    first = first_piece(random, command, ids, total, 0 if of_parameters else sent)
    if of_parameters:
        first = dataclasses.replace(first, totals=(total, 0), parameters=b"q" * sent)
    scene.piece(first)
    last = b"h" * (total - sent + more)
    if of_parameters:
        scene.piece(Piece(CONTINUED_BY[command], (total, 0), last, displacements=(total - len(last), 0), ids=ids))
    else:
        scene.piece(Piece(CONTINUED_BY[command], (0, total), data=last, displacements=(0, total - len(last)), ids=ids))
    scene.notes.append(f"{command:#x} of {total} bytes of {'parameters' if of_parameters else 'data'}, of which {total + more} come")


def whole(random, scene):
    """A transaction that is whole, perhaps answered, and perhaps more of it; or a new one of the same number."""
    command, ids, size = random.choice(tuple(CONTINUED_BY)), new_ids(random), random.choice((0, 16, 400))
    scene.piece(first_piece(random, command, ids, size, size))
    answered, then = random.random() < 0.3, random.choice(("nothing", "more", "more", "another"))
    if answered or then == "another":
        scene.answer(command, ids, final=True)
    if then == "more":
        kind = CONTINUED_BY[command] if random.random() < 0.7 else random.choice(tuple(CONTINUED_BY.values()))
        scene.piece(Piece(kind, (0, size), data=b"f" * 8, displacements=(0, max(0, size - 8)), ids=ids))
    elif then == "another":
        scene.piece(first_piece(random, command, ids, size + 50, size))
        scene.piece(Piece(CONTINUED_BY[command], (0, size + 50), data=b"g" * 50, displacements=(0, size), ids=ids))
    scene.notes.append(f"{command:#x} whole with {size} bytes, {'answered, ' if answered else ''}then {then}")


def attributes(random, scene):
    """A list of extended attributes, or other data whose first number is no size of a list."""
    stated = random.choice((4, 100, LARGEST_LIST - 1, LARGEST_LIST, LARGEST_LIST, LARGEST_LIST + 1, 0x10000, 0x1ffff, 0xffffffff))
    data = struct.pack("<IBBH", stated, 0, 1, 40) + b"A\0" + b"v" * 40
    ids, kind = new_ids(random), random.choice(("open", "set", "basic", "nt"))
    if kind == "nt":
        total = max(len(data) + 100, 0x10000 + 12)
        scene.piece(first_piece(random, NT_TRANSACT, ids, total, len(data), data=data))
        scene.piece(Piece(random.choice((TRANSACTION2_MORE, NT_TRANSACT_MORE)), (0, total), data=b"v" * 100, displacements=(0, len(data)), ids=ids))
    elif kind == "open":
        parameters = struct.pack("<HHHHIHIH8x", 0, 0x42, 0, 0, 0, 0x11, 0, 0) + b"\\filler\0"
        scene.piece(Piece(TRANSACTION2, (len(parameters), len(data)), parameters, data, setup=(OPEN2,), ids=ids), list_size=stated)
    else:
        level = 2 if kind == "set" else 0x101
        parameters = struct.pack("<HI", level, 0) + b"\\filler\0"
        scene.piece(Piece(TRANSACTION2, (len(parameters), len(data)), parameters, data, setup=(SET_PATH_INFORMATION,), ids=ids),
                    list_size=stated if kind == "set" else None)
    scene.notes.append(f"data ({kind}) that begin with {stated}")


def pipe_write(random, scene):
    """A write to a pipe while a transaction is open, or is not."""
    command, still = random.choice(tuple(CONTINUED_BY)), random.random() < 0.8
    ids = dataclasses.replace(new_ids(random), multiplex=random.choice((FID, FID, FID, FID + 1)))
    scene.piece(first_piece(random, command, ids, 200, 100 if still else 200))
    if not still:
        scene.answer(command, ids, final=True)
    mode = random.choice((0, RAW_MODE, RAW_MODE, RAW_MODE, MESSAGE_START, RAW_MODE | MESSAGE_START, 1))
    its = dataclasses.replace(ids, multiplex=77, **random.choice(({}, {}, {}, dict(process=9))))
    scene.write(FID, mode, its)
    scene.notes.append(f"{command:#x} number {ids.multiplex:#x}, {'open' if still else 'done'}, and a write in mode {mode} to {FID:#x} by {its}")


def call(random, scene):
    """A function asked for in one message."""
    ids, most = new_ids(random), random.choice((0, 15, PEEK_PARAMETERS, PEEK_PARAMETERS, PEEK_PARAMETERS + 1, 1024, 0xffff))
    behind = (smb1.TREE_CONNECT, *smb1.tree_connect("\\\\server\\IPC$")) if random.random() < 0.2 else ()
    if random.random() < 0.7:
        function = random.choice((PEEK, PEEK, PEEK, 0x26, 0x21, 0x11))
        scene.piece(Piece(TRANSACTION, (0, 0), setup=(function, FID), name=PIPE, most_parameters=most, ids=ids, behind=behind))
    else:
        function = random.choice((RENAME, RENAME, 1, 2, 4, 6))
        scene.piece(Piece(NT_TRANSACT, (4, 0), parameters=struct.pack("<HH", FID, 0), setup=(), function=function, most_parameters=most, ids=ids))
    scene.notes.append(f"function {function:#x} with room for {most} bytes of parameters{', behind a TREE_CONNECT' if behind else ''}")


def mutant(random):
    scene = Scene()
    for _ in range(random.choice((1, 1, 2))):
        random.choice((in_pieces, in_pieces, too_much, whole, attributes, pipe_write, call))(random, scene)
        if random.random() < 0.3:
            scene.says.append((CLIENT, smb1.message(smb1.ECHO, struct.pack("<H", 1), b"echo", Ids(multiplex=30))))
    says = smb1.session(random) + smb1.opened(random, "\\lsarpc", FID) + scene.says
    return Mutant(scene.parts, says, "; ".join(scene.notes), random.choice((445, 445, 139)))
