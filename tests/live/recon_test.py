#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A scan with real packets: its source is shut out, its neighbour is not. The same of an infected host.

usage: recon_test.py BIN_DIR [TEST ...]; exit code 77 where live tests cannot run
"""
import unittest

from lab import NEVER, SOON, Echo, Lab, Shield, run_tests, wait_for

RULES = ['alert tcp any any -> any any (msg:"unused"; content:"no traffic here says this"; sid:1;)']
SETTINGS = ["recon:", "  action: quarantine", "  quarantine_time: 1 min", "  port_scan: 15"]

EXPLOIT = ['drop tcp any any -> any any (msg:"as of the library"; flow:established,to_server; content:"EXPLOIT"; sid:9100001;)']
EGRESS = ["infection:", "  quarantine: egress", "  quarantine_time: 1 min",
          "vars:", "  addresses: {HOME_NET: '[10.97.1.0/24,fd97:1::/64]'}"]


class Recon(unittest.TestCase):
    """The scanner and its neighbour are two addresses of one client."""

    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.lab.run("ip", "-n", self.lab.client, "addr", "add", "10.97.1.3/24", "dev", "c0")
        self.lab.run("ip", "-n", self.lab.client, "addr", "add", "fd97:1::3/64", "dev", "c0", "nodad")

    def source(self, last, ipv6):
        return f"fd97:1::{last}" if ipv6 else f"10.97.1.{last}"

    def connect(self, last, port, ipv6=False, wait=SOON):
        """A connection from the client's address that ends so; None if nobody accepted it."""
        made = self.lab.open(self.lab.client, ipv6)
        made.settimeout(wait)
        try:
            made.bind((self.source(last, ipv6), 0))
            made.connect((self.lab.address(ipv6), port))
            return made
        except OSError:
            made.close()
            return None

    def talks(self, last, ipv6=False, wait=SOON):
        peer = self.connect(last, 80, ipv6, wait)
        if peer is None:
            return False
        with peer:
            try:
                peer.sendall(b"hello")
                return peer.recv(100) == b"hello"
            except OSError:
                return False

    def scan(self, last, ipv6=False):
        for port in range(2000, 2015):
            self.connect(last, port, ipv6, NEVER)

    def found(self, shield):
        return [event for event in shield.events() if event["alert"]["gid"] == 900]

    def shuts_out(self, ipv6, workers=1):
        shield = Shield(self.lab, RULES, workers=workers, more=SETTINGS)
        Echo(self.lab, 80, ipv6)
        self.assertTrue(self.talks(2, ipv6))
        self.assertTrue(self.talks(3, ipv6))
        self.scan(2, ipv6)
        event = wait_for(lambda: self.found(shield))[0]
        self.assertEqual(event["bansoko"]["name"], "recon.port_scan")
        self.assertEqual(event["src_ip"], self.source(2, ipv6))
        self.assertEqual(event["bansoko"]["recon"]["quarantine"], "done")
        self.assertEqual(event["alert"]["action"], "blocked")
        self.assertFalse(self.talks(2, ipv6, NEVER), "the scanner is shut out")
        self.assertTrue(self.talks(3, ipv6), "its neighbour is not")
        self.assertEqual(shield.count("quarantined"), 1)
        self.assertGreater(shield.count("quarantined_packets"), 0)

        self.assertEqual(shield.command("reload")[0], 0)
        self.assertFalse(self.talks(2, ipv6, NEVER), "a reload lets nobody in")
        self.lab.run("ip", "netns", "exec", self.lab.place, "nft", "flush", "ruleset")
        self.assertTrue(wait_for(lambda: "quarantined" in self.lab.ruleset()))
        self.assertTrue(wait_for(lambda: not self.talks(2, ipv6, NEVER)), "tables made anew know who was shut out")
        self.assertIn(self.source(2, ipv6), shield.command("quarantine", "list")[1])
        self.assertEqual(shield.command("quarantine", "release", self.source(2, ipv6))[0], 0)
        self.assertTrue(self.talks(2, ipv6), "released by hand")
        self.assertEqual(shield.command("quarantine", "add", self.source(3, ipv6))[0], 0)
        self.assertFalse(self.talks(3, ipv6, NEVER), "shut out by hand")
        return shield, event

    def test_ipv4(self):
        shield, event = self.shuts_out(False)
        self.assertNotEqual(shield.command("quarantine", "add", "10.97.2.1")[0], 0, "our own address")
        self.assertNotEqual(shield.command("quarantine", "add", "127.0.0.1")[0], 0)
        shield.kill()
        self.assertFalse(self.talks(3, wait=NEVER), "it holds when the engine has died")
        self.assertEqual(shield.command("down")[0], 0)
        self.assertTrue(self.talks(3), "nothing is left")

    def test_ipv6(self):
        self.shuts_out(True)

    def test_two_workers(self):
        self.shuts_out(False, workers=2)

    def test_forged_source(self):
        """Nobody who has not completed a handshake is shut out, until it does."""
        shield = Shield(self.lab, RULES, more=SETTINGS)
        Echo(self.lab, 80)
        self.scan(2)
        self.assertEqual(wait_for(lambda: self.found(shield))[0]["bansoko"]["recon"]["quarantine"], "unproven")
        self.connect(2, 80)
        words = wait_for(lambda: [e["bansoko"]["recon"]["quarantine"] for e in self.found(shield)][1:])
        self.assertEqual(words, ["done"])
        self.assertFalse(self.talks(2, wait=NEVER))

    def test_observe(self):
        shield = Shield(self.lab, RULES, mode="observe", more=SETTINGS)
        Echo(self.lab, 80)
        self.assertTrue(self.talks(2))
        self.scan(2)
        event = wait_for(lambda: self.found(shield))[0]
        self.assertEqual(event["bansoko"]["recon"]["quarantine"], "observed")
        self.assertEqual(event["bansoko"]["verdict"]["action"], "quarantine")
        self.assertEqual(event["alert"]["action"], "allowed")
        self.assertTrue(self.talks(2))
        self.assertNotEqual(shield.command("quarantine", "add", "10.97.1.2")[0], 0)

    def infected(self, shield, ipv6):
        """The client sends an exploit; what becomes of it."""
        peer = self.connect(2, 80, ipv6)
        with peer:
            peer.sendall(b"EXPLOIT")
            found = wait_for(lambda: [event["bansoko"]["infected"] for event in shield.events()
                                      if event["bansoko"].get("name") == "host.infected"])
        self.assertEqual([(one["host"], one["kind"]) for one in found], [(self.source(2, ipv6), "exploit")])
        return found[0]["quarantine"]

    def confines(self, ipv6):
        shield = Shield(self.lab, EXPLOIT, more=EGRESS)
        Echo(self.lab, 80, ipv6)
        before = self.connect(2, 80, ipv6)
        self.addCleanup(before.close)
        self.assertEqual(self.infected(shield, ipv6), "done")
        self.assertFalse(self.talks(2, ipv6, NEVER), "it begins nothing")
        before.sendall(b"hello")
        self.assertEqual(before.recv(100), b"hello", "what it had begun goes on")
        self.assertTrue(self.talks(3, ipv6), "its neighbour may")
        self.assertTrue(self.is_reached(2, ipv6), "others reach it")
        self.assertGreater(shield.count("quarantined_packets"), 0)
        self.assertEqual(shield.count("infected", "exploit"), 1)
        self.assertIn("host.infected", shield.command("quarantine", "list")[1])
        self.assertEqual(shield.command("quarantine", "release", self.source(2, ipv6))[0], 0)
        self.assertTrue(self.talks(2, ipv6), "released by hand")

    def is_reached(self, last, ipv6):
        """Whether the server's host can connect to this address of the client."""
        with self.lab.open(self.lab.client, ipv6) as listener, self.lab.open(self.lab.server, ipv6) as peer:
            listener.bind((self.source(last, ipv6), 7000))
            listener.listen()
            peer.settimeout(SOON)
            try:
                peer.connect((self.source(last, ipv6), 7000))
            except OSError:
                return False
            return True

    def test_infected_host_ipv4(self):
        self.confines(False)

    def test_infected_host_ipv6(self):
        self.confines(True)

    def test_infected_host_observed(self):
        shield = Shield(self.lab, EXPLOIT, mode="observe", more=EGRESS)
        Echo(self.lab, 80)
        self.assertEqual(self.infected(shield, False), "observed")
        self.assertTrue(self.talks(2))


if __name__ == "__main__":
    run_tests()
