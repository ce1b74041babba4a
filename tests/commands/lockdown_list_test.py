#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bansoko lockdown's list and what operators say, as they run it: lockdown_list_test.py FOLDER-OF-PROGRAMS [unittest arguments]."""

import glob
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAMS = ""


def digest_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Host:
    """One machine's settings, state and files, below one folder."""

    def __init__(self, test, name):
        self.test = test
        self.folder = os.path.join(test.folder, name)
        self.state = os.path.join(self.folder, "state")
        self.rules = os.path.join(self.folder, "rules.yaml")
        self.socket = os.path.join(self.folder, "control.sock")
        self.config = self.put("bansoko.yaml", f"lockdown:\n  mode: enforce\n  state_folder: {self.state}\n  rules_file: {self.rules}\n"
                                               f"  control_socket: {self.socket}\n  spool:\n    directory: {self.folder}/spool\n")

    def put(self, name, text, mode=0o644):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def run(self, *words, code=0, given=None):
        done = subprocess.run([os.path.join(PROGRAMS, "bansoko"), "lockdown", *words, "--config", self.config], input=given or "",
                              capture_output=True, text=True, check=False)
        self.test.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def entries(self, *words):
        return json.loads(self.run("list", "--format", "json", *words))["entries"]

    def events(self):
        found = []
        for path in sorted(glob.glob(self.folder + "/spool/lockdown-cli-*.jsonl")):
            with open(path, encoding="utf-8") as file:
                found += [json.loads(line) for line in file.readlines()[1:]]
        return [(each["bansoko"]["name"], each["bansoko"]["message"]) for each in found]


class Daemon(threading.Thread):
    """Answers one request on a control socket."""

    def __init__(self, path, answer):
        super().__init__()
        self.answer = answer
        self.asked = ""
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(1)
        self.start()

    def run(self):
        peer, _ = self.listener.accept()
        with peer, self.listener:
            self.asked = peer.makefile().readline()
            peer.sendall(self.answer.encode() + b"\n")


class Lockdown(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="bansoko-lockdown-")
        self.addCleanup(temporary.cleanup)
        self.folder = os.path.realpath(temporary.name)
        self.host = Host(self, "one")

    def test_approve_why_verify_deny(self):
        host = self.host
        path = host.put("tool", "#!/bin/sh\necho 1\n", 0o755)
        self.assertIn("there is no approved list yet", host.run("list", code=1))
        self.assertIn("deny: interpreter_use", host.run("why", path, code=2))
        self.assertIn("generation 1: 1 entries", host.run("approve", path, "--reason", "needed"))
        self.assertIn("allow: approved", host.run("why", path))
        entry = host.entries()[0]
        self.assertEqual((entry["path"], entry["sha256"], entry["kind"], entry["origin"]),
                         (path, digest_of("#!/bin/sh\necho 1\n"), "script", "operator"))
        self.assertIn("1 same, 0 replaced", host.run("verify", host.folder))
        host.put("tool", "#!/bin/sh\necho 2\n", 0o755)
        self.assertIn("deny: changed_file", host.run("why", path, code=2))
        self.assertIn("1 changed, 0 gone, 0 unreadable, 0 unapproved", host.run("verify", host.folder, code=2))
        copy = host.put("copy", "#!/bin/sh\necho 1\n", 0o755)
        self.assertEqual(json.loads(host.run("why", copy, "--format", "json"))["reason"], "approved")
        host.run("approve", copy)
        host.put("tool", "#!/bin/sh\necho 1\n", 0o755)
        self.assertIn("2 entries", host.run("list"))
        self.assertIn("2 same", host.run("verify", "--listed-only"))
        host.run("deny", path, "--reason", "not any more")
        self.assertEqual(host.entries(), [])
        self.assertIn("is not on the list", host.run("deny", path, code=1))
        names = [name for name, _ in host.events()]
        self.assertEqual(names, ["lockdown.approved", "lockdown.approved", "lockdown.denied"])
        self.assertIn("(needed) by ", host.events()[0][1])

    def test_what_is_approved_anew_replaces_the_content_of_before(self):
        path = self.host.put("tool", "#!/bin/sh\n1\n")
        self.host.run("approve", path)
        self.host.put("tool", "#!/bin/sh\n2\n")
        self.host.run("approve", path)
        self.assertEqual([entry["sha256"] for entry in self.host.entries()], [digest_of("#!/bin/sh\n2\n")])

    def test_verify_names_each_state(self):
        host = self.host
        paths = {name: host.put(name, f"#!/bin/sh\n{name}\n") for name in ("same", "gone", "changed", "replaced")}
        host.run("approve", *paths.values())
        os.unlink(paths["gone"])
        host.put("changed", "#!/bin/sh\nother\n")
        host.put("replaced", "#!/bin/sh\nsame\n")
        host.put("unapproved", "#!/bin/sh\nnobody knows\n")
        drift = {os.path.basename(each["path"]): each["state"] for each in json.loads(host.run("verify", host.folder, "--format", "json", code=2))["drift"]}
        self.assertEqual(drift, {name: name for name in ("gone", "changed", "replaced", "unapproved")})
        self.assertIn("1 same, 0 replaced, 0 changed", host.run("verify", paths["same"]))
        self.assertIn("cannot find", host.run("verify", paths["gone"], code=1))

    def test_a_digest_may_be_given_for_a_file_that_is_not_there(self):
        digest = digest_of("x")
        self.host.run("approve", "/nowhere/tool", "--digest", digest)
        self.assertEqual(self.host.entries()[0]["sha256"], digest)
        self.assertIn("64 of the digits", self.host.run("approve", "/nowhere/tool", "--digest", "12", code=1))
        self.assertIn("cannot find", self.host.run("approve", "/nowhere/tool", code=1))
        self.assertIn("not a regular file", self.host.run("approve", self.folder, code=1))
        self.host.run("deny", "/nowhere/tool")
        self.assertEqual(self.host.entries(), [])

    def test_links_are_followed_as_the_kernel_does(self):
        path = self.host.put("tool", "#!/bin/sh\n")
        os.symlink(path, self.folder + "/link")
        self.host.run("approve", self.folder + "/link")
        self.assertEqual(self.host.entries()[0]["path"], path)

    def test_rules_outrank_the_list(self):
        host = self.host
        path = host.put("tool", "#!/bin/sh\n")
        host.put("rules.yaml", "# ours\nrules:\n  - name: web\n    action: allow\n    user: www-data\n    parent: /usr/sbin/httpd\n")
        self.assertIn("allow: operator_allow", host.run("why", path, "--user", "www-data", "--parent", "/usr/sbin/httpd"))
        self.assertIn("none speaks", host.run("why", path, code=2))
        self.assertIn("stands first", host.run("deny", path, "--rule", "--reason", "it's bad"))
        self.assertIn("deny: operator_deny", host.run("why", path, "--user", "www-data", "--parent", "/usr/sbin/httpd", code=2))
        self.assertIn("denies it all the same", host.run("approve", path))
        with open(host.rules, encoding="utf-8") as file:
            self.assertTrue(file.read().startswith("# ours\nrules:\n  - name: 'deny "))
        host.put("rules.yaml", "rules:\n  - action: dny\n    path: /x\n")
        self.assertIn("rules.yaml:2:13: 'dny' is none of the words", host.run("why", path, code=1))

    def test_history_diff_and_rollback(self):
        host = self.host
        one, two = host.put("one.sh", "#!/bin/sh\n1\n"), host.put("two.sh", "#!/bin/sh\n2\n")
        host.run("approve", one)
        host.run("approve", two)
        host.run("deny", one)
        lines = host.run("history").splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["3", "2", "1"])
        self.assertIn("+1 ~0 -0", lines[1])
        self.assertIn("1 added, 0 changed, 1 removed", host.run("history", "diff", "1", "3", code=1))
        host.run("history", "diff", "2", "2")
        self.assertIn("nothing was changed", host.run("history", "rollback", "2"))
        host.run("history", "rollback", "2", "--yes")
        self.assertEqual(len(host.entries()), 2)
        self.assertEqual(len(host.entries("--generation", "1")), 1)
        self.assertIn("cannot open", host.run("history", "diff", "1", "9", code=1))

    def test_a_damaged_list_is_named_and_the_last_good_one_used(self):
        host = self.host
        one, two = host.put("one.sh", "#!/bin/sh\n1\n"), host.put("two.sh", "#!/bin/sh\n2\n")
        host.run("approve", one)
        host.run("approve", two)
        newest = sorted(glob.glob(host.state + "/list/*.list"))[-1]
        with open(newest, "r+b") as file:
            file.seek(60)
            file.write(b"\xff")
        text = host.run("list")
        self.assertIn("damaged, or not signed by the key of this machine; generation 1 is used", text)
        self.assertIn("1 of 1 entries", text)
        self.assertIn("generation 3: 2 entries", host.run("approve", two))

    def test_a_list_is_carried_to_another_machine(self):
        host, other = self.host, Host(self, "two")
        path = host.put("tool", "#!/bin/sh\n1\n")
        host.run("approve", path)
        stick = self.folder + "/stick.list"
        self.assertIn("1 entries", host.run("export", stick, "--note", "from the test line"))
        keys = other.folder + "/keys.d"
        words = ("import", stick, "--keys", keys)
        self.assertIn("a key that was not accepted here", other.run(*words, code=1))
        other.put("keys.d/one.pub", host.run("key", "show"))
        text = other.run(*words)
        self.assertIn("1 added, 0 changed, 0 removed\nnothing was changed; with --yes it is", text)
        self.assertIn("from the test line", text)
        own = other.put("own", "#!/bin/sh\nown\n")
        other.run("approve", own)
        other.run(*words, "--yes", "--reason", "line 2")
        self.assertEqual({entry["path"]: entry["origin"] for entry in other.entries()}, {path: "import", own: "operator"})
        shutil.copy(stick, stick + ".old")
        host.run("approve", host.put("second", "#!/bin/sh\n2\n"))
        host.run("export", stick)
        other.run(*words, "--yes", "--replace")
        self.assertEqual(len(other.entries()), 2)
        self.assertEqual(len(other.entries("--path", own)), 0)
        old = ("import", stick + ".old", "--keys", keys, "--yes")
        self.assertIn("is older than 2, which was imported from the same key", other.run(*old, code=1))
        other.run(*old, "--older")
        with open(stick, "r+b") as file:
            file.seek(-70, os.SEEK_END)
            file.write(b"\xff")
        self.assertIn("its signature is wrong", other.run(*words, code=1))

    def test_break_glass(self):
        host = self.host
        path = host.put("tool", "#!/bin/sh\n")
        host.run("approve", path)
        other = host.put("other", "#!/bin/sh\nother\n")
        self.assertIn("no codes are prepared", host.run("break-glass", "0000-0000-0000-0000", code=1))
        codes = [line for line in host.run("break-glass", "prepare", "--count", "2").splitlines() if len(line) == 19]
        self.assertEqual(len(codes), 2)
        self.assertIn("it would not start", host.run("why", other, code=2))
        self.assertIn("--for: from", host.run("break-glass", codes[0], "--for", "25h", code=1))
        self.assertIn("1 codes are left", host.run("break-glass", codes[0], "--for", "30m", "--reason", "line stands"))
        self.assertIn("observe (break-glass until", host.run("why", other, code=2))
        with open(host.state + "/break-glass.json", encoding="utf-8") as file:
            state = json.load(file)
        self.assertEqual(state["until"] - state["opened"], 1800)
        self.assertIn("the code was used before", host.run("break-glass", codes[0], code=1))
        self.assertIn("1 of 2 codes unused", host.run("break-glass", "status"))
        host.run("break-glass", "end")
        self.assertIn("it is not open", host.run("break-glass", "end", code=1))
        host.run("break-glass", code=0, given=codes[1].lower() + "\n")
        for _ in range(5):
            self.assertIn("the code is wrong", host.run("break-glass", "wrong", code=1))
        self.assertIn("too many wrong codes", host.run("break-glass", codes[1], code=1))
        self.assertIn("no code is looked at until", host.run("break-glass", "status"))
        names = [name for name, _ in host.events()]
        self.assertEqual((names.count("lockdown.break_glass_used"), names.count("lockdown.break_glass_refused")), (2, 8))
        self.assertNotIn(codes[0], json.dumps(host.events()))

    def test_a_window_is_opened_closed_and_refused(self):
        host = self.host
        path = host.put("tool", "#!/bin/sh\n")
        self.assertIn("there is no maintenance window", host.run("window", "close", code=1))
        self.assertIn("open until", host.run("window", "open", "--for", "2h", "--note", "patch day"))
        self.assertIn("waits to be closed", host.run("window", "open", code=1))
        self.assertIn("allow: window", host.run("why", path))
        self.assertIn("close it first", host.run("window", "refuse", code=1))
        self.assertIn("close it first", host.run("window", "approve", code=1))
        self.assertIn("patch day", host.run("window", "status"))
        host.run("window", "close", "--path", host.folder)
        self.assertIn("waits to be approved or refused", host.run("window", "status"))
        host.run("why", path, code=2)
        host.run("window", "refuse")
        self.assertIn("not open", host.run("window", "status"))
        self.assertIn("no approved list yet", host.run("list", code=1))
        host.run("window", "open")
        with open(host.state + "/window.json", "w", encoding="utf-8") as file:
            file.write("{")
        self.assertIn("it is no object of JSON", host.run("window", "status", code=1))

    def test_what_came_in_a_window_is_approved_as_a_whole(self):
        host = self.host
        old = host.put("old", "#!/bin/sh\nold\n")
        host.run("approve", old)
        unknown = host.put("unknown", "#!/bin/sh\nbefore\n")
        time.sleep(1.1)
        host.run("window", "open")
        new = [host.put("new", "#!/bin/sh\nnew\n"), host.put("old", "#!/bin/sh\nchanged\n")]
        host.put("copy", "#!/bin/sh\nold\n")
        shown = host.run("window", "close", "--path", host.folder)
        self.assertIn("2 files came or changed since", shown)
        self.assertNotIn(unknown, shown)
        later = host.put("later", "#!/bin/sh\nlater\n")
        self.assertIn("2 files approved", host.run("window", "approve", "--note", "done"))
        for path in new:
            host.run("why", path)
        for path in (later, unknown):
            host.run("why", path, code=2)
        self.assertEqual([entry["origin"] for entry in host.entries("--path", "*/new")], ["window"])
        self.assertIn("there is no maintenance window", host.run("window", "approve", code=1))
        self.assertEqual([name for name, _ in host.events()],
                         ["lockdown.approved", "lockdown.window_opened", "lockdown.window_closed", "lockdown.window_approved"])

    def test_a_window_that_ended_by_itself_is_shown_before_it_is_approved(self):
        host = self.host
        host.run("window", "open", "--for", "1s")
        host.put("new", "#!/bin/sh\nnew\n")
        time.sleep(1.1)
        self.assertIn("was not shown yet", host.run("window", "approve", code=1))
        self.assertIn("1 files came", host.run("window", "close", "--path", host.folder))
        host.run("window", "approve")
        self.assertEqual(len(host.entries()), 1)

    def test_the_engine_is_asked_to_read_again(self):
        host = self.host
        path = host.put("tool", "#!/bin/sh\n")
        daemon = Daemon(host.socket, '{"ok":true}')
        self.assertIn("in force", host.run("confirm"))
        daemon.join()
        self.assertEqual(json.loads(daemon.asked), {"command": "reload"})
        os.unlink(host.socket)
        daemon = Daemon(host.socket, '{"ok":false,"error":"because"}')
        self.assertIn("goes on with what it had: because", host.run("approve", path, code=1))
        daemon.join()
        os.unlink(host.socket)
        self.assertIn("does not run", host.run("confirm"))

    def test_what_cannot_be_written_changes_nothing(self):
        host = self.host
        path = host.put("tool", "#!/bin/sh\n")
        host.run("approve", path)
        if os.geteuid() != 0:
            self.skipTest("only root can make a disk that is full")
        script = (f"mount -t tmpfs -o size=64k none {host.folder}/small && cp -a {host.state} {host.folder}/small/state && "
                  f"(dd if=/dev/zero of={host.folder}/small/fill bs=1k 2>/dev/null; {PROGRAMS}/bansoko lockdown approve {path}2 --config {host.config}2; "
                  f"echo code $?; rm {host.folder}/small/fill; {PROGRAMS}/bansoko lockdown list --config {host.config}2)")
        os.mkdir(host.folder + "/small")
        host.put("tool2", "#!/bin/sh\n2\n")
        with open(host.config, encoding="utf-8") as file:
            host.put("bansoko.yaml2", file.read().replace(host.state, host.folder + "/small/state"))
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, check=False)
        if "code" not in done.stdout:
            self.skipTest("no mount namespace here: " + done.stderr)
        self.assertIn("No space left on device", done.stderr)
        self.assertIn("code 1", done.stdout)
        self.assertIn("1 of 1 entries; generation 1", done.stdout)

    def test_two_at_once_lose_nothing(self):
        host = self.host
        paths = [host.put(f"tool{i}", f"#!/bin/sh\n{i}\n") for i in range(8)]
        running = [subprocess.Popen([os.path.join(PROGRAMS, "bansoko"), "lockdown", "approve", path, "--config", host.config],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for path in paths]
        self.assertEqual([one.wait() for one in running], [0] * 8)
        self.assertEqual(len(host.entries()), 8)
        self.assertEqual(len(host.events()), 8)

    def test_killed_at_any_time_the_list_stays_whole(self):
        host = self.host
        paths = [host.put(f"tool{i}", f"#!/bin/sh\n{i}\n") for i in range(15)]
        host.run("approve", paths[0])
        for i, path in enumerate(paths):
            one = subprocess.Popen([os.path.join(PROGRAMS, "bansoko"), "lockdown", "approve", path, "--config", host.config],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.004 * i)
            one.kill()
            one.wait()
            self.assertNotIn("damaged", host.run("list"))
        host.run("approve", *paths)
        self.assertEqual(len(host.entries()), 15)
        self.assertEqual(glob.glob(host.state + "/list/*.tmp"), [])


if __name__ == "__main__":
    PROGRAMS = os.path.realpath(sys.argv.pop(1))
    unittest.main()
