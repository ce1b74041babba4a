#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Without a peer: each rule of own.rules speaks on the flow made for it, and is silent on the near miss.

    own_test.py DIRECTORY      where bansoko is
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(HERE, "own.rules")


def spoken(program, folder, *more):
    """The rules that spoke, and all for which there is a flow."""
    subprocess.run([sys.executable, os.path.join(HERE, "trigger.py"), "--rules", RULES, "--out", folder, *more], check=True, stderr=subprocess.DEVNULL)
    events = os.path.join(folder, "events.json")
    words = [program, "replay", "--config", os.path.join(folder, "settings.yaml"), "--mode", "observe", "--rules", RULES, "--events", events,
             os.path.join(folder, "trigger-00.pcap")]
    with open(os.path.join(folder, "settings.yaml"), "w") as file:
        file.write("shield: {inspection: {verify_checksums: no}}\n")
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    made = {int(line.split("\t")[0]): line.split("\t") for line in open(os.path.join(folder, "intended.tsv"))}
    clients = {words[2]: sid for sid, words in made.items() if words[1] != "-"}
    found = set()
    for line in open(events):
        event = json.loads(line)
        if event.get("event_type") == "alert":
            sid = event["alert"]["signature_id"]
            if sid in (clients.get(event["src_ip"]), clients.get(event["dest_ip"])):
                found.add(sid)
    return found, set(made)


def main():
    program = os.path.join(sys.argv[1], "bansoko")
    failures = []
    with tempfile.TemporaryDirectory() as hit, tempfile.TemporaryDirectory() as near:
        found, rules = spoken(program, hit)
        failures += [f"rule {sid} is silent on its flow" for sid in sorted(rules - found)]
        found, _ = spoken(program, near, "--near", "1")
        failures += [f"rule {sid} speaks on a near miss" for sid in sorted(found)]
    print("\n".join(failures) or f"{len(rules)} rules")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
