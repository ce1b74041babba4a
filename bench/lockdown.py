#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a lockdown costs, in one run: nothing, Bansoko, fapolicyd, in turn over several rounds; medians, and ratios to nothing.

Each system watches a scratch file system in namespaces of its own; it is mounted anew for each, so that what is called cold has not
been read since the mount (the image itself stays in the host's cache). As root; what is not installed is left out, and named.

usage: lockdown.py [--bin DIR] [--fapolicyd DIR] [--rounds N] [--execs N] [--opens N] [--files N] [--json]
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/lockdown"))

import bansoko_system  # noqa: E402
import root_folder  # noqa: E402
import scratch  # noqa: E402
import systems  # noqa: E402

PROGRAMS = "bash sh true sleep umount".split()
WARM_FILES = 100
FILES_A_FOLDER = 100
TITLES = {"exec": "fork+exec of an approved program", "open": "open+close of data files, warm", "first": "first open of a data file",
          "walk": "cold tree walk, a file"}
NOTHING = "nothing"


def fill(folder, count):
    for number in range(count):
        place = folder / str(number // FILES_A_FOLDER)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.csv").write_text(f"{number},1,2,3\n" * 200)


def make_content(folder, given):
    root = root_folder.RootFolder(folder)
    root.add_programs(PROGRAMS)
    root.compile(HERE / "lockdown_load.c", "helpers/load")
    source = folder.parent / "nothing.c"
    source.write_text("int main(void) { return 0; }\n")
    root.compile(source, "helpers/nothing")
    fill(root.folder / "home/warm", WARM_FILES)
    fill(root.folder / "home/first", given.files)
    fill(root.folder / "home/walk", given.files)
    return root


def measure(image, folder, system, given):
    """One round of one system: microseconds of each load."""
    place = scratch.Scratch(image, folder / "root")
    try:
        system.approve(place)
        system.start(place)
        warm = [f"/home/warm/0/{number}.csv" for number in range(WARM_FILES)]
        loads = {"walk": ["walk", "/home/walk"], "exec": ["exec", given.execs, "/helpers/nothing"], "open": ["open", given.opens, *warm],
                 "first": ["first", "/home/first"]}
        return {name: load(place, words) / 1000 for name, words in loads.items()}
    finally:
        system.stop()
        place.close()


def load(place, words):
    done = subprocess.run(place.command(["/helpers/load", *words], root_folder.USER), capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words[:2]))}: {done.stderr.strip()}")
    return float(done.stdout)


def summarise(rounds):
    """Medians of each system, and of its ratios to nothing in the same round."""
    found = {}
    for name, each in rounds.items():
        found[name] = {what: {"us": round(statistics.median(one[what] for one in each), 3),
                              "ratio": round(statistics.median(one[what] / bare[what] for one, bare in zip(each, rounds[NOTHING])), 3)}
                       for what in TITLES}
    return found


def show(found):
    print(f"{'':36}" + "".join(f"{name:>24}" for name in found))
    for what, title in TITLES.items():
        print(f"{title:36}" + "".join(f"{one[what]['us']:>13.2f} us {one[what]['ratio']:>6.2f}x" for one in found.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="build/release/bin", help="the folder of Bansoko's programs")
    parser.add_argument("--fapolicyd", default="", metavar="FOLDER", help="where fapolicyd's package was unpacked, if it is not installed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--execs", type=int, default=3000)
    parser.add_argument("--opens", type=int, default=200000)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if reason := scratch.why_not():
        print(f"skipped: {reason}")
        return scratch.SKIPPED
    scratch.enter_namespaces()
    kinds = {NOTHING: systems.NoSystem, "bansoko": lambda: bansoko_system.Bansoko(bin_dir=given.bin),
             "fapolicyd": lambda: systems.Fapolicyd(unpacked=given.fapolicyd)}
    missing = {name: reason for name, kind in kinds.items() if (reason := kind().why_not())}
    for name, reason in missing.items():
        print(f"{name} is left out: {reason}", file=sys.stderr)
    kinds = {name: kind for name, kind in kinds.items() if name not in missing}
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bansoko-bench-"))
    try:
        found = summarise(measure_all(folder, kinds, given))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found, indent=1)) if given.json else show(found)
    return 0


def measure_all(folder, kinds, given):
    root = make_content(folder / "content", given)
    for kind in kinds.values():
        kind().add_to(root)
    scratch.make_image(root.folder, folder / "image")
    rounds = {name: [] for name in kinds}
    for number in range(given.rounds):
        names = list(kinds)
        for name in names[number % len(names):] + names[:number % len(names)]:
            rounds[name].append(measure(folder / "image", folder, kinds[name](), given))
            os.sync()
    return rounds


if __name__ == "__main__":
    sys.exit(main())
