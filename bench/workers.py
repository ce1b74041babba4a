#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two workers of a live gateway against one, in the same run.

Eight TCP streams through a router made of network namespaces while every byte is searched (`streams.depth: 0`) under
all rules of the file, so that the workers are what takes the time. Those who send and receive take little: what is
sent comes from a file (sendfile), what arrives is thrown away by the kernel (MSG_TRUNC). Medians, and the median of the
ratios of each round. As root, on two cores at least.

usage: workers.py [--bin DIR] [--rounds N] [--seconds N] [--rules FILE]
"""
import argparse
import contextlib
import os
import socket
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live"))
import rules as bench_rules
from lab import Lab, Shield, why_not

STREAMS = 8
PORT = 80
SAMPLE = 1 << 20
WARM = 1.0


def write_sample(path):
    """The documents of this project, over and over: text, and no pattern of ten characters."""
    docs = os.path.join(bench_rules.ROOT, "docs")
    text = b""
    for name in sorted(name for name in os.listdir(docs) if name.endswith(".md")):
        with open(os.path.join(docs, name), "rb") as file:
            text += file.read()
    with open(path, "wb") as file:
        file.write((text * (SAMPLE // len(text) + 1))[:SAMPLE])


class Streams:
    def __init__(self, lab, sample):
        self.arrived = [0] * STREAMS
        listening = lab.open(lab.server)
        listening.bind(("", PORT))
        listening.listen(STREAMS)
        for number in range(STREAMS):
            sender = lab.connect(PORT)
            if sender is None:
                raise RuntimeError("no connection through the gateway")
            receiver, _ = listening.accept()
            lab.closing.append(receiver.close)
            sender.settimeout(None)
            threading.Thread(target=self._send, args=(sender, sample), daemon=True).start()
            threading.Thread(target=self._receive, args=(receiver, number), daemon=True).start()

    @staticmethod
    def _send(sender, sample):
        with contextlib.suppress(OSError), open(sample, "rb") as file:
            while True:
                os.sendfile(sender.fileno(), file.fileno(), 0, SAMPLE)

    def _receive(self, receiver, number):
        nowhere = bytearray(SAMPLE)
        with contextlib.suppress(OSError):
            while got := receiver.recv_into(nowhere, SAMPLE, socket.MSG_TRUNC):
                self.arrived[number] += got

    def rate(self, seconds):
        """Gbit/s over this time."""
        since, before = time.monotonic(), sum(self.arrived)
        time.sleep(seconds)
        return (sum(self.arrived) - before) * 8 / (time.monotonic() - since) / 1e9


def measure(options, lines, workers, sample):
    with contextlib.closing(Lab(options.bin)) as lab:
        shield = Shield(lab, lines, workers=workers, more=["streams:", "  depth: 0"])
        streams = Streams(lab, sample)
        time.sleep(WARM)
        row = {"gbit_s": streams.rate(options.seconds)}
        status = shield.status()
        shield.stop()
        return row | {name: status[name] for name in ("packets", "stream_bytes", "inspected_bytes", "limits")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", default=os.path.join(bench_rules.ROOT, "build", "bin"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rules", default=bench_rules.ETOPEN)
    options = parser.parse_args()
    reason = why_not() or (None if os.path.exists(options.rules) else f"{options.rules} is missing")
    if reason is not None:
        print(f"skipped: {reason}")
        return
    lines = bench_rules.usable(os.path.join(options.bin, "bansoko"), options.rules)
    rows = {1: [], 2: []}
    with tempfile.NamedTemporaryFile() as sample:
        write_sample(sample.name)
        for number in range(options.rounds):
            for workers, got in rows.items():
                got.append(measure(options, lines, workers, sample.name))
                print(f"round {number + 1}, workers {workers}: {got[-1]}", file=sys.stderr)
    one, two = (statistics.median(row["gbit_s"] for row in rows[workers]) for workers in (1, 2))
    ratio = statistics.median(second["gbit_s"] / first["gbit_s"] for first, second in zip(rows[1], rows[2]))
    print(f"{len(lines)} rules, {STREAMS} streams, {options.rounds} rounds, medians: one worker {one:.2f} Gbit/s, two {two:.2f}; ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
