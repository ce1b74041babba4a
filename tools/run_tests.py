#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every check and every test, one after the other; goes on after a failure and closes with one line.

Cases of GoogleTest are counted one by one. What was skipped is named with its reason. Exit code 0: nothing failed.
"""
import os
import pathlib
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from collections import Counter

ROOT = pathlib.Path(__file__).resolve().parents[1]
THREADED = ("base", "event", "service", "shield/engine")  # what tsan looks at


class Tally:
    def __init__(self) -> None:
        self._count: Counter[str] = Counter()
        self._remarks: list[str] = []
        self._started = time.monotonic()

    def add(self, outcome: str, remark: str = "", count: int = 1) -> None:
        self._count[outcome] += count
        if remark:
            self._remarks.append(f"{outcome}: {remark}")

    def close(self) -> bool:
        print("\n" + "\n".join(sorted(set(self._remarks))))
        counts = ", ".join(f"{self._count[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped"))
        print(f"in {(time.monotonic() - self._started) / 60:.1f} min")
        print(counts, flush=True)
        return self._count["failed"] == 0 and self._count["passed"] > 0


def succeeds(*command: str) -> bool:
    print(f"$ {' '.join(command)}", flush=True)
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode == 0


def check(tally: Tally, name: str, *command: str) -> None:
    tally.add(*(("passed",) if succeeds(*command) else ("failed", name)))


def count_cases(tally: Tally, where: str, output: str) -> None:
    """What one GoogleTest program says about itself."""
    tally.add("passed", count=sum(map(int, re.findall(r"^\[  PASSED  \] (\d+) test", output, re.M))))
    for name in re.findall(r"^\[  FAILED  \] (\S+) \(\d+ ms\)", output, re.M):
        tally.add("failed", f"{where} {name}")
    for reason, name in re.findall(r": Skipped\n(.*)\n(?:.*\n)*?\[  SKIPPED \] (\S+) \(", output):
        tally.add("skipped", f"{where} {name}: {reason}")


def count_tests(tally: Tally, preset: str, results: pathlib.Path) -> None:
    """What ctest noted about a run."""
    for test in xml.parse(results).getroot().iter("testcase"):
        where, output = f"{preset} {test.get('name')}", test.findtext("system-out") or ""
        skipped = test.find("skipped")
        if skipped is not None or test.get("status") in ("notrun", "disabled"):
            said = output.strip().splitlines()
            tally.add("skipped", f"{where}: {said[-1] if said else skipped.get('message') if skipped is not None else ''}")
        elif "[==========]" in output:
            count_cases(tally, where, output)
        if test.get("status") == "fail":
            tally.add("failed", where)  # besides its cases: it may have crashed
        elif test.get("status") == "run" and "[==========]" not in output:
            tally.add("passed")


def test(tally: Tally, preset: str, targets: tuple[str, ...] = (), *ctest: str) -> None:
    """Builds a preset, or some of its targets, and runs their tests."""
    results = ROOT / "build" / preset / "results.xml"
    built = succeeds("cmake", "--preset", preset) and \
        succeeds("cmake", "--build", "--preset", preset, *(["--target", *targets] if targets else []))
    if not built:
        return tally.add("failed", f"the build of {preset}")
    results.unlink(missing_ok=True)
    well = succeeds("ctest", "--preset", preset, "--output-junit", str(results), "--test-output-size-passed", "10000000",
                    *ctest)
    if not results.exists():
        return tally.add("failed", f"the tests of {preset}")
    count_tests(tally, preset, results)
    if not well:
        tally.add("failed", f"the tests of {preset}")


def main() -> int:
    tally = Tally()
    check(tally, "layout", "tools/check_format.sh")
    check(tally, "layers", sys.executable, "tools/check_layers.py")
    # Of folders at once, which is faster from nothing; clang-tidy looks at each source alone. The unit tests run with the sanitizers.
    test(tally, "check", ("programs",), "-LE", "unit")
    test(tally, "asan", (), "-LE", "live", "-j", str(os.cpu_count()))
    check(tally, "clang-tidy", sys.executable, "tools/run_clang_tidy.py", "build/asan", "--no-tests")
    test(tally, "tsan", tuple(name.replace("/", "_") + "_test" for name in THREADED), "-R", f"^({'|'.join(THREADED)})$")
    return 0 if tally.close() else 1


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
