# SPDX-License-Identifier: Apache-2.0
"""DNS messages (RFC 1035) whose names or bytes are what a rule asks for."""
import struct

TXT_ANSWER = b"\xc0\x0c\x00\x10\x00\x01"


def wire_name(text):
    """A name as labels; one that cannot stand alone gets letters before, between or behind."""
    labels = [label or b"a" for label in bytes(text).rstrip(b".").split(b".")]
    return b"".join(bytes([len(label)]) + label for label in (label[:63] for label in labels)) + b"\0"


def header(is_answer):
    return struct.pack(">HHHHHH", 0x1234, 0x8180 if is_answer else 0x0100, 1, 1 if is_answer else 0, 0, 0)


def question(name):
    return header(False) + wire_name(name) + struct.pack(">HH", 1, 1)


def template(is_answer):
    return header(is_answer) + b"\x01a\x04test"


def with_text_record(data):
    """A TXT record is given its time to live and its sizes."""
    at = data.find(TXT_ANSWER)
    if at < 0:
        return data
    at += len(TXT_ANSWER)
    text = data[at:][:255]
    return data[:at] + struct.pack(">IHB", 60, len(text) + 1, len(text)) + text


def messages(rule, made, answer):
    if "payload" in made:
        data = bytes(made["payload"][0])
        if answer:
            return [(0, question(b"a.test")), (1, with_text_record(data))]
        return [(0, data if data.endswith(b"\0\1\0\1") else data + struct.pack(">HH", 1, 1) if data.endswith(b"\0") else data + b"\0\0\1\0\1")]
    name = bytes(made["dns.query"][0]) if "dns.query" in made else b"a.test"
    if "dns.query" in rule.dotted and name.startswith(b"."):
        name = name[1:]
    return [(0, question(name))]
