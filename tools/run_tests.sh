#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every check and every test, one after the other; goes on after a failure and closes with one line.
set -uo pipefail
cd "$(dirname "$0")/.."
export CTEST_OUTPUT_ON_FAILURE=1
passed=0 failed=0 skipped=0
broken=()

# ctest FOLDER: adds what its last run says about itself to the tally.
count() {
  local log=$1 line
  line=$(grep -E 'tests passed, [0-9]+ tests failed out of' "$log") || { ((failed++)); return; }
  local total bad left
  bad=$(sed -E 's/.*, ([0-9]+) tests? failed.*/\1/' <<<"$line")
  total=$(sed -E 's/.*out of ([0-9]+).*/\1/' <<<"$line")
  left=$(grep -cE '\*\*\*Skipped|\*\*\*Not Run' "$log")
  ((passed += total - bad - left, failed += bad, skipped += left))
}

# check NAME COMMAND…: one check of the tally.
check() {
  local name=$1
  shift
  echo "== $name"
  if "$@"; then ((passed++)); else ((failed++)); broken+=("$name"); fi
}

# tests PRESET TARGETS CTEST-ARGUMENTS…: builds and runs the tests of a preset.
tests() {
  local preset=$1 targets=$2 log=build/$1.ctest.log
  shift 2
  echo "== tests, $preset"
  # shellcheck disable=SC2086  # several targets are several words
  if ! cmake --preset "$preset" >/dev/null || ! cmake --build --preset "$preset" --target $targets; then
    ((failed++)); broken+=("build of $preset"); return
  fi
  ctest --preset "$preset" "$@" 2>&1 | tee "$log" || broken+=("tests of $preset")
  count "$log"
}

mkdir -p build
started=$SECONDS
check "layout" tools/check_format.sh
check "layers" python3 tools/check_layers.py
tests dev all
check "clang-tidy" python3 tools/run_clang_tidy.py build/dev --no-tests
tests asan all -LE live
tests tsan "base_test event_test shield_engine_test" -R '^(base|event|shield/engine)$'

((${#broken[@]} > 0)) && printf 'not well: %s\n' "${broken[@]}"
echo "$passed passed, $failed failed, $skipped skipped, in $((SECONDS - started)) s"
((failed == 0 && ${#broken[@]} == 0))
