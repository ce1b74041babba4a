#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A patch's mode and an exception with real packets: each reload changes what passes, for whom it says.

usage: exceptions_test.py BIN_DIR [TEST ...]; exit code 77 where live tests cannot run
"""
import os
import unittest

from lab import NEVER, SOON, Echo, Lab, Shield, run_tests, wait_for

CONTENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "content")
RULES = ['alert tcp any any -> any any (msg:"unused"; content:"no traffic here says this"; sid:1;)']
PATCH, SID = "ms01-033", 9100001
SCANNER, OTHER = "10.97.1.2", "10.97.1.3"


def settings(mode="", exception=""):
    lines = ["patches:", f"  library: {CONTENT}"]
    if mode:
        lines.append(f"  modes: {{{PATCH}: {mode}}}")
    if exception:
        lines += ["groups:", f"  scanner: {SCANNER}", "exceptions:", f"  our-scan: {{{exception}, reason: a test}}"]
    return lines


class Exceptions(unittest.TestCase):
    """The scanner and another source are two addresses of one client."""

    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.lab.run("ip", "-n", self.lab.client, "addr", "add", f"{OTHER}/24", "dev", "c0")
        self.server = Echo(self.lab, 80)
        self.sent = 0

    def start(self, *given, **wanted):
        self.lines = settings(*given)
        return Shield(self.lab, RULES, more=self.lines, **wanted)

    def reload(self, shield, *given):
        with open(shield.config) as file:
            text = file.read()
        before, self.lines = self.lines, settings(*given)
        with open(shield.config, "w") as file:
            file.write(text.replace("\n".join(f"  {line}" for line in before), "\n".join(f"  {line}" for line in self.lines)))
        code, said = shield.command("reload")
        self.assertEqual(code, 0, said)

    def attack(self, source):
        """Does what the patch is about, in a connection of its own, reach the server?"""
        self.sent += 1
        word = f"attack-{self.sent}.example.test"
        request = f"GET /default.ida?{'N' * 300}=a HTTP/1.1\r\nHost: {word}\r\n\r\n".encode()
        with self.lab.open(self.lab.client) as peer:
            peer.settimeout(SOON)
            peer.bind((source, 0))
            peer.connect((self.lab.address(), 80))
            peer.sendall(request)
            return bool(wait_for(lambda: word.encode() in self.server.heard, NEVER))

    def alerts(self, shield, number):
        """As many alerts of the patch, once they are written: what became of each, and the mode."""
        def found():
            return [event for event in shield.events() if event["alert"]["signature_id"] == SID]
        wait_for(lambda: len(found()) >= number)
        return [(event["alert"]["action"], event["bansoko"]["verdict"]["mode"]) for event in found()]

    def excepted(self, shield):
        return [event["bansoko"]["name"] for event in shield.events("exception")]

    def test_mode_of_a_patch(self):
        shield = self.start("observe")
        self.assertTrue(self.attack(SCANNER), "observed: it passes")
        self.assertEqual(self.alerts(shield, 1), [("allowed", "observe")])
        self.reload(shield, "enforce")
        self.assertFalse(self.attack(SCANNER), "enforced: it does not")
        self.assertEqual(self.alerts(shield, 2)[1][0], "blocked")
        self.reload(shield, "off")
        self.assertTrue(self.attack(SCANNER), "left out: it passes")
        self.reload(shield)
        self.assertFalse(self.attack(SCANNER), "of a final patch enforce is the default")
        self.assertEqual(len(self.alerts(shield, 3)), 3, "nobody spoke while it was left out")

    def excepts(self, workers=1):
        shield = self.start(workers=workers)
        self.assertFalse(self.attack(SCANNER))
        self.reload(shield, "", f"patches: [{PATCH}], source: scanner, until: never")
        self.assertTrue(self.attack(SCANNER), "excepted")
        self.assertFalse(self.attack(OTHER), "of its source alone")
        self.assertEqual(wait_for(lambda: self.excepted(shield)), ["our-scan"])
        self.assertEqual(len(self.alerts(shield, 2)), 2, "a hit that is excepted is no alert")
        self.assertIn("1 hit", shield.command("exceptions")[1])
        self.reload(shield, "", "patches: [ms15-034], source: scanner, until: never")
        self.assertFalse(self.attack(SCANNER), "an exception from another patch")
        self.reload(shield, "", f"patches: [{PATCH}], source: scanner, until: 2020-01-01")
        self.assertFalse(self.attack(SCANNER), "one that has ended")
        self.reload(shield)
        self.assertFalse(self.attack(SCANNER), "withdrawn")

    def test_exception(self):
        self.excepts()

    def test_exception_with_two_workers(self):
        self.excepts(workers=2)


if __name__ == "__main__":
    run_tests()
