#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shield at full load while its engine is killed and hung, its rules are reloaded and its network is flooded.

usage: soak.py BIN_DIR [--minutes N] [--log FILE]; exit code 77 where it cannot run, 1 when anything was not as it must be

It must not crash, grow, let a blocked connection by, or leave a question unanswered. The numbers that it prints at
the end are those of docs/reliability.md.
"""
import argparse
import os
import pathlib
import shutil
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "live"))

from lab import Lab, Shield, wait_for, why_not  # noqa: E402
from peers import ANSWER_TIME, Peers, Weather  # noqa: E402

RULES = ['drop tcp any any -> any any (msg:"stream"; flow:established,to_server; content:"default.ida?NNNN"; sid:1;)',
         'alert tcp any any -> any any (msg:"costly"; flow:established; content:"question"; '
         'pcre:"/(q|u+)+estion (\\d+a*)+!/"; sid:2;)']
SETTINGS = ["flows: {max_flows: 16384, tcp_opening: 5 s, udp: 5 s}", "streams: {memory: 32 MiB}",
            "fragments: {max_datagrams: 256}"]
RELOAD_EVERY = 5.0
DISTURB_EVERY = 15.0
CALM_END = 0.3  # of the whole time: nothing is killed, so that memory can be watched
MOST_GROWTH = 8 << 20
WARM_AFTER = 60.0  # an engine younger than this still fills its tables, up to their limits
MOST_MEMORY = 160 << 20
MOST_GAP = 3.0  # a hang time, and what a start takes


def rules(generation):
    """Others each time: a reload is work."""
    return RULES + [f'alert udp any any -> any 9 (msg:"filler"; content:"{generation}-{i}"; sid:{100 + i};)' for i in range(500)]


def resident(pid):
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0


def child_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return int((file.read().split() or [0])[0])
    except OSError:
        return 0


class Soak:
    def __init__(self, bin_dir, minutes):
        self.seconds = 60.0 * minutes
        self.lab = Lab(bin_dir, prefix="soak")
        self.wrong = []
        self.kills = self.hangs = self.reloads = 0
        self.gaps, self.memory, self.latency, self.storms = [], [], [], []
        self.stop = threading.Event()

    def run(self):
        self.shield = Shield(self.lab, rules(0), workers=2, more=SETTINGS, options=["--supervise"])
        self.weather = Weather()
        self.peers = Peers(self.lab, self.weather)
        self.begun = time.monotonic()
        self.peers.start()
        threads = [threading.Thread(target=target) for target in (self.reload, self.disturb, self.flood, self.sample)]
        for thread in threads:
            thread.start()
        self.stop.wait(self.seconds)
        self.stop.set()
        for thread in threads:
            thread.join()
        self.peers.stop()
        self.last_status = self.shield.status()
        self.judge()

    def engine(self):
        return child_of(self.shield.process.pid)

    def elapsed(self):
        return time.monotonic() - self.begun

    def reload(self):
        while not self.stop.wait(RELOAD_EVERY):
            epoch = self.weather.calm()
            self.shield.write_rules(rules(self.reloads + 1))
            code, text = self.shield.command("reload")
            self.reloads += code == 0
            if code != 0 and epoch is not None and self.weather.is_still(epoch):
                self.wrong.append(f"a reload failed: {text.strip()}")

    def disturb(self):
        """Kills and hangs in turn, and sees it come back."""
        while not self.stop.wait(DISTURB_EVERY):
            if self.elapsed() > (1 - CALM_END) * self.seconds:
                return
            starts = self.shield.words().count("READY=1")
            pid = self.engine()
            kill = self.kills <= self.hangs
            self.weather.begin_storm()
            since = time.monotonic()
            os.kill(pid, signal.SIGKILL if kill else signal.SIGSTOP)
            back = wait_for(lambda: self.shield.words().count("READY=1") > starts, 60)
            self.weather.end_storm()
            self.kills += kill
            self.hangs += not kill
            self.storms.append((since, time.monotonic()))
            self.gaps.append(time.monotonic() - since)
            if not back:
                self.wrong.append("the engine did not come back")

    def flood(self):
        """Five seconds of flood, five of peace, of each kind in turn."""
        while not self.stop.wait(5):
            self.peers.flood(5, self.stop)

    def sample(self):
        while not self.stop.wait(1):
            self.memory.append((self.elapsed(), self.engine(), resident(self.engine()), resident(self.shield.process.pid)))
            if len(self.memory) % 5 == 0 and self.weather.calm() is not None:
                try:
                    self.latency.append(self.shield.status()["latency_ns"]["p99"])
                except (ValueError, KeyError):
                    pass  # it was killed just now

    def growth(self):
        """By how much the engine grew while nothing was killed, once warm; None: it did not live long enough to say."""
        last = [row for row in self.memory if row[1] == self.memory[-1][1]]
        warm = [row for row in last if row[0] > last[0][0] + WARM_AFTER]
        half = len(warm) // 2
        return max(row[2] for row in warm[half:]) - max(row[2] for row in warm[:half]) if half else None

    def unasked(self):
        """When the engine started though nobody had killed or hung it, in seconds from the beginning."""
        starts = [at for at, word in self.shield.notified if word == "READY=1" and at > self.begun]
        return [f"{at - self.begun:.1f}" for at in starts if not any(begin <= at <= end + 0.1 for begin, end in self.storms)]

    def judge(self):
        peers, restarts = self.peers.numbers(), self.last_status.get("restarts", {"count": 0})["count"]
        self.wrong += self.peers.wrong()
        if restarts != self.kills + self.hangs:
            self.wrong.append(f"{restarts} starts anew where {self.kills + self.hangs} were brought about; unasked at {self.unasked()} s")
        if (self.growth() or 0) > MOST_GROWTH:
            self.wrong.append(f"the engine grew by {self.growth()} bytes")
        if max(row[2] for row in self.memory) > MOST_MEMORY:
            self.wrong.append(f"the engine grew to {max(row[2] for row in self.memory)} bytes")
        supervisor = [row[3] for row in self.memory]
        if supervisor[-1] > supervisor[0] + (1 << 20):
            self.wrong.append(f"the supervisor grew from {supervisor[0]} to {supervisor[-1]} bytes")
        if max(self.gaps, default=0) > MOST_GAP:
            self.wrong.append(f"the engine was away for {max(self.gaps):.1f} s")
        code = self.shield.stop()
        if code != 0:
            self.wrong.append(f"it ended with code {code}")
        self.report(peers, restarts)

    def report(self, peers, restarts):
        engine = [row[2] for row in self.memory if row[2]]
        rows = [("time", f"{self.seconds / 60:.0f} min"), ("reloads", self.reloads),
                ("engines killed, hung", f"{self.kills}, {self.hangs}"), ("starts anew, others", restarts - self.kills - self.hangs),
                ("longest time without an engine", f"{max(self.gaps, default=0):.2f} s"),
                ("questions answered over TCP", peers["tcp_answered"]),
                (f"questions not answered within {ANSWER_TIME:.0f} s", peers["tcp_lost"]),
                ("connections not opened within that", peers["tcp_not_opened"]),
                ("questions answered over UDP", peers["udp_answered"]),
                ("lost over UDP: in a storm or flood (by choice), else", f"{peers['udp_lost_in_storm']}, {peers['udp_lost']}"),
                ("attacks blocked", peers["attacks_blocked"]),
                ("attacks that passed with an engine there", peers["attacks_passed"]),
                ("packets tried on blocked connections, passed", f"{peers['pushed']}, {peers['pushed_passed']}"),
                ("flood packets", peers["flood_packets"]),
                ("memory of the engine, most", f"{max(engine) / 2**20:.0f} MiB"),
                ("its growth once warm", "-" if self.growth() is None else f"{self.growth() / 2**20:.1f} MiB"),
                ("time of a batch, 99 % (most seen)", f"{max(self.latency, default=0) / 1000:.0f} us")]
        print("| | |\n|---|---|")
        for name, value in rows:
            print(f"| {name} | {value} |")
        print("limits of the last engine:", self.last_status["limits"])
        for wrong in self.wrong:
            print("WRONG:", wrong)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("bin_dir")
    options.add_argument("--minutes", type=float, default=120)
    options.add_argument("--log", help="keeps what the shield said in this file")
    chosen = options.parse_args()
    reason = why_not()
    if reason is not None:
        print(f"skipped: {reason}")
        sys.exit(77)
    soak = Soak(os.path.abspath(chosen.bin_dir), chosen.minutes)
    try:
        soak.run()
    finally:
        if chosen.log:
            shutil.copy(os.path.join(soak.lab.folder, "log"), chosen.log)
        soak.lab.close()
    sys.exit(1 if soak.wrong else 0)


if __name__ == "__main__":
    main()
