#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes one flow per rule that ought to match it, so that two engines can be compared rule by rule.

    trigger.py --rules FILE --out DIRECTORY

Writes DIRECTORY/trigger-<n>.pcap (some thousand flows each) and DIRECTORY/intended.tsv: which flow is meant for which
rule, or why a rule has none. What is not handled (a class of pcre, say) only costs a flow; what an engine makes of a
flow that misses its aim is compared all the same.
"""
import argparse
import ipaddress
import os
import re
import struct
import sys
from random import Random

from rule_reader import read_rules
from wanted_bytes import Cannot, build

FLOWS_PER_FILE = 2000
NAMES = {"http.host": "Host", "http.host.raw": "Host", "http.user_agent": "User-Agent", "http.cookie": "Cookie",
         "http.referer": "Referer", "http.content_type": "Content-Type", "http.accept": "Accept",
         "http.accept_enc": "Accept-Encoding", "http.accept_lang": "Accept-Language", "http.connection": "Connection",
         "http.server": "Server", "http.location": "Location"}


class Capture:
    """A pcap file of raw IP packets, a millisecond apart."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 101))
        self.time = 1_700_000_000_000_000

    def packet(self, source, dest, protocol, body):
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0x4000, 64, protocol, 0, source.packed, dest.packed)
        total = sum(struct.unpack(">10H", head))
        total = (total & 0xffff) + (total >> 16)
        total = (total & 0xffff) + (total >> 16)
        data = head[:10] + struct.pack(">H", ~total & 0xffff) + head[12:] + body
        self.time += 1000
        self.file.write(struct.pack("<IIII", self.time // 1_000_000, self.time % 1_000_000, len(data), len(data)) + data)


class Tcp:
    """One connection; each message is acknowledged."""

    def __init__(self, capture, ends, flags=None):
        self.capture, self.ends, self.sequence = capture, ends, [1000, 5000]
        if flags is not None:
            self.send(0, b"", flags)
            return
        self.send(0, b"", 0x02)
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


def uri_text(rule, wanted, fixed):
    """As it stands on the request line: what cannot stand there is encoded."""
    text = bytearray(wanted or b"/")
    if text[:1] != b"/" and not (fixed and fixed[0]):
        text[0] = ord("/")
    anchored = any(step.modifiers.keys() & {"startswith", "depth", "offset"} for step in rule.steps("http.uri"))
    if text[:1] != b"/" and not anchored:
        text[:0] = b"/"
    return b"".join(bytes([c]) if 0x21 <= c <= 0x7e and c not in b"%" else b"%%%02x" % c for c in text)


def bare(data):
    """A value for one header line."""
    return bytes(data).replace(b"\r\n", b"").replace(b"\n", b"").replace(b"\r", b"")


def header_lines(rule, made, default):
    """Lines in the order that http.header_names asks for, with the values that the other buffers ask for."""
    values = {NAMES[name].lower(): (NAMES[name].encode(), bare(data)) for name, (data, _) in made.items() if name in NAMES}
    denied = [step.data.strip(b"\r\n").lower() for step in rule.steps("http.header_names") if step.negated]
    for name, value in default:
        if name.lower().encode() not in denied:
            values.setdefault(name.lower(), (name.encode(), value))
    lines = []
    names = bytes(made["http.header_names"][0]).split(b"\r\n") if "http.header_names" in made else []
    for name in names:
        known = values.pop(name.decode("latin-1").lower(), None)
        if name:
            lines.append(name + b": " + (known[1] if known else b"1"))
    block = b"".join(bytes(made[name][0]) for name in ("http.header", "http.header.raw") if name in made)
    if block:
        if b":" not in block.split(b"\r\n")[0]:
            block = b"X-Fill: " + block
        lines += [line for line in block.split(b"\r\n") if line]
    present = {line.split(b":")[0].lower() for line in lines}
    lines += [name + b": " + value for name, value in values.values() if name.lower() not in present]
    return lines


def finish(start, lines, body, made):
    if "http.content_len" in made and bytes(made["http.content_len"][0]).isdigit():
        body = body.ljust(min(int(bytes(made["http.content_len"][0])), 60000), b"a")
    lines = [b"Content-Length: %d" % len(body) if line.lower() == b"content-length: 1" else line for line in lines]
    if body and not any(line.lower().startswith((b"content-length:", b"transfer-encoding:")) for line in lines):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([start, *lines, b"", b""]) + body


def request_of(rule, made):
    body = bytes(made["http.request_body"][0]) if "http.request_body" in made else b""
    method = bare(made["http.method"][0]) if "http.method" in made else (b"POST" if body else b"GET")
    raw = bytes(made["http.uri.raw"][0]) if "http.uri.raw" in made and "http.uri" not in made else None
    uri = raw if raw is not None else uri_text(rule, *made.get("http.uri", (b"/", b"\0")))
    start = method + b" " + uri + b" " + (bare(made["http.protocol"][0]) if "http.protocol" in made else b"HTTP/1.1")
    if "http.request_line" in made:
        start = bare(made["http.request_line"][0])
        if not re.match(rb"[A-Z]+ ", start):
            start = b"GET /" + start
        if b" HTTP/1." not in start:
            start += b" HTTP/1.1"
    return finish(start, header_lines(rule, made, [("Host", b"h.example")]), body, made)


def response_of(rule, made):
    body = bytes(made["http.response_body"][0]) if "http.response_body" in made else b""
    code = bare(made["http.stat_code"][0]) if "http.stat_code" in made else b"200"
    start = b"HTTP/1.1 " + code + b" " + (bare(made["http.stat_msg"][0]) if "http.stat_msg" in made else b"OK")
    if "http.response_line" in made:
        start = bare(made["http.response_line"][0])
    lines = header_lines(rule, made, [] if body else [("Content-Length", b"0")])
    return finish(start, lines, body, made)


def is_answer(rule):
    words = ",".join(rule.values("flow"))
    if "to_client" in words or "from_server" in words:
        return True
    return any(name in ("http.stat_code", "http.stat_msg", "http.response_body", "http.server", "http.location", "http.response_line")
               for name, _ in rule.buffers)


def made_for(rule):
    names = dict.fromkeys(name for name, steps in rule.buffers if steps)
    return {name: build(rule.steps(name)) for name in names}


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
ASK = b"GET / HTTP/1.1\r\nHost: h.example\r\n\r\n"


def messages_of(rule):
    """What each side says, in order."""
    made = made_for(rule)
    payload = bytes(made["payload"][0]) if "payload" in made else b""
    for value in rule.values("dsize"):
        low = re.match(r"[<>=!]*\s*(\d+)", value)
        wanted = int(low[1]) + (value.startswith(">") or "<>" in value) - value.startswith("<")
        payload = payload.ljust(min(max(wanted, 0), 1400), b"a")
    answer = is_answer(rule)
    if rule.protocol == "http" or any(name.startswith("http.") for name in made):
        if payload and len(made) == 1:
            return [(0, ASK), (1, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(payload) + payload)] if answer else \
                [(0, b"POST / HTTP/1.1\r\nHost: h.example\r\nContent-Length: %d\r\n\r\n" % len(payload) + payload), (1, OK)]
        return [(0, ASK), (1, response_of(rule, made))] if answer else [(0, request_of(rule, made)), (1, OK)]
    return ([(0, b"hello"), (1, payload)] if rule.protocol == "udp" else [(1, payload)]) if answer else [(0, payload)]


def port_of(text, fallback):
    text = text.replace("$HTTP_PORTS", "80").replace("$ORACLE_PORTS", "1521").replace("$SSH_PORTS", "22").replace("$FTP_PORTS", "21")
    ports = [word for word in re.sub(r"!\[[^\]]*\]", "", text).strip("[]").split(",") if word and not word.startswith(("!", "$"))]
    if not ports or ports[0] == "any":
        denied = set(re.findall(r"\d+", text))
        return next(port for port in (fallback, 8081, 4444, 50001) if str(port) not in denied)
    first = ports[0].strip().split(":")
    return int(first[0] or 1) or 1


def address_of(text, fallback):
    found = re.search(r"(?<![!\d.])(\d+\.\d+\.\d+\.\d+)", text)
    return ipaddress.ip_address(found[1]) if found and "!" not in text.split(found[1])[0][-1:] else fallback


def setter_of(rule, setters):
    """Rules that set the bits it asks for."""
    first = []
    for value in rule.values("flowbits"):
        word, _, names = value.partition(",")
        if word == "isset":
            known = [setters[name.strip()] for name in names.split("|") if name.strip() in setters]
            if not known:
                raise Cannot("flowbit without a setter")
            if known[0].sid != rule.sid:
                first.append(known[0])
    return first


def times(rule):
    counts = [int(n) for value in rule.values("threshold") + rule.values("detection_filter") for n in re.findall(r"count\s+(\d+)", value)]
    return min(max(counts, default=1) + bool(rule.values("detection_filter")), 12)


def change(data, random):
    """Near misses: a byte less, more or other, or the case of one letter."""
    if not data:
        return data
    at = random.randrange(len(data))
    return random.choice([data[:at] + data[at + 1:], data[:at] + b"x" + data[at:], data[:at] + b"~" + data[at + 1:],
                          data[:at] + data[at:at + 1].swapcase() + data[at + 1:], data[:at] + data[at:at + 8] + data[at:]])


def write_flow(capture, rule, number, setters, options, random):
    client, server = ipaddress.ip_address(0x0a000000 + number + 256), ipaddress.ip_address(0xac100000 + number + 256)
    answer = is_answer(rule)
    from_, to = address_of(rule.source, None), address_of(rule.dest, None)
    ends = [to, from_] if answer else [from_, to]
    ports = [rule.dest_port, rule.source_port] if answer else [rule.source_port, rule.dest_port]
    client, server = ends[0] or client, ends[1] or server
    talk = [message for known in setter_of(rule, setters) for message in messages_of(known)]
    talk += messages_of(rule) * times(rule)
    if random:
        talk = [(side, change(data, random)) for side, data in talk]
    pair = [(client, port_of(ports[0], 10000 + number % 50000)), (server, port_of(ports[1], 80 if rule.protocol == "http" else 7777))]
    if rule.protocol == "icmp":
        kind = int(re.search(r"\d+", (rule.values("itype") or ["8"])[0])[0])
        code = int(re.search(r"\d+", (rule.values("icode") or ["0"])[0])[0])
        for side, data in talk:
            capture.packet(pair[side][0], pair[1 - side][0], 1, struct.pack(">BBHHH", kind, code, 0, number & 0xffff, 1) + data)
    elif rule.protocol in ("udp", "ip"):
        for side, data in talk:
            (source, sport), (dest, dport) = pair[side], pair[1 - side]
            capture.packet(source, dest, 17, struct.pack(">HHHH", sport, dport, 8 + len(data), 0) + data)
    else:
        tcp = Tcp(capture, pair)
        for side, data in talk:
            tcp.say(side, data, options.segment)
        tcp.close()
    return pair


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rules", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--segment", type=int, default=1400, help="bytes of one TCP segment")
    parser.add_argument("--change", type=int, help="a seed: each message is changed by a few bytes, for near misses")
    options = parser.parse_args()
    random = Random(options.change) if options.change is not None else None
    rules = read_rules(options.rules)
    setters = {}
    for rule in rules:
        for value in rule.values("flowbits"):
            word, _, name = value.partition(",")
            if word == "set" and not any(other.startswith("isset") for other in rule.values("flowbits")):
                setters.setdefault(name.strip(), rule)
    os.makedirs(options.out, exist_ok=True)
    capture, made = None, 0
    with open(os.path.join(options.out, "intended.tsv"), "w") as index:
        for number, rule in enumerate(rules):
            if number % FLOWS_PER_FILE == 0:
                path = os.path.join(options.out, f"trigger-{number // FLOWS_PER_FILE}.pcap")
                capture = Capture(path)
            try:
                (client, cport), (server, sport) = write_flow(capture, rule, number, setters, options, random)
                index.write(f"{rule.sid}\t{path}\t{client}\t{cport}\t{server}\t{sport}\n")
                made += 1
            except (Cannot, ValueError, IndexError, struct.error, re.error, StopIteration) as error:
                index.write(f"{rule.sid}\t-\t{type(error).__name__}: {error}\n")
    print(f"{made} flows for {len(rules)} rules", file=sys.stderr)


if __name__ == "__main__":
    main()
