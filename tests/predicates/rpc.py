# SPDX-License-Identifier: Apache-2.0
"""Calls of DCE/RPC (C706 chapters 12 and 14) in all the ways that reach the same code: either order of bytes, any number
of fragments, other interfaces beside, over TCP and over a pipe of SMB1 or SMB2."""
import dataclasses
import struct
import uuid

import smb1
import smb2
from mutant import CLIENT, SERVER

NDR = "8a885d04-1ceb-11c9-9fe8-08002b104860"
OTHERS = ("12345778-1234-abcd-ef00-0123456789ac", "e1af8308-5d1f-11c9-91a4-08002b14a0fa", "367abb81-9844-35f1-ad32-98f038001003")
REQUEST, BIND, BIND_ACK, ALTER, ALTER_ACK = 0, 11, 12, 14, 15
LITTLE, BIG = "<", ">"


@dataclasses.dataclass
class Call:
    interface: str
    version: int
    opnum: int
    stub: bytes
    order: str


class Stub:
    """NDR in one order."""

    def __init__(self, order):
        self.order, self.bytes, self._reference = order, b"", 0x20000

    def align(self, size):
        self.bytes += bytes(-len(self.bytes) % size)

    def u16(self, *values):
        for value in values:
            self.align(2)
            self.bytes += struct.pack(self.order + "H", value)

    def u32(self, *values):
        for value in values:
            self.align(4)
            self.bytes += struct.pack(self.order + "I", value)

    def uuid(self, text):
        self.align(4)
        self.bytes += uuid_bytes(text, self.order)

    def reference(self):
        self.u32(self._reference)
        self._reference += 4

    def wide(self, units, largest=None):
        """A conformant varying string of 16-bit characters (section 14.3.4), `units` with its end."""
        self.u32(len(units) if largest is None else largest, 0, len(units))
        self.bytes += struct.pack(f"{self.order}{len(units)}H", *units)

    def text(self, text, largest=None):
        self.wide(units(text), largest)


def units(text):
    return [ord(c) for c in text] + [0]


def uuid_bytes(text, order):
    value = uuid.UUID(text)
    return value.bytes_le if order == LITTLE else value.bytes


def pdu(order, kind, call, body, flags=3, verifier=b""):
    """A packet, with a verifier ([MS-RPCE] section 2.2.2.11) that only names who calls."""
    drep = b"\x10\0\0\0" if order == LITTLE else bytes(4)
    if verifier:
        padding = -len(body) % 4
        body += bytes(padding) + bytes([10, 2, padding, 0]) + bytes(4) + verifier
    return bytes([5, 0, kind, flags]) + drep + struct.pack(order + "HHI", 16 + len(body), len(verifier), call) + body


def bind(order, contexts, kind=BIND, verifier=b""):
    body = struct.pack(order + "HHIB3x", 5840, 5840, 0, len(contexts))
    for number, interface, version in contexts:
        body += struct.pack(order + "HBx", number, 1) + uuid_bytes(interface, order) + struct.pack(order + "I", version) + \
            uuid_bytes(NDR, order) + struct.pack(order + "I", 2)
    return pdu(order, kind, 1, body, verifier=verifier)


def accepted(count, kind=BIND_ACK):
    result = struct.pack("<HH", 0, 0) + uuid_bytes(NDR, LITTLE) + struct.pack("<I", 2)
    return pdu(LITTLE, kind, 1, struct.pack("<HHIH", 5840, 5840, 7, 4) + b"135\0" + bytes(2) + bytes([count, 0, 0, 0]) + result * count)


def request(random, call, context, verifier):
    """The call, in one to many fragments, perhaps to an object."""
    thing = uuid_bytes(OTHERS[0], call.order) if random.random() < 0.15 else b""
    size = random.choice((4200, 4200, 4200, 800, 64))
    size = max(size, len(call.stub) // 100 // 8 * 8 + 8)
    if verifier and random.random() < 0.5:
        size -= 3       # each fragment padded
    pieces = [call.stub[at:at + size] for at in range(0, len(call.stub), size)] or [b""]
    hint = random.choice((len(call.stub), 0))
    made = []
    for at, piece in enumerate(pieces):
        flags = (at == 0) | (at == len(pieces) - 1) << 1 | (0x80 if thing else 0)
        head = struct.pack(call.order + "IHH", hint, context, call.opnum) + thing
        made.append(pdu(call.order, REQUEST, 2, head + piece, flags, verifier))
    return made


def messages(random, call):
    """What client and server say to each other: the interface asked for, and the call."""
    way = random.choice(("bind", "bind", "one of many", "altered"))
    verifier = b"v" * random.choice((16, 40)) if random.random() < 0.15 else b""
    mine, other = (call.interface, call.version), (random.choice(OTHERS), 0)
    if way == "bind":
        number = random.choice((0, 0, 3))
        said = [(CLIENT, bind(call.order, [(number, *mine)], verifier=verifier)), (SERVER, accepted(1))]
    elif way == "one of many":
        number, count = random.randrange(8), 8
        contexts = [(at, *(mine if at == number else other)) for at in range(count)]
        random.shuffle(contexts)
        said = [(CLIENT, bind(call.order, contexts, verifier=verifier)), (SERVER, accepted(count))]
    else:
        number = 1
        said = [(CLIENT, bind(call.order, [(0, *other)], verifier=verifier)), (SERVER, accepted(1)),
                (CLIENT, bind(call.order, [(1, *mine)], ALTER)), (SERVER, accepted(1, ALTER_ACK))]
    return said + [(CLIENT, piece) for piece in request(random, call, number, verifier)], way


def pieces_of(random, data):
    """What is written at once: a whole packet, or pieces of it."""
    size = random.choice((len(data), len(data), len(data), max(16, len(data) // random.randint(2, 20))))
    return [data[at:at + size] for at in range(0, len(data), size)]


def over_smb1(random, said, pipe):
    fid = random.choice((0x4000, 0x1234, 1))
    says = smb1.session(random) + smb1.opened(random, pipe, fid)
    for side, data in said:
        if side != CLIENT:
            continue
        pieces = pieces_of(random, data)
        if len(pieces) == 1 and random.random() < 0.5:
            says.append((CLIENT, smb1.pipe_call(fid, data)))
            continue
        for at, piece in enumerate(pieces):
            says.append((CLIENT, smb1.write(fid, piece, 0 if at else smb1.MESSAGE_START, wide=random.random() < 0.5, then_read=random.random() < 0.2)))
    return says


def over_smb2(random, said, pipe):
    says, number = smb2.opened(pipe), 5
    for side, data in said:
        if side != CLIENT:
            continue
        pieces = pieces_of(random, data)
        how = smb2.pipe_call if len(pieces) == 1 and random.random() < 0.5 else smb2.write
        for piece in pieces:
            says.append((CLIENT, how(number, piece)))
            number += 1
    return says


def dialogue(random, call, pipes, carriers=("tcp", "smb1", "smb2"), port=135):
    """The whole flow, its port, and how it is carried."""
    said, way = messages(random, call)
    carrier = random.choice(carriers)
    how = f"{carrier}, {way}, {'little' if call.order == LITTLE else 'big'} endian, {len(said)} messages"
    if carrier == "tcp":
        return said, port, how
    pipe = random.choice(pipes)
    return (over_smb1 if carrier == "smb1" else over_smb2)(random, said, pipe), random.choice((445, 445, 139)), how
