#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the patches against worms with predicates that were written from the root causes, on 1,000 mutants each.

    run.py DIRECTORY [--only PATCH] [--mutants N] [--seed N] [--self-test] [--keep FOLDER]

DIRECTORY is where bansoko is. Each disagreement is named; exit code 1 on any. With --self-test the limits of the
predicates are moved by one, and it is a failure if a patch has no disagreement then.
"""
import argparse
import collections
import importlib
import ipaddress
import json
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "parity")]
from capture_file import Capture, Tcp
from mutant import CLIENT, EITHER, HOLE, SAFE

PATCHES = ("ms01-033", "ms02-039", "ms03-026", "ms04-011", "ms08-067", "ms17-010", "cve-2019-0708", "cve-2021-44228")
FIRST_CLIENT = ipaddress.ip_address("198.18.0.1")
SERVER_ADDRESS = ipaddress.ip_address("10.1.0.1")
SETTINGS = """\
shield:
  inspection: {verify_checksums: no}
  vars: {addresses: {HOME_NET: 10.0.0.0/8, EXTERNAL_NET: "!$HOME_NET"}}
"""


def predicate_of(patch):
    return importlib.import_module(patch.replace("-", "_"))


def made(predicate, patch, number, seed):
    """The mutant of this number: always the same for the same seed."""
    source = random.Random(f"{patch} {seed} {number}")
    return predicate.mutant(source), source


def send(capture, number, mutant, transport, source):
    """One flow; its label is the address of the client."""
    client, server = (FIRST_CLIENT + number, 40000), (SERVER_ADDRESS, mutant.port)
    if transport == "udp":
        for side, data in mutant.says:
            ends = (client, server) if side == CLIENT else (server, client)
            capture.udp(*ends, data, piece=source.choice((65528, 65528, 64, 24)))
        return
    connection = Tcp(capture, (client, server))
    size = source.choice((1400, 1400, 536, 100, 17))
    for side, data in mutant.says:
        connection.say(side, data, max(size, len(data) // 300))
    connection.close()


def spoken(program, folder, patch):
    """The clients about whose flows the rules of the patch spoke."""
    events = os.path.join(folder, "events.json")
    rules = os.path.join(HERE, "..", "..", "content", "patches", patch, "*.rules")
    words = [program, "replay", "--config", os.path.join(folder, "settings.yaml"), "--mode", "observe", "--rules", rules,
             "--events", events, os.path.join(folder, f"{patch}.pcap")]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    clients = set()
    for event in map(json.loads, open(events)):
        if event.get("event_type") == "alert":
            clients.update((event["src_ip"], event["dest_ip"]))
    return clients


def compare(program, folder, patch, options):
    """Counts of what the predicate said, and the disagreements."""
    predicate = predicate_of(patch)
    verdicts, what = [], []
    capture = Capture(os.path.join(folder, f"{patch}.pcap"))
    for number in range(options.mutants):
        mutant, source = made(predicate, patch, number, options.seed)
        send(capture, number, mutant, predicate.TRANSPORT, source)
        verdicts.append(predicate.verdict(mutant.message, moved=1 if options.self_test else 0))
        what.append(mutant.what)
    capture.file.close()
    clients = spoken(program, folder, patch)
    found = []
    for number, said in enumerate(verdicts):
        hit = str(FIRST_CLIENT + number) in clients
        if said != EITHER and hit != (said == HOLE):
            found.append(f"{patch} mutant {number} (seed {options.seed}): predicate {said}, rules {'hit' if hit else 'silent'}: {what[number]}")
    return collections.Counter(verdicts), found


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--only", choices=PATCHES, action="append")
    parser.add_argument("--mutants", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--keep", help="a folder where captures and events stay")
    return parser.parse_args()


def failed(patch, counts, found, options):
    """Tells how it went."""
    words = ", ".join(f"{counts[word]} {word}" for word in (HOLE, SAFE, EITHER))
    print(f"{patch}: {words}, {len(found)} disagreements{' with limits moved by one' if options.self_test else ''}")
    if options.self_test:
        return not found
    print("\n".join(found[:20]) + "\n" if found else "", end="")
    if not counts[HOLE] or not counts[SAFE]:
        print(f"{patch}: mutants of both kinds are needed")
        return True
    return bool(found)


def main():
    options = parsed()
    program = os.path.join(options.directory, "bansoko")
    bad = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "settings.yaml"), "w") as file:
            file.write(SETTINGS)
        for patch in options.only or PATCHES:
            counts, found = compare(program, folder, patch, options)
            bad |= failed(patch, counts, found, options)
    sys.exit(bad)


if __name__ == "__main__":
    main()
