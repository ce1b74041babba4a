#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every benchmark, one after the other. What is missing here is said and left out.
set -eu
cd "$(dirname "$0")"
[ "$(id -u)" -eq 0 ] || echo "not root: the peer and the live gateway are left out"
python3 replay.py
python3 live.py
