#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries every way around a lockdown that bypass/ knows, on a scratch file system in namespaces of its own.

usage: run_bypass.py [--system none|fapolicyd|bansoko] [--mode enforce|observe] [WAY ...]
Each way is tried without any system first: one that does not work there proves nothing, and is named.
Exit code 0: each way ended as expected. 1: one did not. 77: it cannot be tried here.
"""
import argparse
import fnmatch
import sys

import bansoko_system
import results
import scratch
import systems
import trial
import ways


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ways", nargs="*", metavar="WAY", help="only these ways; * stands for any part of a name")
    parser.add_argument("--system", choices=("none", "fapolicyd", "bansoko"), default="none")
    parser.add_argument("--mode", choices=("enforce", "observe"), default="enforce")
    parser.add_argument("--kernel-class", choices=ways.KERNEL_CLASSES, default="current")
    parser.add_argument("--bin", default="build/dev/bin", help="the folder of Bansoko's programs")
    parser.add_argument("--fapolicyd", default="", metavar="FOLDER", help="where fapolicyd's package was unpacked, if it is not installed")
    parser.add_argument("--rules", choices=tuple(systems.Fapolicyd.SETS), default="known-libs", help="which of fapolicyd's rule sets")
    parser.add_argument("--tools", action="append", default=[], metavar="FOLDER", help="packages unpacked: programs the host has not")
    parser.add_argument("--json", metavar="FILE", help="write the results there")
    parser.add_argument("--write-docs", nargs="?", const=results.MEASURED, metavar="FOLDER",
                        help="write the results that were saved in a folder (tests/lockdown/measured) into the documentation, and end")
    parser.add_argument("--self-test", action="store_true", help="show that it can fail")
    parser.add_argument("--keep", action="store_true", help="keep the folder with what each way said")
    return parser.parse_args()


def system_of(given):
    if given.system == "fapolicyd":
        return systems.Fapolicyd(given.mode, given.rules, given.fapolicyd)
    if given.system == "bansoko":
        return bansoko_system.Bansoko(given.mode, given.bin, given.kernel_class)
    return systems.NoSystem(given.mode)


def chosen(patterns):
    every = ways.read_all()
    picked = [way for way in every if not patterns or any(fnmatch.fnmatch(way.name, pattern) for pattern in patterns)]
    if not picked:
        sys.exit(f"no way is called {' or '.join(patterns)}")
    return picked


def say(outcome):
    print(f"  {outcome.way.name}: {outcome.result}", file=sys.stderr, flush=True)


def try_all(given, system, picked):
    bench = trial.Bench(picked, given.tools)
    try:
        bare = systems.NoSystem()
        outcomes = trial.Trial(bench, bare).run(say)
        if system.name == "none":
            return outcomes
        known = {outcome.way.name: outcome for outcome in outcomes}
        return trial.Trial(bench, system).run(say, known)
    finally:
        if given.keep:
            print(f"kept: {bench.folder}", file=sys.stderr)
        else:
            bench.close()


class _Blind(systems.NoSystem):
    """Claims to be a lockdown, and stops nothing."""

    name = "bansoko"


def self_test(given):
    """A system that stops nothing must fail; so must a way that does nothing, without any system."""
    picked = chosen(["elf_execve", "script_sh", "library_preload", "control_*"])
    outcomes = try_all(given, _Blind(), picked)
    judged = [results.judge(outcome, "bansoko", "enforce", "current") for outcome in outcomes]
    blind = [one.outcome.way.name for one in judged if one.word == "BYPASS"]
    idle = ways.dataclasses.replace(picked[-1], steps="true\n", kernel="")
    broken = results.judge(try_all(given, systems.NoSystem(), [idle])[0], "none", "enforce", "current")
    silent = [results.judge(outcome, "bansoko", "observe", "current").ok for outcome in outcomes if not outcome.way.control]
    ok = sorted(blind) == ["elf_execve", "library_preload", "script_sh"] and broken.word == "broken" and not any(silent)
    print("self-test: " + ("a blind system, a silent one and an idle way all fail" if ok else f"FAILED: {blind} {broken.word} {silent}"))
    return 0 if ok else 1


def main():
    given = arguments()
    if given.write_docs:
        results.write_docs(ways.read_all(), given.write_docs)
        return 0
    system = system_of(given)
    if reason := scratch.why_not() or system.why_not():
        print(f"skipped: {reason}")
        return scratch.SKIPPED
    scratch.enter_namespaces()
    if given.self_test:
        return self_test(given)
    outcomes = try_all(given, system, chosen(given.ways))
    judged = [results.judge(outcome, system.name, given.mode, given.kernel_class) for outcome in outcomes]
    print(results.table(judged))
    print(results.summary(judged))
    if given.json:
        results.save(results.as_data(judged, system, given.kernel_class), given.json)
    return 0 if all(one.ok for one in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
