#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bansoko feeds as an operator runs it: feeds_test.py FOLDER-OF-PROGRAMS [unittest arguments]."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile

PROGRAMS = ""

DEFINITIONS = (
    '"DatePosted","CVE","BulletinKB","Title","AffectedProduct","AffectedComponent","Severity","Impact","Supersedes","Exploits"\n'
    '"20140114","CVE-2013-5065","2914368","a\n""title""","Windows Server 2003","","Important","EoP","2440591",\n'
    '"20140114","","","nothing","Windows Server 2003","","","","",\n'
)
EPSS = "#model_version:v2026.06.15,score_date:2026-09-29T12:00:22Z\ncve,epss,percentile\nCVE-1999-0001,0.03351,0.88255\n"


class Feeds(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="bansoko-feeds-")
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        self.store = self.path("var/knowledge.db")

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, content):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return self.path(name)

    def run_feeds(self, command, *arguments, code=0):
        done = subprocess.run(
            [os.path.join(PROGRAMS, "bansoko"), "feeds", command, "--store", self.store, *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def listed(self):
        feeds = json.loads(self.run_feeds("list", "--format", "json").stdout)
        return {(feed["format"], feed["scope"]): feed for feed in feeds}

    def definitions(self):
        path = self.path("definitions.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("CVEs_20260628.csv", DEFINITIONS)
            archive.writestr("Version_0.94.txt", "0.94")
        return path

    def test_import_and_list(self):
        path = self.definitions()
        epss = self.put("epss_scores-current.csv.gz", gzip.compress(EPSS.encode()))
        done = self.run_feeds("import", path, epss)
        self.assertIn("microsoft-definitions CVEs: 1 records of 2026-06-28\n", done.stdout)
        self.assertIn("passed over: " + path + ": Version_0.94.txt", done.stdout)
        feed = self.listed()["microsoft-definitions", "CVEs"]
        with open(path, "rb") as file:
            self.assertEqual(feed["sha256"], hashlib.sha256(file.read()).hexdigest())
        self.assertEqual(
            (feed["date"], feed["licence"], feed["records"], feed["left_out"]),
            ("2026-06-28", "BSD-3-Clause", 1, {"rows with neither CVE nor KB": 1}),
        )
        self.assertEqual(self.listed()["epss", ""]["version"], "v2026.06.15")
        text = self.run_feeds("list").stdout
        for line in ("epss\n", "  date      2026-09-29, ", "  licence   BSD-3-Clause", "  left out  1 rows with neither"):
            self.assertIn(line, text)
        self.assertIn("in the place of 1 of 2026-06-28", self.run_feeds("import", path).stdout)

    def test_unknown_and_broken_files_are_named_and_others_imported(self):
        unknown = self.put("LICENSE", "MIT")
        broken = self.put("broken.csv.gz", gzip.compress(EPSS.encode())[:-5])
        done = self.run_feeds("import", unknown, broken, self.definitions(), code=1)
        self.assertIn(f"bansoko: {unknown}: it is no feed of a known format\n", done.stderr)
        self.assertIn(broken, done.stderr)
        self.assertEqual(list(self.listed()), [("microsoft-definitions", "CVEs")])

    def test_a_broken_feed_leaves_the_old(self):
        self.run_feeds("import", self.definitions())
        before = self.listed()
        path = self.put("CVEs_20260701.csv", DEFINITIONS + '"20140114","CVE-20')
        done = self.run_feeds("import", path, code=1)
        self.assertIn("line 5: a quote is not closed", done.stderr)
        self.assertEqual(self.listed(), before)

    def test_a_feed_of_more_than_two_gigabytes(self):
        path = self.put("large.csv", "cve,epss\n")
        os.truncate(path, (2 << 30) + (1 << 20))  # zeros, without room on the disk
        done = self.run_feeds("import", path, code=1)
        self.assertIn("epss: line 2: a field is longer than 1048576 bytes", done.stderr)

    def test_a_bomb(self):
        path = self.path("bomb.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("epss.csv", "w") as member:
            member.write(b"cve,epss\n")
            for _ in range(200):
                member.write(b"\n" * (1 << 20))
        done = self.run_feeds("import", path, code=1)
        self.assertIn("taken for a bomb", done.stderr)

    def test_a_file_that_is_no_store(self):
        self.run_feeds("list", code=1)
        self.put("var/knowledge.db", "a text that is no database, but longer than a header is" * 10)
        for command in (("list",), ("import", self.definitions())):
            done = self.run_feeds(*command, code=1)
            self.assertIn("it is no file of Bansoko's knowledge", done.stderr)


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main()
