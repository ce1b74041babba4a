# SPDX-License-Identifier: Apache-2.0
"""Writes packets that are made up into a pcap file."""
import struct


class Capture:
    """A pcap file of raw IP packets, a millisecond apart."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 101))
        self.time = 1_700_000_000_000_000

    def packet(self, source, dest, protocol, body, fragment=0x4000):
        """`fragment` is the whole 16-bit field."""
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, fragment, 64, protocol, 0, source.packed, dest.packed)
        total = sum(struct.unpack(">10H", head))
        total = (total & 0xffff) + (total >> 16)
        total = (total & 0xffff) + (total >> 16)
        data = head[:10] + struct.pack(">H", ~total & 0xffff) + head[12:] + body
        self.time += 1000
        self.file.write(struct.pack("<IIII", self.time // 1_000_000, self.time % 1_000_000, len(data), len(data)) + data)

    def udp(self, source, dest, data, piece=65528):
        """A datagram, in fragments of `piece` bytes (a multiple of 8) if it is larger."""
        body = struct.pack(">HHHH", source[1], dest[1], 8 + len(data), 0) + data
        for at in range(0, len(body), piece):
            more = 0x2000 if at + piece < len(body) else 0
            self.packet(source[0], dest[0], 17, body[at:at + piece], at // 8 | more if len(body) > piece else 0x4000)


class Tcp:
    """One connection; each message is acknowledged."""

    def __init__(self, capture, ends, with_syn=b""):
        self.capture, self.ends, self.sequence = capture, ends, [1000, 5000]
        self.send(0, with_syn, 0x02)
        self.send(1, b"", 0x12)
        self.send(0, b"", 0x10)

    def send(self, side, data, flags=0x18):
        (source, sport), (dest, dport) = (self.ends[side], self.ends[1 - side])
        head = struct.pack(">HHIIBBHHH", sport, dport, self.sequence[side], self.sequence[1 - side] if flags & 0x10 else 0, 0x50, flags, 65535, 0, 0)
        self.capture.packet(source, dest, 6, head + data)
        self.sequence[side] += len(data) + bool(flags & 0x03)

    def say(self, side, data, size=1400):
        for at in range(0, len(data), size):
            self.send(side, data[at:at + size])
            self.send(1 - side, b"", 0x10)

    def close(self):
        self.send(0, b"", 0x11)
        self.send(1, b"", 0x11)
        self.send(0, b"", 0x10)
