#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`bansoko rules check` on rules that were broken in one place each: every one is named, with line, column and reason.

usage: broken_rules_test.py BIN_DIR

The rules are a few of our own, and those of ../shared/data/rules/etopen.rules where it is there.
"""
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get("BANSOKO_SHARED", os.path.join(ROOT, "..", "shared"))
ETOPEN = os.path.join(SHARED, "data", "rules", "etopen.rules")
EACH = 40  # variants of each kind
OURS = [
    'alert tcp $EXTERNAL_NET any -> $HOME_NET 80 (msg:"one"; flow:established,to_server; flowbits:set,seen; dsize:>10; '
    'content:"GET /evil"; depth:20; content:"x"; distance:1; within:10; isdataat:5,relative; pcre:"/a+b/i"; '
    'byte_test:2,>,9,0,relative; byte_jump:2,0,relative; xbits:set,mark,track ip_src,expire 60; '
    'threshold:type limit, track by_src, count 1, seconds 60; tag:session,5,packets; classtype:trojan-activity; '
    'reference:url,example.org; metadata:created_at 2026_01_01; sid:1; rev:1;)',
    'drop http any any -> any any (msg:"two"; http.uri; urilen:>20; content:"/a"; bsize:4; sid:2; rev:1;)',
    'alert icmp any any -> any any (msg:"three"; itype:8; icode:0; ttl:<5; sid:3; rev:1;)',
]

# What is done to a rule: a pattern, what stands in its place, and a word of the reason.
BREAKS = {
    "option unknown": (r"; (content|flow|reference|metadata|pcre):", r"; \1x:", "is not a rule option"),
    "bracket missing": (r"\)$", "", "missing"),
    "semicolon missing": (r";\)$", ")", "';'"),
    "digit not hexadecimal": (r'content:(!?)"', r'content:\1"|4z|', "hexadecimal"),
    "digit alone": (r'content:(!?)"', r'content:\1"|4|', "one digit"),
    "bar alone": (r'content:(!?)"[^"]*"', r'content:\1"a|41 "', "bar"),
    "content empty": (r'content:!?"[^"]*"', 'content:""', "no bytes"),
    "sid missing": (r"(?<=;) ?sid:\d+;", "", "sid"),
    "sid not a number": (r"(?<=; )sid:\d+;", "sid:12x;", "sid"),
    "rev not a number": (r"(?<=; )rev:\d+;", "rev:a;", "rev"),
    "flow unknown": (r"(?<=; )flow:[^;]*;", "flow:to_serverr;", "flow"),
    "flow both ways": (r"(?<=; )flow:[^;]*;", "flow:to_server,to_client;", "flow"),
    "flowbits unknown": (r"(?<=; )flowbits:[a-z]+,", "flowbits:sett,", "flowbits"),
    "flowbits without a name": (r"(?<=; )flowbits:[a-z]+,[^;]*;", "flowbits:set;", "flowbits"),
    "expression open": (r'(?<=; )pcre:(!?)"/', r'pcre:\1"/((', "pcre"),
    "expression's flag": (r'(?<=; )pcre:(!?"/.*?/)[A-Za-z]*";', r'pcre:\1qq";', "pcre"),
    "protocol unknown": (r"^(\w+) \w+ ", r"\1 htttp ", "protocol"),
    "action unknown": (r"^\w+ ", "alrt ", "action"),
    "arrow": (r" -> ", " >- ", "direction"),
    "port": (r"^(\w+ \w+ \S+) \S+ ", r"\1 70000 ", "port"),
    "address": (r"^(\w+ \w+) \S+ ", r"\1 300.1.1.1 ", "address"),
    "variable": (r"^(\w+ \w+) \S+ ", r"\1 $NO_SUCH_NET ", "not defined"),
    "depth not a number": (r"(?<=; )depth:\d+", "depth:abc", "depth"),
    "depth too small": (r'content:"[^"|]{4,}"; depth:\d+', 'content:"abcd"; depth:1', "never match"),
    "within negative": (r"(?<=; )within:\d+", "within:-1", "within"),
    "distance too far": (r"(?<=; )distance:-?\d+", "distance:99999999999", "distance"),
    "threshold": (r"(?<=; )threshold: ?type \w+", "threshold:type foo", "threshold"),
    "byte_test": (r"(?<=; )byte_test:\d+", "byte_test:99", "byte_test"),
    "byte_jump": (r"(?<=; )byte_jump:\d+", "byte_jump:99", "byte_jump"),
    "isdataat": (r"(?<=; )isdataat:", "isdataat:x", "isdataat"),
    "dsize": (r"(?<=; )dsize:[^;]*;", "dsize:>x;", "dsize"),
    "urilen": (r"(?<=; )urilen:[^;]*;", "urilen:<>3;", "urilen"),
    "bsize": (r"(?<=; )bsize:[^;]*;", "bsize:>;", "bsize"),
    "tag": (r"(?<=; )tag:[^;]*;", "tag:session,5,apples;", "tag"),
    "quote open": (r'(?<=\()msg:"([^"]*)"', r'msg:"\1', ""),
    "xbits": (r"(?<=; )xbits:\w+,", "xbits:sett,", "xbits"),
    "ttl": (r"(?<=; )ttl:[^;]*;", "ttl:999;", "ttl"),
    "itype": (r"(?<=; )itype:[^;]*;", "itype:999;", "itype"),
    "icode": (r"(?<=; )icode:[^;]*;", "icode:999;", "icode"),
    "classtype": (r"(?<=; )classtype:[^;]*;", "classtype:no-such-class;", "classtype"),
    "reference": (r"(?<=; )reference:[^;]*;", "reference:url;", "reference"),
}


def rules():
    found = list(OURS)
    if os.path.exists(ETOPEN):
        with open(ETOPEN, errors="surrogateescape") as file:
            public = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
        random.Random(1).shuffle(public)
        found += public
    return found


def variants():
    """(kind, broken rule)"""
    all_rules = rules()
    for kind, (pattern, instead, _) in BREAKS.items():
        count = 0
        for rule in all_rules:
            broken, done = re.subn(pattern, instead, rule, count=1)
            if done and broken != rule:
                yield kind, broken
                count += 1
            if count == EACH:
                break


class BrokenRules(unittest.TestCase):
    def test_each_is_named(self):
        made = list(variants())
        self.assertEqual({kind for kind, _ in made}, set(BREAKS), "each kind was tried")
        with tempfile.NamedTemporaryFile("w", suffix=".rules", errors="surrogateescape") as file:
            file.write("\n".join(rule for _, rule in made) + "\n")
            file.flush()
            done = subprocess.run([os.path.join(BIN_DIR, "bansoko"), "rules", "check", file.name], capture_output=True, text=True,
                                  errors="replace")
        self.assertEqual(done.returncode, 1, done.stderr[-2000:])
        said = {}
        for match in re.finditer(r"\.rules:(\d+):(\d+): error: (.*)", done.stdout + done.stderr):
            said.setdefault(int(match[1]), []).append((int(match[2]), match[3]))
        for number, (kind, rule) in enumerate(made, 1):
            with self.subTest(kind=kind, rule=rule[:200]):
                self.assertTrue(number in said, "not named")
                reasons = [reason for column, reason in said[number] if 1 <= column <= len(rule) + 1]
                self.assertTrue(any(BREAKS[kind][2] in reason for reason in reasons), said[number])


if __name__ == "__main__":
    BIN_DIR = os.path.abspath(sys.argv.pop(1))
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
