#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Whether clang-format would change anything; with --fix it does.
set -euo pipefail
cd "$(dirname "$0")/.."
how=(--dry-run --Werror)
if [[ ${1:-} == --fix ]]; then how=(-i); fi
git ls-files -z --cached --others --exclude-standard -- '*.h' '*.cpp' | xargs -0 clang-format-14 "${how[@]}"
echo "clang-format: $(git ls-files -- '*.h' '*.cpp' | wc -l) files are laid out as .clang-format says"
