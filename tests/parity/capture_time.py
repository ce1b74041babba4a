# SPDX-License-Identifier: Apache-2.0
"""Moves a capture file in time, so that what an engine remembers of one capture is too old to count in the next."""
import struct

PCAP = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}
SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
LATEST = 0xffffffff


def move(data, start):
    """The capture with its first packet at `start` (seconds), and the time of its latest packet then."""
    data = bytearray(data)
    times = pcap_times(data) if bytes(data[:4]) in PCAP else pcapng_times(data)
    if not times:
        return data, start
    by = start - min(whole for whole, _ in times)
    for whole, write in times:
        write(min(whole + by, LATEST))
    return data, max(whole for whole, _ in times) + by


def pcap_times(data):
    """Of each packet: its whole seconds, and how to change them."""
    order, times, at = PCAP[bytes(data[:4])], [], 24
    while at + 16 <= len(data):
        seconds, _, size, _ = struct.unpack_from(order + "IIII", data, at)
        times.append((seconds, lambda value, at=at: struct.pack_into(order + "I", data, at, value)))
        at += 16 + size
    return times


def pcapng_times(data):
    order, units, times, at = "<", [], [], 0
    while at + 12 <= len(data):
        kind = struct.unpack_from(order + "I", data, at)[0]
        if kind == SECTION:
            order, units = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">", []
        size = struct.unpack_from(order + "I", data, at + 4)[0]
        if size < 12:
            break
        if kind == INTERFACE:
            units.append(units_per_second(data, order, at + 16, at + size - 4))
        if kind == PACKET:
            interface, high, low = struct.unpack_from(order + "III", data, at + 8)
            unit = units[interface]
            whole, part = divmod(high << 32 | low, unit)

            def write(value, at=at, order=order, unit=unit, part=part):
                ticks = value * unit + part
                struct.pack_into(order + "II", data, at + 12, ticks >> 32, ticks & 0xffffffff)

            times.append((whole, write))
        at += size
    return times


def units_per_second(data, order, at, end):
    while at + 4 <= end:
        code, size = struct.unpack_from(order + "HH", data, at)
        if code == 9:  # if_tsresol
            return 2 ** (data[at + 4] & 0x7f) if data[at + 4] & 0x80 else 10 ** data[at + 4]
        if code == 0:
            break
        at += 4 + (size + 3) // 4 * 4
    return 1_000_000
