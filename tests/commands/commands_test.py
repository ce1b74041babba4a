#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands as an operator runs them: commands_test.py FOLDER-OF-PROGRAMS [unittest arguments]."""

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
import tempfile
import unittest

PROGRAMS = ""
SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

RULES = """\
drop tcp any any -> any any (msg:"evil"; flow:established,to_server; content:"EVIL"; sid:1; rev:2;)
drop icmp any any -> any any (msg:"icmp"; itype:8; content:"EVIL"; sid:2;)
"""


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="bansoko-commands-")
        cls.folder = cls.temporary.name
        subprocess.run([os.path.join(PROGRAMS, "make-captures"), cls.folder], check=True)
        cls.rules = cls.put("test.rules", RULES)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def put(cls, name, content):
        with open(cls.path(name), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return cls.path(name)

    def run_bansoko(self, *arguments, code=0):
        done = subprocess.run(
            [os.path.join(PROGRAMS, "bansoko"), *arguments], capture_output=True, text=True, timeout=60, check=False
        )
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def replay(self, *arguments, code=0):
        """The summary and the events."""
        events = self.path("events.jsonl")
        done = self.run_bansoko(
            "replay", "--rules", self.rules, "--summary", "json", "--events", events, *arguments, code=code
        )
        with open(events, encoding="utf-8") as file:
            return json.loads(done.stdout), [json.loads(line) for line in file]


class RulesCheck(Commands):
    def test_good(self):
        answer = json.loads(self.run_bansoko("rules", "check", "--json", self.rules).stdout)
        self.assertEqual((answer["rules"], answer["errors"]), (2, 0))

    def test_faults_have_file_line_and_column(self):
        bad = self.put("bad.rules", 'alert tcp any any -> any any (msg:"x"; contnt:"a"; sid:1;)\n')
        done = self.run_bansoko("rules", "check", bad, code=1)
        self.assertRegex(done.stdout, r"bad\.rules:1:\d+: .*contnt")
        answer = json.loads(self.run_bansoko("rules", "check", "--json", bad, code=1).stdout)
        self.assertEqual((answer["errors"], answer["diagnostics"][0]["line"]), (1, 1))

    def test_missing_file(self):
        self.run_bansoko("rules", "check", self.path("none.rules"), code=1)


SOURCE = """\
# Licensed under the MIT License
alert tcp any any -> any any (msg:"first"; content:"EVIL"; reference:cve,2021-44228; classtype:bad-unknown; sid:101; rev:1;)
# alert tcp any any -> any any (msg:"setter"; content:"x"; flowbits:set,seen; sid:102; rev:1;)
alert tcp any any -> any any (msg:"asker"; content:"y"; flowbits:isset,seen; sid:103; rev:1;)
alert tcp any any -> any any (msg:"faulty"; contnt:"z"; sid:104; rev:1;)
alert udp any any -> any any (msg:"unwanted"; content:"z"; sid:105; rev:1;)
"""


class RuleSources(Commands):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory(prefix="bansoko-sources-")
        self.addCleanup(self.home.cleanup)
        self.sources = os.path.join(self.home.name, "rules")
        self.settings = os.path.join(self.home.name, "bansoko.yaml")
        with open(self.settings, "w", encoding="utf-8") as file:
            file.write(f"""\
shield:
  rule_files: ["{self.sources}/*/*.rules"]
  sources: {{folder: "{self.sources}", choices: "{self.home.name}"}}
""")

    def choices(self, name, text):
        with open(os.path.join(self.home.name, name), "w", encoding="utf-8") as file:
            file.write(text)

    def archive(self, name="some.rules.tar.gz", rules=SOURCE, **members):
        path = os.path.join(self.home.name, name)
        with tarfile.open(path, "w:gz") as tar:
            for member, text in {"rules/a.rules": rules, **members}.items():
                entry = tarfile.TarInfo(member)
                entry.size = len(text.encode())
                tar.addfile(entry, io.BytesIO(text.encode()))
        return path

    def rules_command(self, *arguments, code=0):
        return self.run_bansoko("rules", *arguments, "--config", self.settings, code=code)

    def listed(self, *arguments):
        return {rule["sid"]: rule for rule in json.loads(self.rules_command("list", "--json", *arguments).stdout)}

    def test_import(self):
        self.choices("disable.conf", "105 # not here\n")
        self.choices("drop.conf", "re:cve,2021-44228\n")
        answer = json.loads(self.rules_command("import", self.archive(), "--json").stdout)
        self.assertEqual((answer["name"], answer["rules"], answer["enabled"], answer["faulty"]), ("some", 5, 3, 1))
        self.assertEqual(answer["licence"], "MIT")
        self.assertEqual(answer["files"][0]["first_fault"].split(":")[0], "line 5")
        rules = self.listed()
        self.assertEqual({sid: rule["enabled"] for sid, rule in rules.items()},
                         {101: True, 102: True, 103: True, 104: False, 105: False})
        self.assertEqual(rules[101]["action"], "drop")
        self.assertIn("flowbit seen", rules[102]["reason"])
        self.assertIn("contnt", rules[104]["reason"])
        self.assertEqual(rules[105]["reason"], "disable.conf:1: 105")

    def test_what_is_imported_is_what_is_loaded(self):
        self.rules_command("import", self.archive())
        events = self.path("source-events.jsonl")
        summary = json.loads(self.run_bansoko("replay", "--config", self.settings, "--summary", "json", "--events",
                                              events, self.path("exploit.pcap")).stdout)
        self.assertEqual([rule["sid"] for rule in summary["rules"]], [101])
        files = os.path.join(self.sources, "some", "*.rules")
        check = json.loads(self.run_bansoko("rules", "check", "--json", files).stdout)
        self.assertEqual((check["rules"], check["errors"]), (4, 0))

    def test_a_failed_import_leaves_the_old_one(self):
        self.rules_command("import", self.archive())
        before = self.listed()
        good = self.archive("other.tar.gz")
        with open(good, "rb") as file:
            cut = file.read()[:-20]
        broken = self.put("cut.tar.gz", cut)
        table = [
            ("cut short", [broken]),
            ("no archive", [self.path("clean.pcap")]),
            ("not there", [self.path("none.zip")]),
            ("traversal", [self.archive("up.tar.gz", **{"../../evil.rules": "x"})]),
            ("absolute", [self.archive("root.tar.gz", **{"/etc/evil.rules": "x"})]),
            ("no rules", [self.archive("empty.tar.gz", rules="# nothing\n")]),
            ("name", [good, "--name", "../x"]),
            ("a folder that is a pattern", [good, "--to", os.path.join(self.home.name, "r[1]")]),
            ("choices that are named and missing", [good, "--disable-conf", self.path("none.conf")]),
        ]
        for name, arguments in table:
            with self.subTest(name):
                # The last --name counts.
                named = arguments if "--name" in arguments else [*arguments, "--name", "some"]
                self.rules_command("import", *named, code=1)
                self.assertEqual(self.listed(), before)
        self.choices("modify.conf", "101 only-two\n")
        done = self.rules_command("import", good, code=1)
        self.assertIn("modify.conf:1", done.stderr)

    def test_members_over_the_limit_are_refused(self):
        limited = os.path.join(self.home.name, "limited.yaml")
        with open(limited, "w", encoding="utf-8") as file:
            file.write(f'shield: {{sources: {{folder: "{self.sources}", max_files: 1}}}}\n')
        archive = self.archive(**{"LICENSE": "x"})
        done = self.run_bansoko("rules", "import", archive, "--config", limited, code=1)
        self.assertIn("more than 1 members", done.stderr)

    def test_modify(self):
        self.choices("modify.conf", '101 "EVIL" "GOOD"\nmetadata-add 103 key value\n')
        self.rules_command("import", self.archive())
        shown = json.loads(self.rules_command("show", "101", "--json").stdout)[0]
        self.assertIn('content:"GOOD"', shown["text"])
        self.assertIn('content:"EVIL"', shown["as_shipped"])
        self.assertEqual(shown["changed_by"], ['modify.conf:1: 101 "EVIL" "GOOD"'])
        self.assertIn("metadata: key value;", json.loads(self.rules_command("show", "103", "--json").stdout)[0]["text"])

    def test_list_filters(self):
        self.rules_command("import", self.archive())
        table = [
            (["--enabled"], {101, 102, 103, 105}),
            (["--disabled"], {104}),
            (["--source", "some"], {101, 102, 103, 104, 105}),
            (["--source", "local"], set()),
            (["--cve", "CVE-2021-44228"], {101}),
            (["--cve", "2021-44229"], set()),
            (["--classtype", "bad-unknown"], {101}),
            (["--protocol", "udp"], {105}),
            (["--grep", "flowbits:(is)?set"], {102, 103}),
        ]
        for arguments, sids in table:
            with self.subTest(arguments=arguments):
                self.assertEqual(set(self.listed(*arguments)), sids)
        lines = self.rules_command("list", "--protocol", "udp").stdout.splitlines()
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r"^on +alert +1:105:1 +some +udp +unwanted$")
        self.rules_command("list", "--grep", "(", code=1)

    def test_show(self):
        self.rules_command("import", self.archive())
        text = self.rules_command("show", "1:101").stdout
        self.assertIn('payload holds "EVIL"', text)
        self.assertRegex(text, r'prefilter +"EVIL" in payload')
        self.assertRegex(text, r"loads +yes")
        faulty = self.rules_command("show", "104").stdout
        self.assertRegex(faulty, r"loads +no")
        self.assertRegex(faulty, r"state +off: does not load: 'contnt' is not a rule option")
        self.rules_command("show", "9", code=1)
        self.rules_command("show", "2:101", code=1)
        self.rules_command("show", "x", code=1)

    def test_stats(self):
        self.rules_command("import", self.archive())
        self.rules_command("import", self.archive("second.tar.gz", rules=SOURCE.replace("sid:10", "sid:20")),
                           "--keep-faulty")
        stats = json.loads(self.rules_command("stats", "--json").stdout)
        self.assertEqual(stats["by_source"], {"some": 5, "second": 5})
        self.assertEqual(stats["by_state"], {"on": 9, "off": 1})
        self.assertEqual(stats["by_protocol"], {"tcp": 8, "udp": 2})
        self.assertEqual(stats["faults"], {"'contnt' is not a rule option": 2})
        self.assertEqual(stats["keywords"]["content"], 8)
        self.assertIn("5  some", self.rules_command("stats").stdout)

    def test_without_sources(self):
        self.assertEqual(self.listed(), {})
        self.rules_command("stats")

    def test_another_dialect(self):
        """Each rule keeps its number, and the faults are told file by file."""
        archive = os.path.join(os.environ.get("BANSOKO_SHARED", os.path.join(SOURCES, "../shared")),
                               "data/rules/snort3-community.tar.gz")
        if not os.path.exists(archive):
            self.skipTest(f"skipped: {archive} is not there")
        answer = json.loads(self.rules_command("import", archive, "--json").stdout)
        self.assertEqual((answer["rules"], len(answer["files"])), (4017, 1))
        self.assertEqual(answer["enabled"] + answer["faulty"], 4017)
        self.assertEqual(len(self.listed()), 4017)


class Replay(Commands):
    def test_clean(self):
        summary, events = self.replay("--mode", "enforce", self.path("clean.pcap"))
        self.assertEqual(set(summary["verdicts"]) - {"accept", "release"}, set())
        self.assertEqual(sum(summary["verdicts"].values()), summary["packets"])
        self.assertEqual((summary["alerts"], summary["limits"], events), (0, {}, []))

    def kill_switch(self, kill_switch_files):
        """The verdicts and the events, under rules that drop the domain."""
        rules = self.put(
            "killme.rules",
            'drop dns any any -> any any (msg:"name"; dns.query; content:"killme"; sid:1;)\n'
            'drop tcp any any -> any any (msg:"bytes"; flow:established,to_server; content:"killme"; sid:2;)\n',
        )
        settings = self.put(
            "kill-switch-settings.yaml",
            "shield: {mode: enforce, vars: {addresses: {HOME_NET: 10.0.0.0/8}}, "
            f"infection: {{kill_switch_files: {json.dumps(kill_switch_files)}}}, rule_files: ['{rules}']}}\n",
        )
        events = self.path("killme.jsonl")
        done = self.run_bansoko("replay", "--config", settings, "--summary", "json", "--events", events,
                                self.path("kill-switch.pcap"))
        with open(events, encoding="utf-8") as file:
            return json.loads(done.stdout)["verdicts"], [json.loads(line) for line in file]

    def test_kill_switch_domain_passes_rules_that_drop_it(self):
        domains = self.put("kill-switch.yaml", "kill_switch: {domains: {killme.test: Worm}}\n")
        self.assertEqual(self.kill_switch([])[0].get("block"), 2)
        verdicts, events = self.kill_switch([domains])
        self.assertEqual(verdicts.get("block"), 1, "another host's name alone")
        infected = [event["bansoko"]["infected"] for event in events if event["bansoko"].get("name") == "host.infected"]
        self.assertEqual([(one["host"], one["kind"], one["quarantine"]) for one in infected],
                         [("10.0.0.1", "kill_switch", "none")])
        reasons = {event["bansoko"]["verdict"]["reason"] for event in events
                   if event.get("alert", {}).get("signature_id") == 2}
        self.assertEqual(reasons, {"kill_switch", "rule"})

    def test_the_kill_switch_domains_that_ship_can_be_read(self):
        self.kill_switch([os.path.join(SOURCES, "content", "kill-switch.yaml")])

    def test_enforce(self):
        summary, events = self.replay("--mode", "enforce", self.path("exploit.pcap"))
        refused = summary["packets"] - 4
        self.assertEqual(summary["verdicts"], {"accept": 3, "block": 1, "drop": refused})
        self.assertEqual(summary["refused_packets"], refused)
        self.assertEqual(summary["rules"], [{"gid": 1, "sid": 1, "msg": "evil", "alerts": 1}])
        self.assertEqual([event["event_type"] for event in events], ["alert", "engine"])
        self.assertEqual(events[0]["pcap_cnt"], 4)

    def test_observe(self):
        summary, events = self.replay("--mode", "observe", self.path("exploit.pcap"))
        self.assertLessEqual(set(summary["verdicts"]), {"accept", "release"})
        self.assertEqual(sum(summary["verdicts"].values()), summary["packets"])
        self.assertEqual(summary["enforced"]["block"], 1)
        self.assertEqual(events[0]["alert"]["action"], "allowed")

    def test_table(self):
        done = self.run_bansoko("replay", "--rules", self.rules, self.path("exploit.pcap"))
        self.assertIn("1:1 evil", done.stdout)

    def test_last_fragment_again(self):
        summary, _ = self.replay("--mode", "enforce", self.path("fragments.pcap"))
        self.assertEqual(summary["verdicts"], {"accept": summary["packets"] - 3, "drop": 3})

    def test_cut_short(self):
        """What is whole counts, and the exit code and the summary say that it is not all."""
        with open(self.path("exploit.pcap"), "rb") as file:
            cut = self.put("cut.pcap", file.read()[:-5])
        summary, events = self.replay("--mode", "enforce", cut, self.path("clean.pcap"), code=1)
        self.assertEqual((summary["captures"], len(summary["failures"])), (2, 1))
        self.assertIn("cut.pcap: packet", summary["failures"][0])
        self.assertEqual(summary["limits"]["capture_errors"], 1)
        self.assertEqual(events[0]["alert"]["signature_id"], 1)

    def test_truncated_packets_are_counted(self):
        """The header of the first packet says that the wire carried more."""
        with open(self.path("clean.pcap"), "rb") as file:
            capture = bytearray(file.read())
        size = int.from_bytes(capture[36:40], "little")
        capture[36:40] = (size + 100).to_bytes(4, "little")
        summary, _ = self.replay(self.put("snap.pcap", bytes(capture)))
        self.assertEqual(summary["limits"]["capture_truncated"], 1)
        self.assertEqual(summary["anomalies"]["frame.truncated"], 1)

    def test_failures(self):
        capture = self.path("clean.pcap")
        table = [
            ("no such capture", ["--rules", self.rules, self.path("none.pcap")]),
            ("no capture", ["--rules", self.rules, self.rules]),
            ("no rules", [capture]),
            ("no such rules", ["--rules", self.path("none.rules"), capture]),
            ("events nowhere", ["--rules", self.rules, "--events", "/dev/null/x", capture]),
            ("evidence nowhere", ["--rules", self.rules, "--evidence", "/dev/null/x", capture]),
        ]
        for name, arguments in table:
            with self.subTest(name):
                self.run_bansoko("replay", *arguments, code=1)


class Evidence(Commands):
    def setUp(self):
        self.evidence = tempfile.mkdtemp(dir=self.folder)

    def kept(self):
        return sorted(os.listdir(self.evidence))

    def test_packets(self):
        _, events = self.replay("--mode", "enforce", "--evidence", self.evidence, self.path("exploit.pcap"))
        name = events[0]["bansoko"]["id"]
        self.assertEqual(self.kept(), [name + ".pcapng"])
        self.assertEqual(events[0]["bansoko"]["evidence"], name + ".pcapng")
        file = os.path.join(self.evidence, name + ".pcapng")
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        # The packets themselves: replayed alone, without the handshake, the rule speaks again.
        summary, _ = self.replay(file)
        self.assertGreater(summary["packets"], 1)
        self.assertEqual(summary["alerts"], 1)

    def test_whole_datagram_of_fragments(self):
        _, events = self.replay("--mode", "enforce", "--evidence", self.evidence, self.path("fragments.pcap"))
        summary, _ = self.replay(os.path.join(self.evidence, events[0]["bansoko"]["evidence"]))
        self.assertEqual((summary["packets"], summary["alerts"]), (1, 1))

    def test_explain_shows_them(self):
        _, events = self.replay("--evidence", self.evidence, self.path("exploit.pcap"))
        event = events[0]["bansoko"]
        explain = ["explain", event["id"], "--events", self.path("events.jsonl"), "--evidence"]
        shown = self.run_bansoko(*explain, self.evidence).stdout
        self.assertIn(os.path.join(self.evidence, event["evidence"]), shown)
        self.assertIn("GET /EVI\n", shown)
        self.assertIn("1:1:2 evil", shown)
        self.assertIn("cannot be shown", self.run_bansoko(*explain, self.path("none")).stdout)

    def test_payload(self):
        table = [("none", False, False), ("matched-bytes", True, False), ("packets", True, True)]
        for payload, bytes_in_event, file in table:
            with self.subTest(payload):
                settings = self.put(
                    "settings.yaml",
                    f"shield:\n  evidence:\n    payload: {payload}\n    directory: {self.evidence}\n",
                )
                _, events = self.replay("--config", settings, self.path("exploit.pcap"))
                self.assertEqual("4556494c" in json.dumps(events), bytes_in_event)
                self.assertEqual("EVIL" in json.dumps(events), bytes_in_event)
                self.assertEqual(len(self.kept()), 1 if file else 0)

    def test_few_packets(self):
        settings = self.put(
            "few.yaml",
            f"shield:\n  evidence:\n    payload: packets\n    max_packets: 2\n    directory: {self.evidence}\n",
        )
        self.replay("--config", settings, self.path("exploit.pcap"))
        summary, _ = self.replay(os.path.join(self.evidence, self.kept()[0]))
        self.assertEqual(summary["packets"], 2)

    def test_same_again(self):
        """The events are the same; the file that is there is not written twice, and the program says so."""
        arguments = ["--evidence", self.evidence, self.path("exploit.pcap")]
        _, first = self.replay(*arguments)
        _, again = self.replay(*arguments)
        self.assertEqual(first, again)
        done = self.run_bansoko("replay", "--rules", self.rules, *arguments)
        self.assertIn("were not written", done.stderr)


class Config(Commands):
    def test_defaults_are_valid(self):
        shown = self.run_bansoko("config", "show", "--defaults").stdout
        path = self.put("defaults.yaml", shown)
        self.run_bansoko("config", "check", path)
        self.assertIn("shield:", shown)
        self.assertIn("\nassess:\n", shown)

    def test_the_shipped_file_is_the_defaults(self):
        shipped = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "etc", "bansoko.yaml")
        with open(shipped, encoding="utf-8") as file:
            self.assertEqual(file.read(), self.run_bansoko("config", "show", "--defaults").stdout)

    def test_show(self):
        path = self.put("enforce.yaml", "shield:\n  mode: enforce\n")
        self.assertIn("mode: enforce", self.run_bansoko("config", "show", path).stdout)

    def test_fault(self):
        path = self.put("fault.yaml", "shield:\n  mode: brave\n")
        done = self.run_bansoko("config", "check", path, code=1)
        self.assertRegex(done.stdout, r"fault\.yaml:2:.*brave")
        self.run_bansoko("config", "show", path, code=1)

    def test_hosts_that_the_operator_knows(self):
        path = self.put("hosts.yaml", "assess:\n  hosts:\n    WEB01: {owner: Sato, exposure: internet}\n")
        self.run_bansoko("config", "check", path)
        self.assertRegex(self.run_bansoko("config", "show", path).stdout, "web01:\n +owner: Sato")
        path = self.put("fault.yaml", "assess:\n  hosts:\n    web01: {roles: [wub]}\n")
        self.assertRegex(self.run_bansoko("config", "check", path, code=1).stdout, r"fault\.yaml:3:.*'wub' is none of")


class Explain(Commands):
    def test_unknown(self):
        path = self.put("none.jsonl", "")
        done = self.run_bansoko("explain", "20261122-000000-1-1", "--events", path, code=1)
        self.assertIn("there is no event", done.stderr)

    def test_json(self):
        _, events = self.replay(self.path("exploit.pcap"))
        done = self.run_bansoko(
            "explain", "--json", events[0]["bansoko"]["id"], "--events", self.path("events.jsonl")
        )
        self.assertEqual(json.loads(done.stdout), events[0])

    def test_later(self):
        _, events = self.replay("--mode", "enforce", self.path("exploit.pcap"))
        done = self.run_bansoko("explain", events[0]["bansoko"]["id"], "--events", self.path("events.jsonl"))
        self.assertIn("packets were refused", done.stdout)
        self.assertTrue(done.stdout.startswith("HTTP: rule 1 spoke: evil."), done.stdout)

    CONTENT = os.path.join(SOURCES, "content")

    def ms17_010(self, sid):
        """The event of this rule of ours, and how to have it explained."""
        events = self.path("ms17-010.jsonl")
        rules = os.path.join(self.CONTENT, "patches", "ms17-010", "patch.rules")
        self.run_bansoko(
            "replay", "--rules", rules, "--mode", "enforce", "--events", events, self.path("ms17-010.pcap")
        )
        with open(events, encoding="utf-8") as file:
            told = [json.loads(line) for line in file]
        found = [event for event in told if event.get("alert", {}).get("signature_id") == sid]
        self.assertEqual(len(found), 1, told)
        return found[0], ["explain", found[0]["bansoko"]["id"], "--events", events, "--content", self.CONTENT]

    def test_what_was_compared_is_kept(self):
        event, _ = self.ms17_010(9100003)
        self.assertEqual(event["bansoko"]["matched"]["fields"], {"smb1.fea_list_size": 65536})

    def test_as_an_engineer_says_it(self):
        _, explain = self.ms17_010(9100003)
        told = self.run_bansoko(*explain, "--lang", "en").stdout
        paragraph, facts = told.split("\n\n")
        self.assertRegex(paragraph, r"^SMB1: .*65,536 bytes.*CVE-2017-0144.*rest of its flow.*Later packets.*\d")
        self.assertRegex(facts, r"(?m)^compared    smb1\.fea_list_size 65,536$")
        told = self.run_bansoko(*explain, "--lang", "ja").stdout
        paragraph, facts = told.split("\n\n")
        self.assertRegex(paragraph, r"^SMB1: .*65,536 バイト.*CVE-2017-0144.*フローの残りも遮断.*拒否.*\d")
        self.assertRegex(facts, r"(?m)^比較した値 +smb1\.fea_list_size 65,536$")

    def test_language_of_the_environment(self):
        _, explain = self.ms17_010(9100003)
        for variables, label in (({"LANG": "ja_JP.UTF-8"}, "イベント"), ({"LANG": "C.UTF-8"}, "event")):
            clean = {name: os.environ[name] for name in os.environ if not name.startswith(("LC_", "LANG"))}
            done = subprocess.run(
                [os.path.join(PROGRAMS, "bansoko"), *explain],
                capture_output=True, text=True, timeout=60, check=True, env=clean | variables,
            )
            self.assertRegex(done.stdout, rf"(?m)^{label} ")
        self.run_bansoko(*explain, "--lang", "fr", code=105)


if __name__ == "__main__":
    PROGRAMS = sys.argv.pop(1)
    unittest.main()
