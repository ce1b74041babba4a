#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The live gateway against a program that accepts everything, in the same run.

One TCP stream through a router made of network namespaces (GSO on), then small questions and answers: without a
queue, with accept-all, and with bansoko-shield and 300 rules, with unlimited and with default depth. Several rounds
in turn; medians, and ratios to accept-all. Client and server stay on a core each (the first and the last): left to the
scheduler they share one in some runs, at half the speed. As root.

usage: live.py [--bin DIR] [--rounds N] [--seconds N] [--port N] [--json]
"""
import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live"))
import rules as bench_rules
from lab import Lab, Shield, why_not

RULES = 300
PING_PORT = 7
CORES = {"client": 0, "server": (os.cpu_count() or 1) - 1}


class Accept:
    """accept-all in the gateway."""

    def __init__(self, lab):
        self.process = subprocess.Popen(["ip", "netns", "exec", lab.gateway, os.path.join(lab.bin_dir, "accept-all"), "1"],
                                        stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("accept-all did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Nothing:
    def stop(self):
        pass


def shield(lab, lines, depth):
    more = [] if depth is None else ["streams:", f"  depth: {depth}"]
    return Shield(lab, lines, more=more)


def at(lab, end):
    """How to run a program at one end."""
    return ["ip", "netns", "exec", getattr(lab, end), "taskset", "-c", str(CORES[end])]


def stream(lab, port, seconds):
    """Gbit/s that arrived over one TCP connection, client to server."""
    server = subprocess.Popen([*at(lab, "server"), "iperf3", "-s", "-1", "-p", str(port), "--forceflush"], stdout=subprocess.PIPE, text=True)
    while "listening" not in server.stdout.readline():
        pass
    done = subprocess.run([*at(lab, "client"), "iperf3", "-c", lab.address(), "-p", str(port), "-t", str(seconds), "-O", "1", "-J"],
                          capture_output=True, text=True)
    server.kill()
    server.communicate()
    return json.loads(done.stdout)["end"]["sum_received"]["bits_per_second"] / 1e9


def ping(lab, seconds):
    program = os.path.join(lab.bin_dir, "ping-pong")
    done = subprocess.run([*at(lab, "client"), program, "ask", lab.address(), str(PING_PORT), str(seconds)],
                          capture_output=True, text=True)
    answer = json.loads(done.stdout)
    return answer["p50_ns"] / 1000, answer["p99_ns"] / 1000


def measure(lab, start, port, seconds):
    middle = start()
    server = subprocess.Popen([*at(lab, "server"), os.path.join(lab.bin_dir, "ping-pong"), "serve", str(PING_PORT)])
    try:
        row = {"gbit_s": stream(lab, port, seconds)}
        row["p50_us"], row["p99_us"] = ping(lab, seconds)
        if isinstance(middle, Shield):
            status = middle.status()
            row |= {name: status[name] for name in ("packets", "bytes", "stream_bytes", "inspected_bytes", "verdicts", "limits")}
            row["batch_p99_us"] = status["latency_ns"]["p99"] / 1000
        return row
    finally:
        server.kill()
        server.wait()
        middle.stop()


def run(options):
    name, lines = bench_rules.for_servers(os.path.join(options.bin, "bansoko"), RULES)
    starts = {"no queue": lambda lab: Nothing(), "accept-all": Accept,
              "depth 0": lambda lab: shield(lab, lines, 0), "default": lambda lab: shield(lab, lines, None)}
    rows = {key: [] for key in starts}
    for number in range(options.rounds):
        for key, start in starts.items():
            with contextlib.closing(Lab(options.bin)) as lab:
                rows[key].append(measure(lab, lambda: start(lab), options.port, options.seconds))
            print(f"round {number + 1}, {key}: {rows[key][-1]}", file=sys.stderr)
    return name, rows


def report(name, rows):
    """Medians, and the medians of the ratios to accept-all of the same round."""
    print(f"{RULES} rules ({name}), one worker, {len(rows['default'])} rounds, medians")
    print(f"{'':12}{'Gbit/s':>8}{'/accept':>9}{'p50 us':>8}{'/accept':>9}{'p99 us':>8}{'/accept':>9}")
    for key, got in rows.items():
        line = f"{key:12}"
        for figure, width in (("gbit_s", 2), ("p50_us", 1), ("p99_us", 1)):
            value = statistics.median(row[figure] for row in got)
            ratio = statistics.median(row[figure] / base[figure] for row, base in zip(got, rows["accept-all"]))
            line += f"{value:8.{width}f}{ratio:9.2f}"
        print(line)
    for key in ("depth 0", "default"):
        limits = [row["limits"] for row in rows[key] if row["limits"]]
        if limits:
            print(f"{key}: limits reached: {limits}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", default=os.path.join(bench_rules.ROOT, "build", "bin"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--port", type=int, default=80, help="of the stream")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    reason = why_not() or (None if shutil.which("iperf3") else "the program iperf3 is missing")
    if reason is not None:
        print(f"skipped: {reason}")
        return
    name, rows = run(options)
    report(name, rows)
    if options.json:
        print(json.dumps(rows))


if __name__ == "__main__":
    main()
