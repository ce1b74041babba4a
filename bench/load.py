#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the load of rules takes: time and memory, without and with the cache of compiled patterns.

Each row is `bansoko replay` of a capture without packets, so that it holds the whole process: start, rules, tables, end.

usage: load.py [--bin DIR] [--rules FILE] [--rounds N]
"""
import argparse
import os
import statistics
import struct
import subprocess
import sys
import tempfile

import rules as bench_rules

FEW = 300


# The kernel counts to a program's peak what its parent held when it began it (getrusage(2), exec): the parent is a small one.
SMALL_PARENT = """
import os, sys, time
start = time.monotonic()
nothing = os.open(os.devnull, os.O_WRONLY)
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nothing, 1), (os.POSIX_SPAWN_DUP2, nothing, 2)])
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


def run(program, rules, config, capture):
    done = subprocess.run([sys.executable, "-S", "-E", "-c", SMALL_PARENT, program, "replay", "--mode", "enforce",
                           "--rules", rules, "--config", config, capture], capture_output=True, text=True, check=True)
    code, *figures = map(float, done.stdout.split())
    if code != 0:
        raise SystemExit(f"replay failed with {code:.0f}")
    return dict(zip(("s", "cpu_s", "peak_mib"), figures))


def settings(folder, name, cache):
    path = os.path.join(folder, name)
    bench_rules.write(path, ["shield:", "  pattern_cache:", f"    folder: \"{cache}\""])
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", default=os.path.join(bench_rules.ROOT, "build", "bin"))
    parser.add_argument("--rules", default=bench_rules.ETOPEN)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    program = os.path.join(options.bin, "bansoko")
    with tempfile.TemporaryDirectory() as folder:
        capture = os.path.join(folder, "empty.pcap")
        with open(capture, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        few = os.path.join(folder, "few.rules")
        bench_rules.write(few, bench_rules.for_servers(program, FEW)[1])
        without = settings(folder, "without.yaml", "")
        with_cache = settings(folder, "with.yaml", os.path.join(folder, "cache"))
        print(f"{'medians':28}{'s':>8}{'cpu s':>8}{'peak MiB':>10}")
        for name, rules in ((f"{FEW} rules", few), ("all rules", options.rules)):
            if not os.path.exists(rules):
                continue
            run(program, rules, with_cache, capture)
            for title, config in ((f"{name}, no cache", without), (f"{name}, cache", with_cache)):
                rows = [run(program, rules, config, capture) for _ in range(options.rounds)]
                middle = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
                print(f"{title:28}{middle['s']:8.2f}{middle['cpu_s']:8.2f}{middle['peak_mib']:10.0f}")


if __name__ == "__main__":
    main()
