#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bansoko assess as an operator runs it: assess_test.py FOLDER-OF-PROGRAMS [unittest arguments]."""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAMS = ""
CONTENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "content")

SYSTEMINFO = """
Host Name:                 {name}
OS Name:                   Microsoft(R) Windows(R) Server 2003, Standard Edition
OS Version:                5.2.3790 Service Pack 2 Build 3790
System Type:               X86-based PC
Hotfix(s):                 {count} Hotfix(s) Installed.
{listed}
"""
NVD = {"CVE_data_type": "CVE", "CVE_data_format": "MITRE", "CVE_data_version": "4.0", "CVE_data_timestamp": "2021-09-10T07:00Z",
       "CVE_Items": [{"cve": {"CVE_data_meta": {"ID": cve}, "description": {"description_data": [{"lang": "en", "value": "a hole"}]}},
                      "configurations": {"nodes": [{"operator": "OR", "cpe_match": [
                          {"vulnerable": True, "cpe23Uri": "cpe:2.3:o:microsoft:windows_2003_server:*:sp2:*:*:*:*:*:*"}]}]},
                      "impact": {"baseMetricV2": {"cvssV2": {"version": "2.0", "vectorString": "AV:N/AC:L/Au:N/C:C/I:C/A:C", "baseScore": score}}},
                      "publishedDate": day + "T10:00Z", "lastModifiedDate": day + "T10:00Z"}
                     for cve, day, score in (("CVE-2008-4250", "2008-10-23", 10.0), ("CVE-2010-1000", "2010-05-05", 5.0),
                                             ("CVE-2019-0708", "2019-05-16", 9.3))]}


class Assess(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="bansoko-assess-")
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def put(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def systeminfo(self, name="SRV1", kbs=("KB958644", "KB4012598"), count=None):
        listed = "\n".join(f"                           [{i + 1:02}]: {kb}" for i, kb in enumerate(kbs))
        return self.put(f"{name}/systeminfo.txt", SYSTEMINFO.format(name=name, count=count or len(kbs), listed=listed))

    def run_bansoko(self, *words, code=0):
        done = subprocess.run([os.path.join(PROGRAMS, "bansoko"), *words], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code != 1 else done.stdout + done.stderr

    def assess(self, *words, code=0):
        return self.run_bansoko("assess", *words, "--content", CONTENT, "--store", os.path.join(self.folder, "knowledge.db"),
                                "--today", "2026-11-23", code=code)

    def finding(self, report, name):
        return next(one for one in report["hosts"][0]["findings"] if one["id"] == name)

    def test_what_is_installed_is_fixed_and_the_rest_missing(self):
        report = json.loads(self.assess(self.systeminfo(), "--format", "json", "--lang", "en"))
        self.assertEqual(self.finding(report, "MS17-010")["state"], "fixed")
        missing = self.finding(report, "CVE-2019-0708")
        self.assertEqual((missing["state"], [step["kind"] for step in missing["advice"]][:2]), ("missing", ["official", "virtual_patch"]))
        self.assertEqual(report["hosts"][0]["support"]["last_day_in_japan"], "2015-07-15")

    def test_a_list_that_is_cut_is_never_called_complete(self):
        text = self.assess(self.systeminfo(kbs=("KB958644",), count=352), "--lang", "en")
        self.assertIn("INCOMPLETE: the list of updates is cut short (352 announced, 1 listed)", text)
        self.assertIn("MS17-010 [unconfirmed]", text)

    def test_past_support_is_told_in_the_time_of_japan(self):
        self.assertIn("2015年7月15日 以降、ベンダーはこの製品を評価していません", self.assess(self.systeminfo(), "--lang", "ja"))
        self.assertIn("no longer evaluated by the vendor since 2015-07-14", self.assess(self.systeminfo(), "--lang", "en"))

    def test_each_form_can_be_read(self):
        path = self.systeminfo()
        rows = list(csv.reader(io.StringIO(self.assess(path, "--format", "csv", "--lang", "en").lstrip("\ufeff"))))
        self.assertGreater(len(rows), 50)
        self.assertEqual({len(row) for row in rows}, {15})
        sarif = json.loads(self.assess(path, "--format", "sarif"))
        self.assertEqual((sarif["version"], sarif["runs"][0]["results"][0]["level"]), ("2.1.0", "error"))
        vex = json.loads(self.assess(path, "--format", "cyclonedx-vex"))
        states = {one["id"]: one["analysis"]["state"] for one in vex["vulnerabilities"]}
        self.assertEqual((states["CVE-2017-0144"], states["CVE-2019-0708"]), ("resolved", "exploitable"))
        self.assertIn("<table>", self.assess(path, "--format", "html"))
        self.assertIn("| MS17-010 |", self.assess(path, "--format", "md"))

    def heard(self):
        """The events of a replay of servers that say what they are."""
        subprocess.run([os.path.join(PROGRAMS, "make-captures"), self.folder], check=True)
        rules = self.put("rules/none.rules", 'alert tcp any any -> any any (msg:"none"; content:"nobody says this"; sid:1;)\n')
        events = os.path.join(self.folder, "heard", "events.jsonl")
        os.makedirs(os.path.dirname(events))
        self.run_bansoko("replay", "--rules", rules, "--events", events, os.path.join(self.folder, "old-servers.pcap"))
        return os.path.dirname(events)

    def test_what_the_shield_heard_in_passing_is_an_inventory(self):
        report = json.loads(self.assess(self.heard(), "--format", "json", "--lang", "en"))
        hosts = {host["name"]: host for host in report["hosts"]}
        self.assertEqual(sorted(hosts), ["10.0.0.1", "10.0.0.2", "10.0.0.3"])  # the first said so as a client
        windows = hosts["10.0.0.2"]
        self.assertEqual(windows["support"]["last_day_in_japan"], "2015-07-15")
        found = {one["id"]: one for one in windows["findings"]}
        self.assertEqual((found["MS17-010"]["state"], found["MS08-067"]["state"]), ("unconfirmed", "unconfirmed"))
        self.assertIn("Windows Server 2003 3790 Service Pack 2", json.dumps(found["MS08-067"]["reason"]))
        states = {one["state"] for host in hosts.values() for one in host["findings"]}
        self.assertLessEqual(states, {"unconfirmed", "not_applicable"})
        text = self.assess(os.path.join(self.folder, "heard"), "--lang", "en")
        self.assertIn("INCOMPLETE", text)
        self.assertIn("Windows Server 2003", text)

    def test_an_inventory_of_the_host_counts_before_what_was_heard(self):
        folder = self.heard()
        events = os.path.join(folder, "events.jsonl")
        with open(events, encoding="utf-8") as file:
            self.put("both/events.jsonl", file.read())
        listed = SYSTEMINFO.format(name="SRV1", count=2, listed="                           [01]: KB958644\n                           [02]: KB4012598")
        self.put("both/SRV1/systeminfo.txt", listed + "Network Card(s):  1\n   [01]: x\n     [01]: 10.0.0.2\n")
        report = json.loads(self.assess(os.path.join(self.folder, "both"), "--format", "json", "--lang", "en"))
        host = next(one for one in report["hosts"] if one["name"] == "SRV1")
        found = {one["id"]: one["state"] for one in host["findings"]}
        self.assertEqual((found["MS17-010"], found["CVE-2019-0708"]), ("fixed", "missing"))

    def test_fail_on_decides_the_exit_code(self):
        path = self.systeminfo()
        self.assess(path, "--fail-on", "never")
        self.assess(path, "--fail-on", "worm", code=2)
        self.assess(path, "--fail-on", "missing", code=2)

    def web_server(self, ida=True):
        mapped = '".ida"="C:\\\\WINNT\\\\System32\\\\idq.dll"\n' if ida else ""
        self.put("WEB/map.reg", "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\\Parameters\\Script Map]\n"
                                f'{mapped}".asp"="asp.dll"\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Messenger]\n"Start"=dword:00000004\n')
        return os.path.dirname(self.systeminfo("WEB"))

    def test_checks_of_the_configuration_are_asked(self):
        path = self.web_server()
        text = self.assess(path, "--lang", "en")
        self.assertIn("configuration: 1 checks failed, 1 passed, 28 could not be looked at", text)
        self.assertIn("windows-iis-mapping-ida [failed, critical] IIS runs files named .ida", text)
        self.assertIn("-> Remove the mapping .ida", text)
        self.assertIn("windows-iis-mapping-ida [不適合, 緊急]", self.assess(path, "--lang", "ja"))
        self.assertIn("windows-telnet-server [unknown, high]", self.assess(path, "--lang", "en", "--all"))
        checks = {one["id"]: one for one in json.loads(self.assess(path, "--format", "json"))["hosts"][0]["checks"]}
        self.assertEqual([checks[name]["state"] for name in ("windows-iis-mapping-ida", "windows-messenger-service", "windows-telnet-server",
                                                             "sshd-empty-passwords")], ["failed", "passed", "unknown", "not_applicable"])
        self.assertIn("idq.dll", checks["windows-iis-mapping-ida"]["evidence"][0]["text"])
        for form in ("csv", "html", "md"):
            self.assertIn("windows-iis-mapping-ida", self.assess(path, "--format", form))
        results = json.loads(self.assess(path, "--format", "sarif"))["runs"][0]["results"]
        told = {one["ruleId"]: (one["kind"], one["level"]) for one in results if "kind" in one}
        self.assertEqual((told["windows-iis-mapping-ida"], told["windows-telnet-server"]), (("fail", "error"), ("open", "none")))

    def test_fail_on_may_name_checks(self):
        path = self.web_server()
        for words, code in (("checks", 2), ("windows-iis-mapping-ida", 2), ("windows-messenger-service", 0),
                            ("windows-messenger-service,windows-iis-mapping-ida", 2)):
            self.assess("--fail-on", words, path, code=code)
        self.assertIn("'windows-nothing' is neither never, worm", self.assess(path, "--fail-on", "windows-nothing", code=1))

    def test_what_the_operator_knows_counts_and_is_shown(self):
        path = os.path.dirname(self.systeminfo("WEB"))
        config = self.put("bansoko.yaml", "assess:\n  hosts:\n    web: {owner: Sato, roles: [dns], exposure: internal, "
                                          "migrate_by: 2026-11-01, note: behind the proxy}\n")
        for lang, lines in (("en", ("owner: Sato", "exposure: reachable from the own network", "note: behind the proxy", ", DNS server",
                                    "to be replaced by: 2026-11-01; the day passed 22 days ago; 4128 days after the end of support")),
                            ("ja", ("担当: Sato", "公開範囲: 社内から到達可能", "移行予定日: 2026年11月1日、予定日を 22 日過ぎています"))):
            text = self.assess(path, "--config", config, "--lang", lang)
            for line in lines:
                self.assertIn(line, text)
        for form in ("json", "csv", "html", "md", "sarif", "cyclonedx-vex"):
            self.assertIn("Sato", self.assess(path, "--config", config, "--format", form))
        exposed = [json.loads(self.assess(path, "--config", one, "--format", "json")) for one in
                   (config, self.put("other.yaml", "assess: {hosts: {WEB: {exposure: internet}}}"))]
        self.assertEqual([self.finding(report, "CVE-2019-0708")["priority"]["exposed"] for report in exposed], [False, True])
        self.assertIn("other.yaml:1", self.assess(path, "--config", self.put("other.yaml", "assess: {hosts: {WEB: {owned: x}}}"), code=1))

    def test_a_feed_is_asked_where_content_has_no_support_date(self):
        path = self.put("box/os-release", 'ID=fedora\nNAME="Fedora Linux"\nVERSION_ID=39\nPRETTY_NAME="Fedora Linux 39"\n')
        self.assertIn("support not known", self.assess(path, "--lang", "en"))
        feed = {"schema_version": "1.2.0", "result": {"name": "fedora", "label": "Fedora Linux", "releases": [
            {"name": "39", "label": "39", "releaseDate": "2023-11-07", "isEol": True, "eolFrom": "2024-11-26"}]}}
        self.run_bansoko("feeds", "import", self.put("fedora.json", json.dumps(feed)), "--store", os.path.join(self.folder, "knowledge.db"))
        self.assertIn("no longer evaluated by the vendor since 2024-11-26", self.assess(path, "--lang", "en"))

    def test_programs_that_the_system_holds_back_and_security_software_that_left_it(self):
        uninstall = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{}]\n\"DisplayName\"=\"{}\"\n\"DisplayVersion\"=\"{}\"\n\n"
        self.put("WEB/programs.reg", "REGEDIT4\n\n" + uninstall.format("php", "PHP 5.3.29", "5.3.29") +
                 uninstall.format("sav", "Symantec AntiVirus", "10.1.8.8000") + uninstall.format("pcs", "SIMATIC WinCC Runtime V7", "7.0"))
        path = os.path.dirname(self.systeminfo("WEB"))
        text = self.assess(path, "--lang", "en")
        self.assertIn("PHP 5.3.29: the last version for this system is 5.4. PHP 5.5 for Windows needs Vista or Server 2008.", text)
        self.assertIn("Symantec AntiVirus: its support on this system ended on 2012-07-04.", text)
        self.assertIn("1. ask the vendor first:\n       Siemens (SIMATIC WinCC Runtime V7): ", text)
        japanese = self.assess(path, "--lang", "ja")
        for words in ("このシステムで動作する最後のバージョンは 5.4 です。", "このシステムでのサポートは 2012年7月5日 に終了しました。", "1. ベンダーに確認:"):
            self.assertIn(words, japanese)
        host = json.loads(self.assess(path, "--format", "json"))["hosts"][0]
        self.assertEqual([one["product"] for one in host["software"]], ["php:php"])
        self.assertEqual([one["program"] for one in host["security_software"]][:1], ["Symantec AntiVirus"])
        self.assertIn("OfficeScan", self.assess(path, "--lang", "en", "--all"))

    def test_what_is_not_needed_can_be_switched_off(self):
        self.put("WEB/spooler.reg", "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Spooler]\n"
                                    "\"Type\"=dword:00000110\n\"Start\"=dword:00000002\n")
        path = os.path.dirname(self.systeminfo("WEB"))
        steps = [step["kind"] for step in self.finding(json.loads(self.assess(path, "--format", "json")), "MS10-061")["advice"]]
        self.assertEqual(steps[-1], "service_off")
        config = self.put("bansoko.yaml", "assess: {hosts: {WEB: {roles: [print]}}}")
        report = json.loads(self.assess(path, "--format", "json", "--config", config))
        self.assertNotIn("service_off", [step["kind"] for step in self.finding(report, "MS10-061")["advice"]])

    def test_checks_are_compared(self):
        old = self.put("old.json", self.assess(self.web_server(), "--format", "json"))
        new = self.put("new.json", self.assess(self.web_server(ida=False), "--format", "json"))
        told = self.run_bansoko("assess", "diff", new, old, "--lang", "en", code=1)
        self.assertIn("unknown -> failed: windows-iis-mapping-ida", told)
        before = json.loads(self.assess(self.web_server(), "--format", "json"))
        for host in before["hosts"]:
            del host["checks"]
        older = self.put("older.json", json.dumps(before))
        self.assertEqual(self.run_bansoko("assess", "diff", older, old, "--lang", "en"), "Nothing changed.\n")

    def test_many_hosts_and_files_that_nobody_knows(self):
        self.systeminfo("SRV1")
        self.systeminfo("SRV2", kbs=("KB958644",))
        self.put("SRV2/photo.jpg", "\x01\x02")
        report = json.loads(self.assess(self.folder, "--format", "json"))
        self.assertEqual(sorted(host["name"] for host in report["hosts"]), ["SRV1", "SRV2"])
        self.assertIn("photo.jpg", report["not_understood"][0])

    def test_two_runs_are_compared(self):
        old = self.put("old.json", self.assess(self.systeminfo(kbs=("KB958644",)), "--format", "json"))
        new = self.put("new.json", self.assess(self.systeminfo(), "--format", "json"))
        told = self.run_bansoko("assess", "diff", old, new, "--lang", "en", code=1)
        self.assertIn("missing -> fixed: MS17-010", told)
        self.assertEqual(self.run_bansoko("assess", "diff", new, new, "--lang", "en"), "Nothing changed.\n")
        self.assertIn("is no assessment", self.run_bansoko("assess", "diff", self.systeminfo(), new, code=1))

    def test_counts_have_their_definition_beside_them(self):
        store = os.path.join(self.folder, "knowledge.db")
        self.run_bansoko("feeds", "import", self.put("nvd.json", json.dumps(NVD)), "--store", store)
        words = ("assess", "stats", "--product", "microsoft:windows_server_2003", "--from", "2008-10-01", "--to", "2010-12-31", "--store", store,
                 "--content", CONTENT, "--lang", "en")
        counts = json.loads(self.run_bansoko(*words, "--format", "json"))
        self.assertEqual((counts["all"]["III"], counts["all"]["II"], counts["months"]["2008-10"]["III"]), (1, 1, 1))
        self.assertIn("CVSS v2", counts["definition"])
        self.assertIn(counts["definition"], self.run_bansoko(*words))
        xml.etree.ElementTree.fromstring(self.run_bansoko(*words, "--format", "svg"))
        text = self.assess(self.systeminfo(), "--lang", "en")
        self.assertIn("2 vulnerabilities known until then, 1 since from other sources", text)

    def test_what_cannot_be_read_is_an_error(self):
        self.assertIn("No such file", self.assess(os.path.join(self.folder, "nothing"), code=1))
        self.assertIn("is not a date", self.run_bansoko("assess", "--today", "tomorrow", "--content", CONTENT, code=1))
        self.put("knowledge.db", "no database")
        self.assertIn("knowledge.db", self.assess(self.systeminfo(), code=1))


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main()
