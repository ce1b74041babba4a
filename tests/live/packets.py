# SPDX-License-Identifier: Apache-2.0
"""Packets that no socket would send, for floods."""
import socket
import struct

RAW = socket.SOCK_RAW
RAW_IP = socket.IPPROTO_RAW


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip(source, dest, protocol, payload, number=0, fragment=0):
    """An IPv4 packet; the kernel fills in length and checksum. `fragment` is the whole 16-bit field."""
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, number & 0xffff, fragment, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(dest)) + payload


def syn(source, source_port, dest, dest_port):
    ends = socket.inet_aton(source) + socket.inet_aton(dest)
    segment = struct.pack("!HHIIBBHHH", source_port, dest_port, 1, 0, 0x50, 0x02, 65535, 0, 0)
    check = checksum(ends + struct.pack("!BBH", 0, 6, len(segment)) + segment)
    return ip(source, dest, 6, segment[:16] + struct.pack("!H", check) + segment[18:])


def first_fragment(source, dest, number):
    """A fragment whose datagram never becomes whole."""
    return ip(source, dest, 17, struct.pack("!HHHH", 9, 9, 1480, 0) + b"x" * 64, number, 0x2000)


def datagram(source, source_port, dest, dest_port, payload):
    return ip(source, dest, 17, struct.pack("!HHHH", source_port, dest_port, 8 + len(payload), 0) + payload)
