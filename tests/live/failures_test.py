#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each failure that an operator chooses for, brought about: what then becomes of traffic, and how it comes back.

usage: failures_test.py BIN_DIR [TEST ...]; exit code 77 where live tests cannot run
"""
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

from lab import NEVER, SOON, Echo, Lab, Shield, run_tests, wait_for

EVIL = b"GET /default.ida?NNNNNNNN"
RULES = ['drop tcp any any -> any any (msg:"stream"; flow:established,to_server; content:"default.ida?NNNN"; sid:1;)']
HANG_TIME = 2.0


def receive(peer, wait):
    peer.settimeout(wait)
    try:
        return peer.recv(65536)
    except OSError:
        return b""


def parent_of(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def name_of(task):
    with open(f"{task}/comm") as file:
        return file.read().strip()


class Live(unittest.TestCase):
    def lab(self):
        lab = Lab()
        self.addCleanup(lab.close)
        return lab

    def talk(self, lab, wait=SOON):
        """Does a new connection carry a word there and back?"""
        peer = lab.connect(80, wait=wait)
        if peer is None:
            return False
        with peer:
            with contextlib.suppress(OSError):
                peer.sendall(b"hello")
            return receive(peer, wait) == b"hello"

    def blocked(self, lab):
        """A connection that was blocked."""
        evil = lab.connect(80)
        evil.sendall(EVIL)
        self.assertEqual(receive(evil, NEVER), b"")
        return evil

    def named(self, shield, name):
        return [event for event in shield.events("engine") if event["bansoko"]["name"] == name]


class Hangs(Live):
    """Under the supervisor."""

    def supervised(self, lab, **settings):
        shield = Shield(lab, RULES, options=["--supervise"], **settings)
        return shield

    @staticmethod
    def engine(shield):
        """The process that inspects: the supervisor's child."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if parent_of(pid) == shield.process.pid:
                    return int(pid)
        return None

    def stop_engine(self, shield):
        before = self.engine(shield)
        os.kill(before, signal.SIGSTOP)
        return before, time.monotonic()

    def seconds_until_talk(self, lab, since, limit):
        """How long after `since` a connection begun and ended well; None when none did in time."""
        while time.monotonic() < since + limit:
            if self.talk(lab, wait=0.3):
                return time.monotonic() - since
        return None

    def test_open_lets_traffic_by_in_time(self):
        lab = self.lab()
        shield = self.supervised(lab, on_failure=["crash: closed", "hang: open"])
        server = Echo(lab, 80)
        self.assertTrue(self.talk(lab))
        evil = self.blocked(lab)
        before, since = self.stop_engine(shield)
        took = self.seconds_until_talk(lab, since, 10)
        self.assertIsNotNone(took)
        self.assertLess(took, HANG_TIME + 1, "and that long a connection takes to be tried again")
        self.assertTrue(wait_for(lambda: self.engine(shield) not in (None, before), 20))
        self.assertTrue(wait_for(lambda: self.named(shield, "shield.restarted"), 20))
        self.assertIn("hung", self.named(shield, "shield.restarted")[0]["bansoko"]["message"])
        evil.sendall(b"more")
        self.assertEqual(receive(evil, NEVER), b"", "what was blocked stays blocked throughout")
        self.assertNotIn(b"NNNN", server.heard)
        wait_for(lambda: shield.words().count("READY=1") == 2, 20)
        self.blocked(lab)
        code, text = shield.command("status", "--check")
        self.assertEqual(code, 1)
        self.assertIn("started anew", text)
        self.assertEqual(shield.stop(), 0)
        self.assertTrue(self.talk(lab))

    def test_closed_lets_nothing_by_until_it_is_back(self):
        lab = self.lab()
        # Many rules: the new engine takes its time to come up, and meanwhile there is none.
        shield = self.supervised(lab, on_failure=["crash: open", "hang: closed"])
        Echo(lab, 80)
        self.assertTrue(self.talk(lab))
        before, since = self.stop_engine(shield)
        heard = []
        while self.engine(shield) == before and time.monotonic() < since + 10:
            heard.append(self.talk(lab, wait=0.1))
        self.assertNotIn(True, heard)
        self.assertTrue(heard)
        self.assertTrue(wait_for(lambda: self.talk(lab, wait=0.5), 20))
        self.blocked(lab)

    def test_one_hung_worker_is_enough(self):
        lab = self.lab()
        shield = self.supervised(lab, workers=2)
        Echo(lab, 80)
        self.assertTrue(self.talk(lab))
        before = self.engine(shield)
        task = f"/proc/{before}/task"
        worker = [tid for tid in os.listdir(task) if name_of(f"{task}/{tid}") == "worker 1"]
        hanger = subprocess.Popen([sys.executable, "-c", HANG, *worker], stdout=subprocess.PIPE)
        self.addCleanup(hanger.communicate)
        self.assertEqual(hanger.stdout.readline(), b"held\n")
        since = time.monotonic()
        self.assertTrue(wait_for(lambda: self.engine(shield) not in (None, before), 10))
        self.assertLess(time.monotonic() - since, HANG_TIME + 0.5)

    def test_dead_engine_is_started_anew(self):
        lab = self.lab()
        shield = self.supervised(lab)
        Echo(lab, 80)
        evil = self.blocked(lab)
        for round_ in range(2):
            before = self.engine(shield)
            os.kill(before, signal.SIGKILL)
            self.assertTrue(wait_for(lambda: self.engine(shield) not in (None, before), 20))
            self.assertTrue(wait_for(lambda: len(self.named(shield, "shield.restarted")) == round_ + 1, 20))
        self.assertIn("signal 9", self.named(shield, "shield.restarted")[0]["bansoko"]["message"])
        self.assertEqual(shield.status()["restarts"]["count"], 2)
        evil.sendall(b"more")
        self.assertEqual(receive(evil, NEVER), b"")
        self.assertEqual(shield.stop(), 0)
        self.assertEqual(lab.ruleset(), "")

    def test_engine_does_not_outlive_its_supervisor(self):
        lab = self.lab()
        shield = self.supervised(lab, on_failure=["crash: closed"])
        Echo(lab, 80)
        engine = self.engine(shield)
        shield.kill()
        self.assertTrue(wait_for(lambda: not os.path.exists(f"/proc/{engine}")))
        self.assertFalse(self.talk(lab, wait=NEVER), "it died, and did not end as if it were told to")
        self.assertEqual(shield.command("down")[0], 0)

    def test_settings_that_became_wrong_are_not_taken(self):
        lab = self.lab()
        shield = self.supervised(lab)
        with open(shield.config, "a") as file:
            file.write("  nonsense: 1\n")
        os.kill(self.engine(shield), signal.SIGKILL)
        self.assertTrue(wait_for(lambda: shield.words().count("READY=1") == 2, 20))
        self.assertIn("the last ones hold", shield.said())

    def test_systemd_hears_the_supervisor(self):
        lab = self.lab()
        shield = self.supervised(lab, watchdog=0.6)
        pings = lambda: shield.words().count("WATCHDOG=1")
        self.stop_engine(shield)
        before = pings()
        self.assertTrue(wait_for(lambda: pings() > before + 3))
        shield.signal(signal.SIGHUP)  # passed on to whoever is there
        self.assertTrue(wait_for(lambda: shield.words().count("READY=1") == 2, 20))
        self.assertEqual(shield.stop(), 0)


HANG = """
import ctypes, os, sys
libc, tid = ctypes.CDLL(None), int(sys.argv[1])
SEIZE, INTERRUPT, WALL = 0x4206, 0x4207, 0x40000000
libc.ptrace(SEIZE, tid, None, None)
libc.ptrace(INTERRUPT, tid, None, None)
os.waitpid(tid, WALL)
print("held", flush=True)
os.waitpid(tid, WALL)  # a traced thread that was killed is gone only when its tracer has heard of it
"""


class FullDisk(Live):
    def small_disk(self, lab):
        """A disk of a few blocks under the spool, and a file that fills it."""
        disk = os.path.join(lab.folder, "spool")
        os.mkdir(disk)
        lab.run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk)
        self.addCleanup(subprocess.run, ["umount", "-l", disk], capture_output=True)
        return os.path.join(disk, "filler")

    @staticmethod
    def fill(path):
        with contextlib.suppress(OSError), open(path, "wb", buffering=0) as file:
            while True:
                file.write(b"x" * 512)

    def until_full(self, lab, shield):
        """Events come until none can be written."""
        def failing():
            with lab.connect(80) as evil:
                evil.sendall(EVIL)
            return "spool_fault" in shield.status()
        self.assertTrue(wait_for(failing, 30))

    def filled(self, **settings):
        lab = self.lab()
        filler = self.small_disk(lab)
        shield = Shield(lab, RULES, **settings)
        server = Echo(lab, 80)
        self.fill(filler)
        self.until_full(lab, shield)
        code, text = shield.command("status", "--check")
        self.assertEqual(code, 2)
        self.assertIn("events are being lost", text)
        self.assertGreater(shield.count("spool_lost"), 0)
        return lab, shield, server, filler

    def recovers(self, shield, filler):
        os.unlink(filler)
        self.assertTrue(wait_for(lambda: "spool_fault" not in shield.status(), 15))
        [event] = self.named(shield, "spool.recovered")
        self.assertIn("events were lost", event["bansoko"]["message"])
        self.assertEqual(shield.command("status", "--check")[0], 1, "events were lost, and that is over")

    def test_open_goes_on(self):
        lab, shield, server, filler = self.filled()
        self.assertTrue(self.talk(lab))
        self.blocked(lab)
        self.assertNotIn(b"NNNN", server.heard)
        self.recovers(shield, filler)

    def test_closed_begins_nothing(self):
        lab = self.lab()
        filler = self.small_disk(lab)
        shield = Shield(lab, RULES, on_failure=["spool: closed"])
        Echo(lab, 80)
        old = lab.connect(80)
        self.fill(filler)
        self.until_full_or_refused(lab, shield)
        self.assertFalse(self.talk(lab, wait=NEVER))
        self.assertGreater(shield.status()["reasons"]["cannot_record"], 0)
        old.sendall(b"goes on")
        self.assertEqual(receive(old, SOON), b"goes on")
        self.recovers(shield, filler)
        self.assertTrue(self.talk(lab))

    def until_full_or_refused(self, lab, shield):
        def failing():
            evil = lab.connect(80, wait=0.3)
            if evil is not None:
                with evil:
                    evil.sendall(EVIL)
            return "spool_fault" in shield.status()
        self.assertTrue(wait_for(failing, 30))


class Flaps(Live):
    def test_interface_goes_and_comes(self):
        lab = self.lab()
        shield = Shield(lab, RULES)
        Echo(lab, 80)
        for _ in range(3):
            for name in ("g0", "g1"):
                lab.run("ip", "-n", lab.gateway, "link", "set", name, "down")
            self.assertFalse(self.talk(lab, wait=0.2))
            for name in ("g0", "g1"):
                lab.run("ip", "-n", lab.gateway, "link", "set", name, "up")
            self.assertTrue(wait_for(lambda: self.talk(lab, wait=0.5), 10))
        self.blocked(lab)
        self.assertIsNone(shield.process.poll())
        self.assertEqual(shield.command("status", "--check")[0], 0)

    def test_interface_that_is_removed(self):
        lab = self.lab()
        shield = Shield(lab, RULES)
        lab.run("ip", "-n", lab.gateway, "link", "del", "g0")
        lab.run("ip", "link", "add", "c0", "netns", lab.client, "type", "veth", "peer", "name", "g0", "netns", lab.gateway)
        lab.run("ip", "-n", lab.client, "link", "set", "c0", "up")
        lab.run("ip", "-n", lab.gateway, "link", "set", "g0", "up")
        lab.run("ip", "-n", lab.client, "addr", "add", "10.97.1.2/24", "dev", "c0")
        lab.run("ip", "-n", lab.gateway, "addr", "add", "10.97.1.1/24", "dev", "g0")
        lab.run("ip", "-n", lab.client, "route", "add", "default", "via", "10.97.1.1")
        Echo(lab, 80)
        self.assertTrue(wait_for(lambda: self.talk(lab, wait=0.5), 10))
        self.blocked(lab)
        self.assertEqual(shield.command("status", "--check")[0], 0)


class Floods(Live):
    def test_established_flow_goes_on_in_a_syn_flood(self):
        lab = self.lab()
        shield = Shield(lab, RULES, more=["flows: {max_flows: 4096}"])
        Echo(lab, 80)
        old = lab.connect(80)
        old.sendall(b"before")
        self.assertEqual(receive(old, SOON), b"before")
        before = shield.memory()
        flooding = threading.Event()
        flooder = threading.Thread(target=self.flood, args=(lab, flooding))
        flooding.set()
        flooder.start()
        answered = 0
        until = time.monotonic() + 5
        while time.monotonic() < until:
            old.sendall(b"during")
            answered += receive(old, SOON) == b"during"
            time.sleep(0.05)
        flooding.clear()
        flooder.join()
        self.assertGreater(answered, 50)
        self.assertGreater(shield.count("limits", "flows_evicted"), 4096)
        # What is kept of flows was reserved at start, and becomes resident only now.
        self.assertLess(shield.memory(), before + (64 << 20))
        old.sendall(EVIL)
        self.assertEqual(receive(old, NEVER), b"", "and is still inspected")

    @staticmethod
    def flood(lab, flooding):
        """SYNs from ever new addresses and ports, as fast as a script can."""
        import packets
        raw = lab.open(lab.client, kind=packets.RAW, protocol=packets.RAW_IP)
        number = 0
        while flooding.is_set():
            number += 1
            with contextlib.suppress(OSError):
                raw.sendto(packets.syn(f"10.97.{100 + number // 250 % 100}.{1 + number % 250}", 1024 + number % 60000,
                                       lab.address(), 80), (lab.address(), 0))


if __name__ == "__main__":
    run_tests()
