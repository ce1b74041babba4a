#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`bansoko patches`, as an operator and a writer of patches run it.

usage: patches_test.py BIN_DIR

The rules of others are those of ../shared/data/rules/etopen.rules where it is there.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CONTENT = os.path.join(ROOT, "content")
SHARED = os.environ.get("BANSOKO_SHARED", os.path.join(ROOT, "..", "shared"))
ETOPEN = os.path.join(SHARED, "data", "rules", "etopen.rules")
BINARIES = ""


def bansoko(*words, content=CONTENT):
    return subprocess.run([os.path.join(BINARIES, "bansoko"), "patches", *words, "--content", content], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)


class Shipped(unittest.TestCase):
    def test_list_names_every_folder(self):
        listed = json.loads(bansoko("list", "--json").stdout)
        self.assertEqual([patch["id"] for patch in listed], sorted(os.listdir(os.path.join(CONTENT, "patches"))))

    def test_show_in_both_languages(self):
        self.assertIn("EternalBlue", bansoko("show", "ms17-010").stdout)
        self.assertIn("検査の内容", bansoko("show", "ms17-010", "--lang", "ja").stdout)
        self.assertEqual(json.loads(bansoko("show", "ms17-010", "--json").stdout)["severity"], "critical")

    def test_show_what_is_not_there(self):
        done = bansoko("show", "ms99-999")
        self.assertEqual((done.returncode, done.stderr), (1, "bansoko: there is no patch 'ms99-999'\n"))

    def test_none_is_dear(self):
        # The goal is 5 us on a machine that does nothing else. What holds on each, in each build, is the ratio.
        for cost in json.loads(bansoko("cost", "--json", "--most", "1000").stdout):
            self.assertLess(cost["added_ns"], 1.5 * cost["without_ns"], cost)
        done = bansoko("cost", "ms01-033", "--json", "--most", "0.001")
        self.assertEqual((done.returncode, done.stderr), (1, "bansoko: 1 patches take more than 0.001 us\n"))
        self.assertGreater(json.loads(done.stdout)[0]["added_ns"], 1)

    def test_check(self):
        done = bansoko("check")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(os.path.exists(ETOPEN), "no rules of others")
    def test_nothing_is_copied(self):
        done = bansoko("check", "--against", ETOPEN)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(os.path.exists(ETOPEN), "no rules of others")
    def test_coverage(self):
        told = json.loads(bansoko("coverage", "--rules", ETOPEN, "--json").stdout)
        self.assertGreaterEqual(told["applications_with_rules"], 100)
        self.assertEqual(told["cves"]["CVE-2017-0144"]["patches"], ["ms17-010"])
        self.assertGreater(told["cves"]["CVE-2021-44228"]["rules"], 0)


class Changed(unittest.TestCase):
    """One thing is changed in a copy of the library."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="bansoko-patches-")
        self.content = os.path.join(self.folder.name, "content")
        shutil.copytree(CONTENT, self.content)
        self.addCleanup(self.folder.cleanup)

    def change(self, path, before, after):
        path = os.path.join(self.content, "patches", path)
        with open(path) as file:
            text = file.read()
        self.assertIn(before, text)
        with open(path, "w") as file:
            file.write(text.replace(before, after, 1))
        return path

    def test_a_rule_that_misses_the_limit_fails_its_test(self):
        self.change("ms01-033/patch.rules", "{201}", "{202}")
        done = bansoko("test", "ms01-033", content=self.content)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"index-server\.yaml:\d+:\d+: 'one byte more than the limit': expected rule 9100001, "
                                      r"and no rule spoke \(in whole segments, mode enforce\)")

    def test_a_rule_that_takes_too_much_fails_its_test(self):
        self.change("ms01-033/patch.rules", "{201}", "{200}")
        done = bansoko("test", "ms01-033", content=self.content)
        self.assertEqual(done.returncode, 1)
        self.assertIn("'as long as the limit': expected to pass, but rule 9100001 spoke", done.stderr)

    def test_a_rule_that_only_tells_fails_its_test(self):
        self.change("ms01-033/patch.rules", "drop http", "alert http")
        self.change("ms01-033/patch.yaml", "stage: final", "stage: grace")
        done = bansoko("test", "ms01-033", content=self.content)
        self.assertIn("expected to be blocked, but every packet passed", done.stderr)

    def test_a_key_that_is_wrong_is_named_with_its_place(self):
        path = self.change("ms01-033/patch.yaml", "severity:", "severety:")
        done = bansoko("check", content=self.content)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, path + r":\d+:1: unknown key 'severety', did you mean 'severity'\?")

    def test_a_rule_that_cannot_be_compiled_is_named(self):
        path = self.change("ms01-033/patch.rules", "bsize:>205", "bsize:x")
        done = bansoko("check", content=self.content)
        self.assertRegex(done.stderr, path + r":\d+:\d+: bsize")

    def test_bytes_of_others_are_refused_unless_there_is_a_reason(self):
        rules = os.path.join(self.folder.name, "others.rules")
        with open(rules, "w") as file:
            file.write('alert http any any -> any any (msg:"x"; content:"/Default.IDA?NNNNNN"; sid:1;)\n')
        path = self.change("ms01-033/patch.rules", 'content:".id"; nocase;', 'content:"/default.ida?N"; nocase;')
        done = bansoko("check", "--against", rules, content=self.content)
        self.assertRegex(done.stderr, path + r":\d+:\d+: more than 12 bytes of this content also stand in " + rules)
        self.change("ms01-033/patch.yaml", "sources:",
                    'protocol_literals:\n  - {literal: "/default.ida?N", reason: no other}\nsources:')
        self.assertEqual(bansoko("check", "--against", rules, content=self.content).returncode, 0)


if __name__ == "__main__":
    BINARIES = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
