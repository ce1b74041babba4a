#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes one flow per rule that ought to match it, so that two engines can be compared rule by rule.

    trigger.py --rules FILE --out DIRECTORY [--near SEED | --change SEED] [--segment BYTES] [--every N]

Writes DIRECTORY/trigger-<n>.pcap (some thousand flows each) and DIRECTORY/intended.tsv: which flow is meant for which
rule, or why a rule has none. What is not handled (a class of pcre, say) only costs a flow; what an engine makes of a
flow that misses its aim is compared all the same. `--near` makes near misses: one byte that a rule asks for is another,
in a message that is else well formed. `--change` changes bytes of the message itself, which then is often malformed.
"""
import argparse
import base64
import ipaddress
import os
import re
import struct
import sys
from random import Random

import dns_traffic
import http_traffic
import line_traffic
import tls_traffic
from capture_file import Capture, Tcp
from rule_reader import Step, read_rules
from wanted_bytes import FIXED, Cannot, build

FLOWS_PER_FILE = 2000
DEEPEST_CHAIN = 4
MOST_TIMES = 100
PORTS = {"http": 80, "dns": 53, "tls": 443, "smtp": 25, "ftp": 21, "ssh": 22, "smb": 445, "dcerpc": 135, "snmp": 161}
PORT_NAMES = {"$HTTP_PORTS": "80", "$ORACLE_PORTS": "1521", "$SSH_PORTS": "22", "$FTP_PORTS": "21", "$SHELLCODE_PORTS": "!80",
              "$FILE_DATA_PORTS": "80", "$DNP3_PORTS": "20000", "$MODBUS_PORTS": "502"}
OF_ANSWERS = ("http.stat_code", "http.stat_msg", "http.response_body", "http.server", "http.location", "http.response_line",
              "tls.certs", "tls.cert_subject", "tls.cert_issuer", "tls.cert_serial")


def is_answer(rule):
    words = ",".join(rule.values("flow"))
    if "to_client" in words or "from_server" in words:
        return True
    if "to_server" in words or "from_client" in words:
        return False
    if rule.protocol == "dns" and re.search(r"msg:\"[^\"]*(Repl|Resp)", rule.text):
        return True
    return any(name in OF_ANSWERS for name, _ in rule.buffers)


def speaks(rule):
    """The protocol whose messages a rule is about; none where it is about bytes."""
    names = [name for name, steps in rule.buffers if steps]
    if rule.protocol in ("http", "dns", "tls", "smtp", "ftp", "ssh", "smb"):
        return rule.protocol
    if any(name.startswith(("http.", "file.data")) for name in names):
        return "http"
    return "tls" if any(name.startswith("tls.") for name in names) else ""


def template_of(rule, name):
    protocol = speaks(rule)
    if name == "payload" and protocol == "dns":
        return dns_traffic.template(is_answer(rule))
    if name == "payload" and protocol == "smb":
        return line_traffic.smb_template(rule)
    if name == "payload" and protocol == "ssh":
        return b"SSH-2.0-" if any(step.data.startswith(b"SSH-") for step in rule.steps(name)) else b""
    return http_traffic.TEMPLATES.get(name, b"")


def decoded_first(rule):
    """Contents about base64 that is unpacked become contents of the buffer that holds it."""
    wanted = rule.steps("base64_data")
    if not wanted:
        return
    text = base64.b64encode(bytes(build(wanted)[0]))
    for _, steps in rule.buffers:
        for at, step in enumerate(steps):
            if step.kind == "base64_decode":
                offset = re.search(r"offset\s+(\d+)", step.text)
                place = {"distance" if "relative" in step.text else "offset": offset[1] if offset else "0"}
                steps[at] = Step("content", text, modifiers=place)
    rule.buffers = [(name, steps) for name, steps in rule.buffers if name != "base64_data"]


def other_byte(value):
    """Another byte of the same kind, and not the other case of the same letter."""
    for first, last in ((0x61, 0x7a), (0x41, 0x5a), (0x30, 0x39)):
        if first <= value <= last:
            return value + 1 if value < last else first
    return value ^ 0x40 if value >= 0x80 else (value + 1) & 0x7f


def miss(made, random):
    """One byte that is asked for becomes another: a letter or a digit where there is one, so that the message stays what it is."""
    meant = [(name, at) for name, (_, fixed) in made.items() for at, kind in enumerate(fixed) if kind == FIXED]
    plain = [(name, at) for name, at in meant if bytes(made[name][0][at:at + 1]).isalnum()]
    if meant:
        name, at = random.choice(plain or meant)
        made[name][0][at] = other_byte(made[name][0][at])


def made_for(rule, near):
    decoded_first(rule)
    names = dict.fromkeys(name for name, steps in rule.buffers if steps)
    made = {name: build(rule.steps(name), template_of(rule, name), b"/" if name == "http.uri" else b"") for name in names}
    if near:
        miss(made, near)
    return made


def raw_messages(rule, made, answer):
    payload = bytes(made["payload"][0]) if "payload" in made else b""
    return ([(0, b"hello"), (1, payload)] if rule.protocol == "udp" else [(1, payload)]) if answer else [(0, payload)]


def messages_of(rule, near=None):
    """What each side says, in order."""
    made, protocol = made_for(rule, near), speaks(rule)
    makers = {"http": http_traffic.messages, "dns": dns_traffic.messages, "tls": tls_traffic.messages, "smtp": line_traffic.smtp,
              "ftp": line_traffic.ftp, "ssh": line_traffic.ssh, "smb": line_traffic.smb}
    return makers.get(protocol, raw_messages)(rule, made, is_answer(rule))


def port_of(text, fallback):
    for name, ports in PORT_NAMES.items():
        text = text.replace(name, ports)
    ports = [word for word in re.sub(r"!\[[^\]]*\]", "", text).strip("[]").split(",") if word and not word.startswith(("!", "$"))]
    if not ports or ports[0] == "any":
        denied = set(re.findall(r"\d+", text))
        return next(port for port in (fallback, 8081, 4444, 50001) if str(port) not in denied)
    first = ports[0].strip().split(":")
    return int(first[0] or 1) or 1


def address_of(text, fallback):
    found = re.search(r"(?<![!\d.])(\d+\.\d+\.\d+\.\d+)", text)
    return ipaddress.ip_address(found[1]) if found and "!" not in text.split(found[1])[0][-1:] else fallback


def setters_of(rule, setters, depth=0):
    """Rules that set the bits it asks for, those that they ask for first."""
    chain = []
    for option in ("flowbits", "xbits"):
        for value in rule.values(option):
            word, _, names = value.partition(",")
            if word != "isset":
                continue
            known = [setters[option, name.strip()] for name in names.split(",")[0].split("|") if (option, name.strip()) in setters]
            if not known:
                raise Cannot(option + " without a setter")
            if known[0].sid != rule.sid and depth < DEEPEST_CHAIN:
                chain += setters_of(known[0], setters, depth + 1) + [known[0]]
    return chain


def find_setters(rules):
    """By name: the rule that sets it; one that asks for nothing itself if there is one."""
    setters = {}
    for rule in sorted(rules, key=lambda rule: "isset" in rule.text):
        for option in ("flowbits", "xbits"):
            for value in rule.values(option):
                word, _, name = value.partition(",")
                if word == "set":
                    setters.setdefault((option, name.split(",")[0].strip()), rule)
    return setters


def times(rule):
    counts = [int(n) for value in rule.values("threshold") + rule.values("detection_filter") for n in re.findall(r"count\s+(\d+)", value)]
    return min(max(counts, default=1) + bool(rule.values("detection_filter")), MOST_TIMES)


def change(data, random):
    """A byte less, more or other, or the case of one letter."""
    if not data:
        return data
    at = random.randrange(len(data))
    return random.choice([data[:at] + data[at + 1:], data[:at] + b"x" + data[at:], data[:at] + b"~" + data[at + 1:],
                          data[:at] + data[at:at + 1].swapcase() + data[at + 1:], data[:at] + data[at:at + 8] + data[at:]])


def ends_of(rule, chain, number):
    """Client and server, with ports that also suit the rules before it where it leaves them open."""
    client, server = ipaddress.ip_address(0x0a000000 + number + 256), ipaddress.ip_address(0xac100000 + number + 256)
    answer = is_answer(rule)
    from_, to = address_of(rule.source, None), address_of(rule.dest, None)
    addresses = [to, from_] if answer else [from_, to]
    ports = [rule.dest_port, rule.source_port] if answer else [rule.source_port, rule.dest_port]
    for known in chain:
        other = [known.dest_port, known.source_port] if is_answer(known) else [known.source_port, known.dest_port]
        ports = [theirs if ours == "any" else ours for ours, theirs in zip(ports, other)]
    return [(addresses[0] or client, port_of(ports[0], 10000 + number % 50000)),
            (addresses[1] or server, port_of(ports[1], PORTS.get(speaks(rule), 7777)))]


def write_icmp(capture, rule, pair, talk, number):
    kind = int(re.search(r"\d+", (rule.values("itype") or ["8"])[0])[0])
    code = int(re.search(r"\d+", (rule.values("icode") or ["0"])[0])[0])
    for side, data in talk:
        capture.packet(pair[side][0], pair[1 - side][0], 1, struct.pack(">BBHHH", kind, code, 0, number & 0xffff, 1) + data)


def write_talk(capture, rule, pair, talk, segment):
    is_syn = any(value.startswith("S") and "A" not in value for value in rule.values("flags"))
    if is_syn:
        for side, data in talk:
            Tcp(capture, pair, data)
        return
    tcp = Tcp(capture, pair)
    for side, data in talk:
        tcp.say(side, data, segment)
    tcp.close()


def write_flow(capture, rule, number, setters, options, random):
    near = random if options.near is not None else None
    chain = setters_of(rule, setters)
    pair = ends_of(rule, chain, number)
    talk = [message for known in chain for message in messages_of(known)]
    talk += messages_of(rule, near) * times(rule)
    if random and not near:
        talk = [(side, change(data, random)) for side, data in talk]
    if rule.protocol == "icmp":
        write_icmp(capture, rule, pair, talk, number)
    elif rule.values("ip_proto"):
        for side, data in talk:
            capture.packet(pair[side][0], pair[1 - side][0], int(rule.values("ip_proto")[0]), data)
    elif rule.protocol in ("udp", "ip", "dns"):
        for side, data in talk:
            capture.udp(pair[side], pair[1 - side], data)
    else:
        write_talk(capture, rule, pair, talk, options.segment)
    return pair


def write_all(rules, options, random):
    setters = find_setters(rules)
    capture, made = None, 0
    with open(os.path.join(options.out, "intended.tsv"), "w") as index:
        for number, rule in enumerate(rules[::options.every]):
            if number % FLOWS_PER_FILE == 0:
                path = os.path.join(options.out, f"trigger-{number // FLOWS_PER_FILE:02}.pcap")
                capture = Capture(path)
            try:
                (client, cport), (server, sport) = write_flow(capture, rule, number, setters, options, random)
                index.write(f"{rule.sid}\t{path}\t{client}\t{cport}\t{server}\t{sport}\n")
                made += 1
            except (Cannot, ValueError, IndexError, KeyError, struct.error, re.error, StopIteration) as error:
                index.write(f"{rule.sid}\t-\t{type(error).__name__}: {error}\n")
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rules", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--segment", type=int, default=1400, help="bytes of one TCP segment")
    parser.add_argument("--near", type=int, help="a seed: near misses, one byte of what a rule asks for is another")
    parser.add_argument("--change", type=int, help="a seed: each message is changed by a few bytes")
    parser.add_argument("--every", type=int, default=1, help="flows for each nth rule only")
    options = parser.parse_args()
    seed = options.near if options.near is not None else options.change
    os.makedirs(options.out, exist_ok=True)
    rules = read_rules(options.rules)
    made = write_all(rules, options, Random(seed) if seed is not None else None)
    print(f"{made} flows for {len(rules[::options.every])} rules", file=sys.stderr)


if __name__ == "__main__":
    main()
