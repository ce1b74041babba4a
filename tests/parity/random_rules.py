#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes random rules about payloads, and payloads over the same few letters, to compare what options mean.

    random_rules.py --seed N --count N --out DIRECTORY

Each rule has a port of its own, so that only its own flows are looked at. Writes DIRECTORY/random.rules and
DIRECTORY/random.pcap.
"""
import argparse
import ipaddress
import os
from random import Random

from capture_file import Capture, Tcp

FLOWS_PER_RULE = 8
LETTERS = "abAB01"


def word(random, longest=3):
    return "".join(random.choice(LETTERS) for _ in range(random.randint(1, longest)))


def content(random, relative, names):
    text = word(random)
    size = len(text)
    options = []
    amount = lambda low, high: random.choice(names) if names and random.random() < 0.3 else str(random.randint(low, high))
    if relative and random.random() < 0.6:
        if random.random() < 0.7:
            options.append("distance:" + amount(-4, 6))
        if random.random() < 0.6 or not options:
            options.append("within:" + amount(size, size + 6))
    else:
        if random.random() < 0.4:
            options.append("offset:" + amount(0, 6))
        if random.random() < 0.4:
            options.append("depth:" + amount(size, size + 6))
        if not options and random.random() < 0.2:
            options.append("startswith")
    if random.random() < 0.2:
        options.append("nocase")
    if random.random() < 0.1 and not any(option.startswith(("offset", "depth", "startswith", "within", "distance")) for option in options):
        options.append("endswith")
    negated = random.random() < 0.2
    return [f'content:{"!" if negated else ""}"{text}"'] + options, not negated


def number_option(random, relative, names):
    here = ",relative" if relative and random.random() < 0.6 else ""
    offset = random.randint(-3 if here else 0, 6)
    kind = random.choice(["byte_test", "byte_jump", "byte_extract", "isdataat", "pcre", "string_test"])
    if kind == "byte_test":
        value = random.choice([48, 65, 97, 24929, 16705])
        return [f"byte_test:{random.choice([1, 2])},{random.choice(['>', '<', '=', '!=', '&', '!&', '>=', '<='])},{value},{offset}{here}" + random.choice(["", ",little"])], False
    if kind == "string_test":
        return [f"byte_test:{random.choice([1, 2, 3])},{random.choice(['>', '<', '='])},{random.choice([0, 1, 10, 11])},{offset}{here},string,{random.choice(['dec', 'hex', 'oct'])}"], False
    if kind == "byte_jump":
        extra = random.choice(["", ",from_beginning", ",post_offset -2", ",post_offset 1", ",align", ",multiplier 2"])
        return [f"byte_jump:1,{offset}{here},string,dec{extra}"], True
    if kind == "byte_extract" and len(names) < 2:
        names.append(f"v{len(names)}")
        return [f"byte_extract:1,{offset},{names[-1]}{here},string,dec"], True
    if kind == "pcre":
        pattern = "".join(random.choice([word(random, 2), "[ab]", ".", "a+", "\\d", "(?:a|B)", "0?"]) for _ in range(random.randint(1, 3)))
        flags = random.choice(["", "i", "s"]) + ("R" if relative and random.random() < 0.6 else "")
        return [f'pcre:{"!" if random.random() < 0.2 else ""}"/{random.choice(["", "^"])}{pattern}/{flags}"'], False
    return [f"isdataat:{'!' if random.random() < 0.4 else ''}{random.randint(1, 12)}{here}"], False


def rule(random, number):
    options, names, relative, positive = [], [], False, 0
    for _ in range(random.randint(1, 5)):
        more, moves = content(random, relative, names) if not positive or random.random() < 0.6 else number_option(random, relative, names)
        options += more
        relative = relative or (moves and more[0].startswith("content"))
        positive += moves
    protocol = random.choice(["udp", "tcp", "tcp-pkt"])
    flow = "" if protocol == "udp" else "flow:established,to_server; "
    size = f"dsize:{random.choice(['>', '<'])}{random.randint(5, 25)}; " if random.random() < 0.1 else ""
    return protocol, f'alert {protocol} any any -> any {2000 + number} (msg:"random"; {flow}{size}{"; ".join(options)}; sid:{number + 1};)'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    random = Random(options.seed)
    os.makedirs(options.out, exist_ok=True)
    capture = Capture(os.path.join(options.out, "random.pcap"))
    with open(os.path.join(options.out, "random.rules"), "w") as rules:
        for number in range(options.count):
            protocol, text = rule(random, number)
            rules.write(text + "\n")
            for flow in range(FLOWS_PER_RULE):
                data = [word(random, 30).encode() for _ in range(random.randint(1, 3))]
                ends = [(ipaddress.ip_address(0x0a000000 + number * FLOWS_PER_RULE + flow), 30000 + flow), (ipaddress.ip_address("172.16.0.1"), 2000 + number)]
                if protocol == "udp":
                    capture.udp(ends[0], ends[1], data[0])
                    continue
                tcp = Tcp(capture, ends)
                for piece in data:
                    tcp.say(0, piece)
                tcp.close()


if __name__ == "__main__":
    main()
