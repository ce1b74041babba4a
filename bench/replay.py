#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`bansoko replay` and a peer on the same capture, with the same rules, one worker each, in turn.

The rules are those of etopen.rules in which `bansoko rules check` finds no fault. Both decide inline, with the same
limits: 1 MiB of each side of a stream, 100 KiB of each HTTP body, no connection whose beginning was not seen. Speed is the run without the load of the rules.

usage: replay.py [--bin DIR] [--capture FILE] [--rules FILE] [--peer PROGRAM] [--rounds N]
The peer's program is called like ../shared/tools/suricata-peer (as root); without it only our own figures are shown.
The capture: by default made by ../shared/tools/make-traffic; BENCH_CAPTURE and BENCH_PEER name others.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import rules as bench_rules

TOOLS = os.path.join(bench_rules.SHARED, "tools")
SETTINGS = ["shield:", "  streams: {midstream: ignore}", "  pattern_cache: {folder: ''}"]
CAPTURE = "/var/tmp/bansoko-bench.pcap"
LIMITS = ["stream.reassembly.depth=1mb", *(f"app-layer.protocols.http.libhtp.default-config.{side}-body-limit=100kb"
                                           for side in ("request", "response"))]


def ours(options, rules, settings):
    start = time.monotonic()
    process = subprocess.Popen(
        [os.path.join(options.bin, "bansoko"), "replay", "--mode", "enforce", "--summary", "json", "--config", settings, "--rules", rules,
         options.capture],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    summary = json.loads(process.stdout.read())
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    total = time.monotonic() - start
    return {"run_s": summary["seconds"], "load_s": total - summary["seconds"], "cpu_s": usage.ru_utime + usage.ru_stime,
            "peak_mib": usage.ru_maxrss / 1024, "gbit_s": summary["gigabits_per_second"], "alerts": summary["alerts"],
            "inspected_bytes": summary["inspected_bytes"], "stream_bytes": summary["stream_bytes"]}


def peers(options, rules):
    settings = [word for limit in LIMITS for word in ("--set", limit)]
    done = subprocess.run([options.peer, "time", options.capture, rules, "--simulate-ips", *settings], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the peer failed: {done.stderr[-1000:]}")
    row = json.loads(done.stdout)
    row["gbit_s"] = row.pop("gbit_per_s")
    return row


def capture():
    """The capture to use; made once."""
    given = os.environ.get("BENCH_CAPTURE", CAPTURE)
    if not os.path.exists(given):
        maker = os.path.join(TOOLS, "make-traffic")
        if not os.path.exists(maker):
            return None
        print(f"making {given}; this takes some minutes", file=sys.stderr)
        subprocess.run([maker, given, "0.3"], check=True, stdout=sys.stderr)
    return given


def report(mine, others):
    print(f"{'medians':12}{'bansoko':>12}" + (f"{'peer':>12}{'ratio':>12}" if others else ""))
    better_if_less = ("run_s", "load_s", "cpu_s", "peak_mib")
    for figure in ("gbit_s", *better_if_less, "alerts"):
        line = f"{figure:12}{statistics.median(row[figure] for row in mine):12.2f}"
        if others:
            ratio = statistics.median(own[figure] / max(theirs[figure], 1e-9) for own, theirs in zip(mine, others))
            line += f"{statistics.median(row[figure] for row in others):12.2f}{ratio:12.2f}"
        print(line)
    print("\nbytes searched, by buffer (ours; the peer has no such counter: its statistics count packets and")
    print("sessions, and its profiling of buffers is a build option that Debian's package does not have)")
    print(f"  {mine[0]['stream_bytes']:14,}  in order in TCP streams")
    for name, count in sorted(mine[0]["inspected_bytes"].items(), key=lambda item: -item[1]):
        print(f"  {count:14,}  {name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", default=os.path.join(bench_rules.ROOT, "build", "bin"))
    parser.add_argument("--capture")
    parser.add_argument("--rules", default=bench_rules.ETOPEN)
    parser.add_argument("--peer", default=os.environ.get("BENCH_PEER", os.path.join(TOOLS, "suricata-peer")))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    options.capture = options.capture or capture()
    if options.capture is None or not os.path.exists(options.rules):
        print("skipped: there is no capture, or no rules")
        return
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, "bench.rules")
        bench_rules.write(rules, bench_rules.usable(os.path.join(options.bin, "bansoko"), options.rules))
        settings = os.path.join(folder, "bench.yaml")
        bench_rules.write(settings, SETTINGS)
        with_peer = os.path.exists(options.peer) and os.geteuid() == 0
        if not with_peer:
            print(f"no peer: {options.peer} is not there, or this is not root")
        mine, others = [], []
        for number in range(options.rounds):
            mine.append(ours(options, rules, settings))
            print(f"round {number + 1}: bansoko {mine[-1]['run_s']:.2f} s", file=sys.stderr)
            if with_peer:
                others.append(peers(options, rules))
                print(f"round {number + 1}: peer {others[-1]['run_s']:.2f} s", file=sys.stderr)
    report(mine, others)


if __name__ == "__main__":
    main()
