# SPDX-License-Identifier: Apache-2.0
# Thin calls into CMake and scripts. `make run` and `make test` are all a newcomer needs.
.PHONY: run test proof build bench tidy format fuzz clean packages-build packages-demo packages-test packages-proof packages-fuzz

run: packages-demo build
	python3 tests/demo/run.py

test: packages-test
	python3 tools/run_tests.py

# Real clients against real servers, with those servers that `make test` does not install.
proof: packages-proof build
	python3 tests/benign_clients/run.py build/bin

build: packages-build
	cmake --preset release
	cmake --build --preset release

# Replay beside a peer, then the live gateway beside accept-all; what is missing here is said and left out.
bench: packages-demo build
	bench/run.sh

tidy: packages-test
	cmake --preset asan
	cmake --build --preset asan
	python3 tools/run_clang_tidy.py build/asan

format: packages-test
	tools/check_format.sh --fix

# Ten minutes for each target, or as many seconds as SECONDS says.
fuzz: packages-fuzz
	tools/run_fuzzers.sh $(or $(SECONDS),600)

clean:
	rm -rf build

packages-build:
	tools/install_packages.sh build
packages-demo:
	tools/install_packages.sh build demo
packages-test:
	tools/install_packages.sh build demo test
packages-proof:
	tools/install_packages.sh build demo test proof
packages-fuzz:
	tools/install_packages.sh build test fuzz
