#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the alerts of the peer with ours, over distinct (capture, sid) and (capture, flow, sid).

    compare.py --rules FILE --peer DIRECTORY --ours FILE [--show N]

DIRECTORY is what peer.py wrote; FILE is what `bansoko replay --events FILE` wrote over the same captures. Differences
are listed by sid with the rule's text. Exit code 0: the same pairs; 1: not; 77: no peer's alerts to compare with.
"""
import argparse
import collections
import json
import os
import re
import sys


def flow_of(event):
    """The same for both directions and both engines."""
    ends = sorted([(event.get("src_ip", ""), event.get("src_port", 0)), (event.get("dest_ip", ""), event.get("dest_port", 0))])
    if event.get("proto", "").upper() not in ("TCP", "UDP", "SCTP"):
        ends = sorted((ip, 0) for ip, _ in ends)
    return event.get("proto", "").upper(), *ends


def expand(address):
    """IPv6 as the peer writes it: in full."""
    if ":" not in address:
        return address
    import ipaddress
    return ipaddress.ip_address(address).compressed


def take(event, capture, pairs, flows, counts):
    # Other generators are findings that no rule made.
    if event.get("event_type") != "alert" or event["alert"].get("gid", 1) != 1:
        return
    for end in ("src_ip", "dest_ip"):
        event[end] = expand(event.get(end, ""))
    sid = event["alert"]["signature_id"]
    pairs.add((capture, sid))
    flows.add((capture, flow_of(event), sid))
    counts[capture, sid] += 1


def read_peer(directory):
    pairs, flows, counts, captures = set(), set(), collections.Counter(), []
    for row in open(os.path.join(directory, "captures.tsv")):
        number, capture = row.rstrip("\n").split("\t")
        captures.append(capture)
        for line in open(os.path.join(directory, f"{number}.json")):
            take(json.loads(line), capture, pairs, flows, counts)
    return captures, pairs, flows, counts


def read_ours(path):
    pairs, flows, counts = set(), set(), collections.Counter()
    for line in open(path):
        event = json.loads(line)
        take(event, event.get("pcap_filename", ""), pairs, flows, counts)
    return pairs, flows, counts


def rules_by_sid(path):
    rules = {}
    for line in open(path, errors="replace"):
        found = re.search(r"\bsid\s*:\s*(\d+)", line)
        if found and not line.startswith("#"):
            rules[int(found[1])] = line.strip()
    return rules


def agreement(name, peer, ours):
    union = peer | ours
    same = peer & ours
    print(f"{name}: peer {len(peer)}, ours {len(ours)}, the same {len(same)}, only peer {len(peer - ours)}, "
          f"only ours {len(ours - peer)}, agreement {100 * len(same) / len(union) if union else 100:.2f} %")


def list_differences(title, only, rules, show, counts):
    by_sid = collections.defaultdict(list)
    for key in sorted(only, key=str):
        by_sid[key[-1]].append(key[:-1])
    print(f"\n## {title}: {len(only)} in {len(by_sid)} rules")
    for sid, where in sorted(by_sid.items(), key=lambda row: -len(row[1])):
        print(f"\n{sid}: {len(where)}  {rules.get(sid, '(no such rule)')}")
        for key in where[:show]:
            print("    " + " ".join(map(str, key)) + (f"  ({counts[key[0], sid]} alerts)" if counts and counts[key[0], sid] else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rules", required=True)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--show", type=int, default=3, help="places named per rule")
    options = parser.parse_args()
    if not os.path.exists(os.path.join(options.peer, "captures.tsv")):
        print("compare: skipped: no alerts of the peer", file=sys.stderr)
        sys.exit(77)
    rules = rules_by_sid(options.rules)
    captures, peer_pairs, peer_flows, peer_counts = read_peer(options.peer)
    our_pairs, our_flows, our_counts = read_ours(options.ours)
    print(f"{len(captures)} captures, {len(rules)} rules")
    agreement("(capture, sid)", peer_pairs, our_pairs)
    agreement("(capture, flow, sid)", peer_flows, our_flows)
    list_differences("only the peer", peer_flows - our_flows, rules, options.show, peer_counts)
    list_differences("only ours", our_flows - peer_flows, rules, options.show, our_counts)
    sys.exit(0 if peer_pairs == our_pairs else 1)


if __name__ == "__main__":
    main()
