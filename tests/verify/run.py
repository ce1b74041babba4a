#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs cases of the peer's own test suite (suricata-verify) through `bansoko replay`.

A case passes when each of its checks about alerts holds. It is not claimed when it asks for what we do not have: a
rule option, an argument, a setting, or checks about nothing but other kinds of events; the reason is told, and summed
up with --why. Cases listed in differs.txt may fail, with the reason that stands there.

usage: run.py [--bin DIR] [--suite DIR] [--verbose] [--why] [NAME-BEGINS-WITH...]
"""
import argparse
import collections
import ipaddress
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
VERSION = (9, 0, 0)  # of the peer: what its cases ask for
SKIPPED = 77
# By the setting's name: what it is here, by its value. None: it changes no alert.
ARGUMENTS = {
    "-k": {"none": "inspection: {verify_checksums: no}", "all": ""},
    "--simulate-ips": {"": "mode: enforce"},
    "--runmode": {"single": "", "autofp": ""},
    "app-layer.protocols.http.libhtp.default-config.response-body-decompress-layer-limit": {"3": "protocols: {http: {coding_layers: 3}}"},
    "decoder.erspan.typeI.enabled": {"true": ""},
    "decoder.vxlan.enabled": {"true": ""},
    "default-rule-path": None,
    "detect.prefilter.default": None,
    "logging.outputs.1.file.type": None,
    "outputs.1.eve-log.types.1.frame.enabled": None,
    "stats.decoder-events": None,
    "stream.async-oneside": {"true": "streams: {midstream: inspect}", "false": ""},
    "stream.inline": {"true": "", "false": ""},  # we never wait for an acknowledgement
    "stream.midstream": {"true": "streams: {midstream: inspect}", "false": ""},
    "stream.midstream-policy": {"ignore": ""},
    "stream.reassembly.urgent.policy": {"drop": "streams: {urgent: drop}", "inline": "streams: {urgent: inline}"},
}
# The peer ignores connections whose beginning was not seen, unless it is told.
DEFAULT = "streams: {midstream: ignore}"
# Of a case's own settings: what changes no alert.
HARMLESS_SETTINGS = {"outputs", "stats", "logging", "default-log-dir", "engine-analysis"}
COMPARISONS = {"alert.signature_id", "alert.signature", "alert.gid", "alert.rev", "alert.severity", "alert.category", "alert.action",
               "src_ip", "dest_ip", "src_port", "dest_port", "proto", "pcap_cnt", "tunnel.src_ip", "tunnel.dest_ip",
               "tunnel.src_port", "tunnel.dest_port", "tunnel.proto", "pcap_filename", "app_proto", "event_type", "direction", "tx_id", "ip_v"}
# What the peer calls differently.
SYNONYMS = {("proto", "IP-in-IP"): "IPIP", ("proto", "IPv6-in-IP"): "IPv6", ("tunnel.proto", "IP-in-IP"): "IPIP"}
COMPARE = {
    "": lambda found, wanted: found == wanted,
    "endswith": lambda found, wanted: isinstance(found, str) and found.endswith(wanted),
    "startswith": lambda found, wanted: isinstance(found, str) and found.startswith(wanted),
    "find": lambda found, wanted: isinstance(found, str) and wanted in found,
    "gt": lambda found, wanted: found is not None and found > wanted,
    "gte": lambda found, wanted: found is not None and found >= wanted,
    "lt": lambda found, wanted: found is not None and found < wanted,
    "lte": lambda found, wanted: found is not None and found <= wanted,
}


class NotClaimed(Exception):
    pass


def version_of(text):
    numbers = [int(number) for number in re.findall(r"\d+", str(text))]
    return tuple((numbers + [0, 0])[:3])


def is_for_us(requires):
    """Whether a case or a check is for this version, as the suite's own runner decides it."""
    requires = requires or {}
    if "min-version" in requires and VERSION < version_of(requires["min-version"]):
        return False
    if "lt-version" in requires and VERSION >= version_of(requires["lt-version"]):
        return False
    return "version" not in requires


def require(requires):
    if not is_for_us(requires):
        raise NotClaimed("another version")
    missing = set(requires or {}) - {"min-version", "lt-version", "pcap"}
    if missing:
        named = (requires.get("features") or ["?"])[0] if missing == {"features"} else sorted(missing)[0]
        raise NotClaimed(f"the requirement {named}")


def argument_of(name, value):
    if name not in ARGUMENTS or (ARGUMENTS[name] is not None and value not in ARGUMENTS[name]):
        raise NotClaimed(f"the argument {name}" + (f"={value}" if value else ""))
    return ARGUMENTS[name][value] if ARGUMENTS[name] is not None else ""


def arguments_of(case, description):
    """Names and values, of options of the command and of settings alike."""
    words = " ".join(description.get("args", []) or []).split()
    if "ips" in case.name.split("-"):
        words.append("--simulate-ips")
    while words:
        word = words.pop(0)
        if word in ("-k", "--set"):
            word = (word + " " if word == "-k" else "") + words.pop(0)
        name, _, value = word.replace("-k ", "-k=").partition("=")
        yield name, value


def own_settings(case):
    """What the case's own file says, as arguments; fails on what may change an alert and is unknown here."""
    path = case / "suricata.yaml"
    if not path.exists():
        return
    known = (yaml.safe_load(path.read_text(errors="replace").replace("%YAML 1.1", "")) or {})
    for group, content in known.items():
        if group in HARMLESS_SETTINGS:
            continue
        if group == "vars":
            yield "vars", content
        elif group == "stream" and isinstance(content, dict):
            yield from ((f"stream.{name}", str(value).lower()) for name, value in content.items())
        elif group == "app-layer" and all(set(each or {}) <= {"enabled", "detection-ports"} and (each or {}).get("enabled", True) is True
                                          for each in content.get("protocols", {}).values()):
            continue
        else:
            raise NotClaimed(f"settings of its own: {group}")


def variables_of(content):
    groups = {"addresses": content.get("address-groups", {}), "ports": content.get("port-groups", {})}
    return "vars: " + json.dumps({name: {key: str(value) for key, value in group.items()} for name, group in groups.items() if group})


def settings_of(case, description):
    lines = {"streams": DEFAULT}
    for name, value in [*own_settings(case), *arguments_of(case, description)]:
        line = variables_of(value) if name == "vars" else argument_of(name, value)
        if line:
            lines[line.split(":")[0]] = line
    return "shield:\n" + "".join(f"  {line}\n" for line in lines.values())


def capture_of(case, description):
    if "pcap" in description:
        return (case / description["pcap"]).resolve() if description["pcap"] else None
    found = sorted(path for path in case.iterdir() if path.suffix in (".pcap", ".pcapng"))
    if len(found) != 1:
        raise NotClaimed("not one capture")
    return found[0]


def rules_of(case, description):
    found = sorted(case.glob("*.rules"))
    path = case / description["rules"] if "rules" in description else found[0] if len(found) == 1 else case / "test.rules"
    if not path.exists():
        raise NotClaimed("no rules")
    text = path.read_text(errors="surrogateescape")
    return text


def is_about_alerts(match):
    return match.get("event_type") == "alert" or ("event_type" not in match and any(field.startswith("alert.") for field in match))


def filters_of(description):
    """The checks about alerts. One that compares what we do not write is left out."""
    filters = []
    unknown = set()
    for check in description.get("checks", []) or []:
        wanted = check.get("filter")
        if wanted is None or not is_about_alerts(wanted.get("match", {})) or not is_for_us(wanted.get("requires")):
            continue
        missing = {field for field in wanted["match"] if field.split(".__")[0] not in COMPARISONS or field.split(".__")[1:] not in
                   ([[]] + [[name] for name in COMPARE])}
        if missing or set(wanted) - {"count", "match", "requires", "comment"}:
            unknown |= missing or set(wanted) - {"count", "match", "requires", "comment"}
            continue
        filters.append(wanted)
    if not filters:
        raise NotClaimed(f"alerts compared by {sorted(unknown)[0]}" if unknown else "no check about alerts")
    return filters


def value_of(event, path):
    for part in path.split("."):
        event = event.get(part) if isinstance(event, dict) else None
    return event


def same(event, field, wanted):
    path, _, how = field.partition(".__")
    found = value_of(event, path) if path != "ip_v" else 6 if ":" in event.get("src_ip", "") else 4
    wanted = SYNONYMS.get((path, wanted), wanted)
    if path.endswith("_ip") and isinstance(found, str) and ":" in str(wanted):
        return ipaddress.ip_address(found) == ipaddress.ip_address(wanted)
    return COMPARE[how](found, wanted)


def replay(options, case, settings, rules, capture, folder):
    paths = {name: os.path.join(folder, name) for name in ("settings.yaml", "test.rules", "events.json")}
    for name, text in (("settings.yaml", settings), ("test.rules", rules)):
        with open(paths[name], "w", errors="surrogateescape") as file:
            file.write(text)
    for beside in case.iterdir():  # what rules load
        if beside.is_file() and beside.suffix not in (".pcap", ".pcapng", ".yaml", ".rules", ".lua"):
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
    require(description.get("requires"))
    filters = filters_of(description)
    settings = settings_of(case, description)
    trouble, events = replay(options, case, settings, rules_of(case, description), capture_of(case, description), folder)
    if trouble:
        return trouble
    wrong = []
    for wanted in filters:
        found = sum(event.get("event_type") == "alert" and all(same(event, field, value) for field, value in wanted["match"].items())
                    for event in events)
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
    parser.add_argument("--why", action="store_true", help="sum up why cases are not claimed")
    parser.add_argument("names", nargs="*", help="of cases, how they begin; all of the suite")
    options = parser.parse_args()
    if yaml is None or not options.suite.exists():
        print(f"skipped: {'the Python module yaml is missing' if yaml is None else f'{options.suite} is not there'}")
        return SKIPPED
    differs = known_differences()
    tally = collections.defaultdict(collections.Counter)
    reasons = collections.Counter()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, case in cases(options.suite, options.names or [""]):
            group = name.split("/")[0] if "/" in name else name.split("-")[0]
            try:
                trouble = run_case(options, case, folder)
                result = "passed" if not trouble else "differs" if name in differs else "failed"
            except NotClaimed as reason:
                trouble, result = str(reason), "not claimed"
                reasons[re.sub(r" \(valid: .*", "", trouble)] += 1
            tally[group][result] += 1
            if result == "passed" and name in differs:
                trouble, result = "listed in differs.txt, and passes", "failed"
            bad += result == "failed"
            if result == "failed" or (options.verbose and result != "passed"):
                print(f"{result:12} {name}: {trouble}")
    print(f"{'':16}{'passed':>8}{'differs':>9}{'failed':>8}{'not claimed':>13}")
    for group, counts in sorted(tally.items()):
        print(f"{group:16}{counts['passed']:8}{counts['differs']:9}{counts['failed']:8}{counts['not claimed']:13}")
    if options.why:
        print("\nnot claimed:")
        for reason, count in reasons.most_common():
            print(f"{count:5}  {reason}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
