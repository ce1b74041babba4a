# SPDX-License-Identifier: Apache-2.0
"""CVE-2019-0708: the virtual channels that an RDP client asks for."""
import dataclasses
import struct

from mutant import CLIENT, EITHER, HOLE, SAFE, SERVER, Mutant, any_case

TRANSPORT = "tcp"
MOST_CHANNELS = 31      # [MS-RDPBCGR] section 2.2.1.3.4
CORE, SECURITY, NETWORK, CLUSTER, MONITOR = 0xc001, 0xc002, 0xc003, 0xc004, 0xc005


NEAR = (b"MS_T12", b"MS_T121", b"MST120", b"S_T120", b"\0MS_T120", b"M\0S_T120", b"MS-T120", b" MS_T12", b"MS_T12\0\0", b"T120", b"MS_", b"")


@dataclasses.dataclass
class Channels:
    """The number stated, and the fields of 8 bytes that follow it."""
    count: int
    names: list


def verdict(message, moved=0):
    """[MS-RDPBCGR] section 2.2.1.3.4.1: a name is eight bytes with a zero among them. A client that asks for a
    channel MS_T120 gets the server's own one bound a second time, to another number than 31, which the update always
    gives it (the sources in patch.yaml); letters of any case, as the patch's checks have it. A list longer or shorter
    than stated is malformed, and a name without its zero is read in a way that we do not know.
    """
    wanted = b"MS_T120"[:7 - moved]
    asked = [field.split(b"\0")[0].upper() for field in message.names[:message.count]]
    behind = [field.split(b"\0")[0].upper() for field in message.names[message.count:]]
    if any(len(name) == 8 and name.startswith(wanted) for name in asked):
        return EITHER
    if wanted in asked:
        return HOLE if message.count <= min(MOST_CHANNELS, len(message.names)) else EITHER
    return EITHER if wanted in behind else SAFE


def field_of(random):
    kind = random.random()
    if kind < 0.55:
        field = random.choice((b"MS_T120", b"MS_T120", any_case(random, "MS_T120").encode()))
    elif kind < 0.65:
        field = b"MS_T120" + bytes([random.randrange(256)])
    else:
        field = random.choice(NEAR)
    return field.ljust(8, b"\0")


def benign(random, size):
    return [random.choice((b"rdpdr", b"rdpsnd", b"cliprdr", b"drdynvc", b"snddbg", b"tsmf", b"MS_T12", b"MST120")).ljust(8, b"\0") for _ in range(size)]


def channels_of(random):
    names = benign(random, random.choice((0, 1, 3, 15, 29, 30, 31)))
    if random.random() < 0.9:
        names.insert(random.randint(0, len(names)), field_of(random))
    count = len(names) + random.choice((0,) * 12 + (-1, 1, 40))
    return Channels(max(0, count), names)


def block(kind, content):
    return struct.pack("<HH", kind, len(content) + 4) + content


def core(random):
    client = random.choice(("WORKSTATION", "MS_T120")).encode("utf-16-le").ljust(32, b"\0")
    head = struct.pack("<IHHHHII", 0x80004, 1024, 768, 0xca01, 0xaa03, 0x409, 2600) + client + struct.pack("<III", 4, 0, 12) + bytes(64)
    return block(CORE, head + struct.pack("<HHIHHH", 0xca01, 1, 0, 24, 7, 1) + "MS_T120".encode("utf-16-le").ljust(64, b"\0"))


def settings(random, channels):
    network = struct.pack("<I", channels.count) + b"".join(name + struct.pack("<I", random.getrandbits(32)) for name in channels.names)
    others = [block(SECURITY, struct.pack("<II", 3, 0)), block(CLUSTER, struct.pack("<II", 9, 0)), block(NETWORK, network)]
    if random.random() < 0.3:
        others.append(block(MONITOR, struct.pack("<IIiiiiI", 0, 1, 0, 0, 1023, 767, 1)))
    random.shuffle(others)
    return core(random) + b"".join(others)


def per(size):
    """A length of T.125's aligned PER."""
    return struct.pack(">H", 0x8000 | size)


def ber(random, tag, content):
    """Tag, length in a form of enough or more bytes, content."""
    size = len(content)
    forms = [b"\x82" + struct.pack(">H", size), b"\x83" + size.to_bytes(3, "big"), b"\x84" + size.to_bytes(4, "big")]
    if size < 128:
        forms += [bytes([size]), b"\x81" + bytes([size])]
    elif size < 256:
        forms.append(b"\x81" + bytes([size]))
    return tag + random.choice(forms) + content


def domain(random, *values):
    return ber(random, b"\x30", b"".join(ber(random, b"\2", value.to_bytes(3 if value > 0x7fff else 2, "big")) for value in values))


def tpkt(tpdu):
    return struct.pack(">BBH", 3, 0, len(tpdu) + 4) + tpdu


def connect_initial(random, channels):
    blocks = settings(random, channels)
    request = bytes.fromhex("000800100001c000") + b"Duca" + per(len(blocks)) + blocks
    conference = bytes.fromhex("000500147c0001") + per(len(request)) + request
    content = bytes.fromhex("0401010401010101ff") + domain(random, 34, 2, 0, 1, 0, 1, 0xffff, 2) + \
        domain(random, 1, 1, 1, 1, 0, 1, 0x420, 2) + domain(random, 0xffff, 0xfc17, 0xffff, 1, 0, 1, 0xffff, 2) + \
        ber(random, b"\x04", conference)
    return tpkt(b"\x02\xf0\x80" + ber(random, b"\x7f\x65", content))


def mutant(random):
    channels = channels_of(random)
    cookie = random.choice((b"", b"Cookie: mstshash=user\r\n", b"Cookie: mstshash=MS_T120\r\n"))
    rest = bytes.fromhex("e00000000000") + cookie + random.choice((b"", struct.pack("<BBHI", 1, 0, 8, 0)))
    says = [(CLIENT, tpkt(bytes([len(rest)]) + rest)),
            (SERVER, tpkt(bytes.fromhex("0ed000001234000200080000000000"))),
            (CLIENT, connect_initial(random, channels))]
    return Mutant(channels, says, f"{channels.count} channels stated: {channels.names}", random.choice((3389, 3390)))
