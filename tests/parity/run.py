#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares Bansoko with Suricata on all rules: generated flows, near misses, and real captures.

    run.py --bin DIRECTORY [--rules FILE] [--captures FOLDER] [--root CHROOT] [--out DIRECTORY] [--every N] [--least PERCENT]

Makes the flows, leads everything through both engines, and prints the table of docs/parity.md with what differs per row in
DIRECTORY/<row>.txt. The peer's alerts are kept in DIRECTORY and used again while rules and captures stay the same.
`--every 20` is the short form: each 20th rule alone, and no captures. Needs root for the peer's chroot.
Exit code 0: each row agrees at least as --least says; 1: not; 77: no peer, or no rules. Not judged is the row of
connections that both pick up midstream: we look at the packet with which one is picked up, the peer does not.
"""
import argparse
import contextlib
import hashlib
import os
import re
import subprocess
import sys

import compare

HERE = os.path.dirname(os.path.abspath(__file__))
SETTINGS = "shield: {streams: {midstream: %s}, inspection: {verify_checksums: no}}\n"


def run(*words):
    done = subprocess.run([str(word) for word in words])
    if done.returncode == 77:
        sys.exit(77)
    if done.returncode:
        sys.exit(f"run: {os.path.basename(str(words[1]))} failed")


def captures_below(folder):
    return sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith((".pcap", ".pcapng", ".cap")))


def made(options, name, *more):
    folder = os.path.join(options.out, name)
    run(sys.executable, os.path.join(HERE, "trigger.py"), "--rules", options.rules, "--out", folder, *more)
    return captures_below(folder)


def fingerprint(paths):
    known = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            known.update(hashlib.sha256(file.read()).digest())
    return known.hexdigest()


def peer_alerts(options, name, captures, midstream):
    """The peer's alerts about these captures, from the run before if nothing changed."""
    folder = os.path.join(options.out, "peer-" + name)
    key_path, key = os.path.join(folder, "key"), fingerprint([options.rules, *captures]) + str(captures)
    if os.path.exists(key_path) and open(key_path).read() == key:
        return folder
    run(sys.executable, os.path.join(HERE, "peer.py"), "--root", options.root, "--rules", options.rules, "--out", folder,
        *(["--set", "stream.midstream=true"] if midstream else []), *captures)
    with open(key_path, "w") as file:
        file.write(key)
    return folder


def our_alerts(options, name, captures, midstream):
    settings, events = os.path.join(options.out, name + ".yaml"), os.path.join(options.out, f"ours-{name}.json")
    with open(settings, "w") as file:
        file.write(SETTINGS % ("inspect" if midstream else "ignore"))
    if os.path.exists(events):
        os.remove(events)
    words = [os.path.join(options.bin, "bansoko"), "replay", "--config", settings, "--mode", "observe", "--rules", options.rules, "--events", events, *captures]
    with open(os.path.join(options.out, f"ours-{name}.txt"), "w") as console:
        if subprocess.run(words, stdout=console, stderr=console).returncode not in (0, 1):
            sys.exit(f"run: bansoko replay failed: see {console.name}")
    return events


def alerts(options, name, captures, midstream=False):
    peer = compare.read_peer(peer_alerts(options, name, captures, midstream))
    return peer[2], compare.read_ours(our_alerts(options, name, captures, midstream))[1]


def row(options, name, captures, peer, ours, rules):
    """One line of the table; what differs goes to a file. The share that agrees, in percent."""
    known = set(captures)
    peer, ours = ({key for key in flows if key[0] in known} for flows in (peer, ours))
    with open(os.path.join(options.out, name + ".txt"), "w") as file, contextlib.redirect_stdout(file):
        compare.list_differences("only the peer", peer - ours, rules, 3, None)
        compare.list_differences("only ours", ours - peer, rules, 3, None)
    share = 100 * len(peer & ours) / max(len(peer | ours), 1)
    print(f"{name}: peer {len(peer)}, ours {len(ours)}, the same {len(peer & ours)}, agreement {share:.2f} %", flush=True)
    return share


def reached(options, folder, peer, ours):
    """How many rules have a flow on which they speak."""
    rules, spoken, by_peer, by_us = 0, 0, 0, 0
    for line in open(os.path.join(options.out, folder, "intended.tsv")):
        rules += 1
        words = line.rstrip("\n").split("\t")
        if words[1] == "-":
            continue
        theirs, mine = ((words[1], int(words[0])) in pairs for pairs in (peer, ours))
        spoken, by_peer, by_us = spoken + (theirs or mine), by_peer + theirs, by_us + mine
    print(f"rules that speak on their flows: {spoken} of {rules} ({100 * spoken / max(rules, 1):.1f} %), the peer's {by_peer}, ours {by_us}")


def pairs_of(flows):
    return {(capture, sid) for capture, _, sid in flows}


def speaking_rules(options):
    """Each nth rule, and those that only mark a flow made to speak, so that they are compared, too."""
    with open(options.rules, errors="replace") as file:
        lines = [line for line in file if line.strip() and not line.startswith("#")]
    options.rules = os.path.join(options.out, "speaking.rules")
    with open(options.rules, "w") as file:
        file.writelines(re.sub(r"([;(])\s*(flowbits\s*:\s*)?noalert\s*;", r"\1", line) for line in lines[::options.every])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", required=True, help="where bansoko is")
    parser.add_argument("--rules", default="../shared/data/rules/etopen.rules")
    parser.add_argument("--captures", default="../shared/data/captures")
    parser.add_argument("--root", default="/var/tmp/suricata-peer/8", help="the folder that Suricata stands in")
    parser.add_argument("--out", default="/tmp/bansoko-parity")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--least", type=float, default=99)
    options = parser.parse_args()
    if not os.path.exists(options.rules) or not os.path.exists(os.path.join(options.root, "usr/bin/suricata")) or os.geteuid() != 0:
        print("run: skipped: no rules, no peer, or not root", file=sys.stderr)
        sys.exit(77)
    os.makedirs(options.out, exist_ok=True)
    short = options.every > 1
    speaking_rules(options)
    rules = compare.rules_by_sid(options.rules)
    hits, near = made(options, "trigger"), made(options, "near", "--near", "1")
    real = [] if short else captures_below(options.captures)
    peer, ours = alerts(options, "default", hits + near + real)
    reached(options, "trigger", pairs_of(peer), pairs_of(ours))
    shares = [row(options, name, captures, peer, ours, rules) for name, captures in (("trigger", hits), ("near", near), ("captures", real)) if captures]
    if real:
        row(options, "captures-midstream", real, *alerts(options, "midstream", real, True), rules)
    sys.exit(0 if min(shares) >= options.least else 1)


if __name__ == "__main__":
    main()
