#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the sources of a build folder, in parallel, and only where something has changed.

A file is clean as long as neither it, nor anything it includes, nor its command, nor the checks change: such
a state is remembered by its hash under ~/.cache/bansoko/clang-tidy, for every clone alike. A build that compiles a
dozen sources at a time is checked so as well: nearly all of the time goes into the headers that they share.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "bansoko" / "clang-tidy"
TIDY = "clang-tidy-14"
GCC_ONLY = "--extra-arg=-Wno-unknown-warning-option"


def dependencies(build: pathlib.Path) -> dict[str, list[str]]:
    """What each object was made of, as ninja noted when it was built."""
    listed = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = {}
    name = ""
    for line in listed.stdout.splitlines():
        if line.startswith("    "):
            found[name].append(line.strip())
        elif ": #deps" in line:
            name = line.split(": #deps")[0]
            found[name] = []
    return found


class Hasher:
    def __init__(self, build: pathlib.Path) -> None:
        version = subprocess.run([TIDY, "--version"], capture_output=True, text=True, check=True).stdout
        self._build = build
        self._common = version + (ROOT / ".clang-tidy").read_text()
        self._known: dict[str, str] = {}

    def _file(self, path: str) -> str:
        if path not in self._known:
            whole = (self._build / path).resolve()
            self._known[path] = hashlib.sha256(whole.read_bytes()).hexdigest()
        return self._known[path]

    def state(self, entry: dict, made_of: list[str]) -> str:
        text = self._common + entry["command"] + "".join(path + self._file(path) for path in sorted(made_of))
        return hashlib.sha256(text.replace(str(ROOT), "").encode()).hexdigest()


def check(build: pathlib.Path, path: str) -> tuple[int, str]:
    done = subprocess.run([TIDY, "--quiet", GCC_ONLY, "-p", str(build), path], capture_output=True, text=True)
    noise = re.compile(r"^\d+ warnings? (generated|treated)")
    return done.returncode, "\n".join(line for line in (done.stdout + done.stderr).splitlines() if not noise.match(line))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path, help="folder of a finished build")
    parser.add_argument("--no-tests", action="store_true", help="leave *_test.cpp and *_fuzz.cpp out")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    build, started = options.build.resolve(), time.monotonic()
    made_of, hasher, to_do, seen = dependencies(build), Hasher(build), {}, 0
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = entry["file"]
        written = path.startswith(f"{build}/") and "/Unity/" not in path
        if not path.startswith(f"{ROOT}/") or written or path in to_do:
            continue
        if options.no_tests and re.search(r"_(test|fuzz)\.cpp$", path):
            continue
        entry["output"] = output = re.search(r" -o (\S+)", entry["command"])[1]
        if output not in made_of:
            sys.exit(f"run_clang_tidy: {output} is not built: build {build} first")
        seen += 1
        state = hasher.state(entry, made_of[output])
        if not (CACHE / state).exists():
            to_do[path] = entry, state
    print(f"clang-tidy: {seen} units, {len(to_do)} of them new or changed", flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    faulty = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = {pool.submit(check, build, path): path for path in to_do}
        for done in concurrent.futures.as_completed(running):
            path, (code, said) = running[done], done.result()
            if code == 0:
                entry, state = to_do[path]
                # Not if somebody has changed it meanwhile.
                if Hasher(build).state(entry, made_of[entry["output"]]) == state:
                    (CACHE / state).touch()
                continue
            faulty += 1
            print(f"{os.path.relpath(path, ROOT)}:\n{said}", flush=True)
    print(f"clang-tidy: {seen - faulty} units clean, {faulty} not, in {time.monotonic() - started:.0f} s")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
