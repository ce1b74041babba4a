#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Lets every fuzz target run for SECONDS (600 unless said), under asan and ubsan, two at a time.
# New inputs stay in build/fuzz/found; what crashes one is left in build/fuzz/crashes.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
cmake --preset fuzz
cmake --build --preset fuzz
mkdir -p build/fuzz/found build/fuzz/crashes

fuzz_one() {
  local name=$2 found=build/fuzz/found/$2
  mkdir -p "$found"
  if ! "build/fuzz/bin/$name" -max_total_time="$1" -artifact_prefix="build/fuzz/crashes/$name-" -verbosity=0 \
      "$found" "fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1; then
    echo "$name: FAILED, see build/fuzz/$name.log"
    return 1
  fi
  echo "$name: clean for $1 s"
}
export -f fuzz_one
find build/fuzz/bin -name '*_fuzz' -printf '%f\0' | sort -z |
  xargs -0 -n 1 -P "$(nproc)" bash -c 'fuzz_one "$0" "$1"' "$seconds"
