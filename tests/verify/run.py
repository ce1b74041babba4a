#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs cases of the peer's own test suite (suricata-verify) through `bansoko replay`.

A case passes when each of its checks about alerts holds. It is not claimed when it asks for what we do not have: a
rule option, an argument, or checks about nothing but other kinds of events; the reason is told. Cases listed in
differs.txt may fail, with the reason that stands there.

usage: run.py [--bin DIR] [--suite DIR] [--verbose] [NAME-BEGINS-WITH...]
"""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    yaml = None

HERE = pathlib.Path(__file__).resolve().parent
SHARED = pathlib.Path(os.environ.get("BANSOKO_SHARED", HERE.parents[2] / "shared"))
SUITE = SHARED / "data" / "suricata-verify"
GROUPS = ("decode", "defrag", "ipv4", "ipv6", "stream-", "streamsize", "tcp-", "vxlan", "http-evader", "issue-3267", "issue-3341", "detect-icmp-id", "detect-ipopts", "datasets",
          "detect-app-layer-protocol")
SKIPPED = 77
KNOWN_ARGUMENTS = {
    "-k none": "inspection: {verify_checksums: no}",
    "--simulate-ips": "mode: enforce",
    "--runmode=single": "",
    "--set app-layer.protocols.http.libhtp.default-config.response-body-decompress-layer-limit=3": "protocols: {http: {coding_layers: 3}}",
    "--set stream.reassembly.urgent.policy=drop": "streams: {urgent: drop}",
    "--set stream.reassembly.urgent.policy=inline": "streams: {urgent: inline}",
    "--set decoder.erspan.typeI.enabled=true": "",
}
# What the peer matches whatever it came in; of these cases only bodies of HTTP responses matter.
SPELLINGS = ((re.compile(r"\bfile_data;"), "http.response_body;"), (re.compile(r"\bfile\.data;"), "http.response_body;"))
COMPARISONS = {"alert.signature_id", "alert.signature", "alert.gid", "alert.action", "src_ip", "dest_ip", "src_port", "dest_port", "proto", "pcap_cnt",
               "app_proto", "event_type", "direction"}


class NotClaimed(Exception):
    pass


def settings_of(case, description):
    words = [word for line in description.get("args", []) or [] for word in re.findall(r"-k none|--set \S+|--\S+(?:=\S+)?|\S+", line)]
    lines = []
    if "ips" in case.name.split("-"):
        words.append("--simulate-ips")
    for word in words:
        if word not in KNOWN_ARGUMENTS:
            raise NotClaimed(f"the argument {word}")
        lines.append(KNOWN_ARGUMENTS[word])
    if (case / "suricata.yaml").exists():
        raise NotClaimed("settings of its own")
    return "shield:\n" + "".join(f"  {line}\n" for line in sorted(set(lines)) if line) if any(lines) else "shield: {}\n"


def capture_of(case, description):
    if "pcap" in description:
        return (case / description["pcap"]).resolve() if description["pcap"] else None
    found = sorted(path for path in case.iterdir() if path.suffix in (".pcap", ".pcapng"))
    if len(found) != 1:
        raise NotClaimed("not one capture")
    return found[0]


def rules_of(case, description):
    path = case / description["rules"] if "rules" in description else case / "test.rules"
    if not path.exists():
        raise NotClaimed("no rules")
    text = path.read_text(errors="surrogateescape")
    for pattern, ours in SPELLINGS:
        text = pattern.sub(ours, text)
    return text


def filters_of(description):
    """The checks about alerts."""
    filters = []
    for check in description.get("checks", []) or []:
        wanted = check.get("filter")
        if wanted is None or wanted.get("match", {}).get("event_type") != "alert":
            continue
        if not set(wanted["match"]) <= COMPARISONS or set(wanted) - {"count", "match", "requires", "comment"}:
            continue
        filters.append(wanted)
    if not filters:
        raise NotClaimed("no check about alerts that we can make")
    return filters


def value_of(event, path):
    for part in path.split("."):
        event = event.get(part) if isinstance(event, dict) else None
    return event


def same(event, path, wanted):
    found = value_of(event, path)
    if path.endswith("_ip") and isinstance(found, str) and ":" in str(wanted):
        import ipaddress
        return ipaddress.ip_address(found) == ipaddress.ip_address(wanted)
    return found == wanted


def replay(options, case, settings, rules, capture, folder):
    paths = {name: os.path.join(folder, name) for name in ("settings.yaml", "test.rules", "events.json")}
    for name, text in (("settings.yaml", settings), ("test.rules", rules)):
        with open(paths[name], "w", errors="surrogateescape") as file:
            file.write(text)
    for beside in case.iterdir():  # what rules load
        if beside.suffix in (".csv", ".lst", ".rep"):
            shutil.copy(beside, folder)
    if os.path.exists(paths["events.json"]):
        os.remove(paths["events.json"])
    done = subprocess.run([os.path.join(options.bin, "bansoko"), "replay", "--config", paths["settings.yaml"], "--rules", paths["test.rules"],
                           "--events", paths["events.json"], str(capture)], capture_output=True, text=True, errors="replace")
    fault = re.search(r": error: (.*)", done.stderr)
    if fault:
        raise NotClaimed(f"a rule: {fault[1][:100]}")
    if done.returncode != 0:
        return f"replay ended with {done.returncode}: {done.stderr.strip()[-200:]}", []
    with open(paths["events.json"]) as file:
        return "", [json.loads(line) for line in file]


def run_case(options, case, folder):
    """Why it failed; empty: it passed."""
    path = case / "test.yaml"
    description = (yaml.safe_load(path.read_text()) if path.exists() else None) or {}
    filters = filters_of(description)
    settings = settings_of(case, description)
    trouble, events = replay(options, case, settings, rules_of(case, description), capture_of(case, description), folder)
    if trouble:
        return trouble
    wrong = []
    for wanted in filters:
        found = sum(all(same(event, path, value) for path, value in wanted["match"].items()) for event in events)
        if found != wanted["count"]:
            wrong.append(f"{wanted['match'].get('alert.signature_id', '?')}: {found} instead of {wanted['count']}")
    return "; ".join(wrong)


def known_differences():
    table = {}
    for line in (HERE / "differs.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, reason = line.split(None, 1)
            table[name] = reason
    return table


def cases(suite, groups):
    tests = suite / "tests"
    for case in sorted(path.parent for path in tests.rglob("test.yaml")):
        if str(case.relative_to(tests)).startswith(tuple(groups)):
            yield str(case.relative_to(tests)), case


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", default=str(HERE.parents[1] / "build" / "bin"))
    parser.add_argument("--suite", type=pathlib.Path, default=SUITE)
    parser.add_argument("--verbose", action="store_true", help="tell of every case")
    parser.add_argument("names", nargs="*", default=GROUPS)
    options = parser.parse_args()
    if yaml is None or not options.suite.exists():
        print(f"skipped: {'the Python module yaml is missing' if yaml is None else f'{options.suite} is not there'}")
        return SKIPPED
    differs = known_differences()
    tally = collections.defaultdict(collections.Counter)
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, case in cases(options.suite, options.names or GROUPS):
            group = name.split("/")[0] if "/" in name else name.split("-")[0]
            try:
                trouble = run_case(options, case, folder)
                result = "passed" if not trouble else "differs" if name in differs else "failed"
            except NotClaimed as reason:
                trouble, result = str(reason), "not claimed"
            tally[group][result] += 1
            if result == "passed" and name in differs:
                trouble, result = "listed in differs.txt, and passes", "failed"
            bad += result == "failed"
            if result == "failed" or (options.verbose and result != "passed"):
                print(f"{result:12} {name}: {trouble}")
    print(f"{'':16}{'passed':>8}{'differs':>9}{'failed':>8}{'not claimed':>13}")
    for group, counts in sorted(tally.items()):
        print(f"{group:16}{counts['passed']:8}{counts['differs']:9}{counts['failed']:8}{counts['not claimed']:13}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
