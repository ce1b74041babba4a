#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every #include under src/ follows src/LAYERS."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "src")
allowed: dict[str, set[str]] = {}
problems = []
for number, line in enumerate((root / "LAYERS").read_text().splitlines(), 1):
    if line.startswith("#") or not line.strip():
        continue
    name, _, used = line.partition(":")
    for module in used.split():
        if module not in allowed:
            problems.append(f"LAYERS:{number}: {name} may only use modules listed above it, not {module}")
    allowed[name] = set(used.split())


def module_of(path: str) -> str:
    return max((m for m in allowed if path.startswith(m + "/")), key=len, default="")


for source in sorted(root.rglob("*")):
    if source.suffix not in {".h", ".cpp"}:
        continue
    here = module_of(source.relative_to(root).as_posix())
    if not here:
        problems.append(f"{source}: in no module of LAYERS")
    for number, line in enumerate(source.read_text().splitlines(), 1):
        if match := re.match(r'#include "((?!tests/)[^"]+)"', line):
            there = module_of(match[1])
            if there != here and there not in allowed.get(here, set()):
                problems.append(f"{source}:{number}: {here} may not use {there or match[1]}")

print("\n".join(problems) or f"{len(allowed)} modules follow LAYERS")
sys.exit(bool(problems))
