#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bansoko-shield with real packets: what it stops, what it lets by, and what is left when it is gone.

usage: gateway_test.py BIN_DIR [TEST ...]; exit code 77 where live tests cannot run
"""
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest

from lab import NEVER, SOON, Echo, Lab, Shield, bench_rules, run_tests, wait_for

EVIL = b"GET /default.ida?NNNNNNNN"
RULES = [
    'drop tcp any any -> any any (msg:"stream"; flow:established,to_server; content:"default.ida?NNNN"; sid:1;)',
    'drop udp any any -> any any (msg:"datagram"; content:"EVIL-DATAGRAM"; sid:2;)',
    'drop icmp any any -> any any (msg:"echo"; itype:8; content:"EVIL-ECHO"; sid:3;)',
    'drop icmp any any -> any any (msg:"echo v6"; itype:128; content:"EVIL-ECHO"; sid:4;)',
    'reject tcp any any -> any any (msg:"rejected"; flow:established,to_server; content:"REJECT-ME"; sid:5;)',
]


def receive(peer, wait):
    peer.settimeout(wait)
    try:
        return peer.recv(65536)
    except OSError:
        return b""


class Live(unittest.TestCase):
    """A lab for each test, gone after it whatever happened."""

    def lab(self, middle="gateway"):
        lab = Lab(middle=middle)
        self.addCleanup(lab.close)
        return lab

    def talk(self, lab, port, ipv6=False, wait=SOON):
        """Does a new connection carry a word there and back?"""
        peer = lab.connect(port, ipv6, wait=wait)
        if peer is None:
            return False
        with peer:
            peer.sendall(b"hello")
            return receive(peer, wait) == b"hello"


class Stops(Live):
    def tcp(self, middle="gateway", ipv6=False, workers=1, capture=()):
        lab = self.lab(middle)
        before = lab.ruleset()
        shield = Shield(lab, RULES, workers=workers, capture=capture)
        server = Echo(lab, 80, ipv6)
        self.assertTrue(self.talk(lab, 80, ipv6))
        evil = lab.connect(80, ipv6)
        evil.sendall(b"GET / HTTP/1.0\r\n\r\n")
        self.assertTrue(receive(evil, SOON))
        # In two pieces: the first may pass, the whole must not.
        evil.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        evil.sendall(EVIL[:9])
        self.assertEqual(receive(evil, SOON), EVIL[:9])
        evil.sendall(EVIL[9:])
        self.assertEqual(receive(evil, NEVER), b"")
        self.assertNotIn(EVIL[9:], server.heard)
        self.assertEqual([event["alert"]["signature_id"] for event in wait_for(shield.events)], [1])
        self.assertEqual(shield.events()[0]["alert"]["action"], "blocked")
        self.assertTrue(wait_for(lambda: shield.count("kernel_refused_packets")), "what the client sent again")

        shield.kill()
        evil.sendall(b"more")  # and the kernel goes on retransmitting
        self.assertEqual(receive(evil, 2 * NEVER), b"")
        self.assertNotIn(EVIL[9:], server.heard)
        self.assertTrue(self.talk(lab, 80, ipv6), "under fail-open a new connection passes")
        self.assertEqual(shield.command("down")[0], 0)
        self.assertEqual(lab.ruleset(), before)

    def test_gateway(self):
        self.tcp()

    def test_gateway_ipv6(self):
        self.tcp(ipv6=True)

    def test_host(self):
        self.tcp("host")

    def test_host_ipv6(self):
        self.tcp("host", ipv6=True)

    def test_bridge(self):
        self.tcp("bridge")

    def test_bridge_ipv6(self):
        self.tcp("bridge", ipv6=True)

    def test_two_workers(self):
        self.tcp(workers=2)

    def test_interface_by_name(self):
        self.tcp(capture=["interfaces: [g1]"])

    def test_released_answers_and_then_an_exploit(self):
        """A large download goes by in the kernel; what its client asks for next is looked at all the same."""
        lab = self.lab()
        shield = Shield(lab, RULES, more=["streams:", "  depth: 64 KiB"])
        with lab.open(lab.server) as listener:
            listener.bind(("", 80))
            listener.listen(1)
            client = lab.connect(80)
            server, _ = listener.accept()
        self.addCleanup(server.close)
        size = 32 << 20
        threading.Thread(target=server.sendall, args=(b"d" * size,), daemon=True).start()
        client.settimeout(SOON)
        while size > 0:
            size -= len(client.recv(min(size, 1 << 20)))
        self.assertLess(shield.count("bytes"), 16 << 20, "most of it went by in the kernel")
        client.sendall(b"an ordinary request")
        self.assertEqual(receive(server, SOON), b"an ordinary request")
        client.sendall(EVIL)
        self.assertEqual(receive(server, NEVER), b"")
        self.assertEqual([event["alert"]["signature_id"] for event in wait_for(shield.events)], [1])
        server.sendall(b"and its answers")
        self.assertEqual(receive(client, NEVER), b"")

    def test_reject_tells_the_client(self):
        lab = self.lab()
        Shield(lab, RULES)
        server = Echo(lab, 80)
        evil = lab.connect(80)
        evil.sendall(b"REJECT-ME")
        evil.settimeout(SOON)
        self.assertRaises(ConnectionResetError, evil.recv, 1)
        self.assertEqual(server.heard, b"")

    def datagrams(self, ipv6):
        lab = self.lab()
        shield = Shield(lab, RULES)
        server = Echo(lab, 53, ipv6, socket.SOCK_DGRAM)
        good = lab.connect(53, ipv6, socket.SOCK_DGRAM)
        good.send(b"good")
        self.assertEqual(receive(good, SOON), b"good")
        # 4000 bytes are three fragments, and the words that matter lie across two of them.
        good.send(b"g" * 4000)
        self.assertEqual(len(receive(good, SOON)), 4000)
        for evil in (b"EVIL-DATAGRAM", b"x" * (1480 - 14) + b"EVIL-DATAGRAM" + b"y" * 2000):
            with self.subTest(size=len(evil)), lab.connect(53, ipv6, socket.SOCK_DGRAM) as peer:
                peer.send(evil)
                self.assertEqual(receive(peer, NEVER), b"")
                peer.send(b"later, in the same flow")
                self.assertEqual(receive(peer, NEVER), b"")
        self.assertNotIn(b"EVIL", server.heard)
        self.assertNotIn(b"later", server.heard)
        self.assertEqual(wait_for(lambda: len(shield.events()) == 2), True)

    def test_udp_and_fragments(self):
        self.datagrams(ipv6=False)

    def test_udp_and_fragments_ipv6(self):
        self.datagrams(ipv6=True)

    def ping(self, lab, ipv6, text):
        """Does an echo request with this text come back?"""
        name = "ipv6-icmp" if ipv6 else "icmp"
        kind = 128 if ipv6 else 8
        with lab.open(lab.client, ipv6, socket.SOCK_RAW, socket.getprotobyname(name)) as raw:
            body = struct.pack("!BBHHH", kind, 0, 0, os.getpid() & 0xFFFF, 1) + text
            total = sum(struct.unpack(f"!{len(body) // 2}H", body))
            total = (total & 0xFFFF) + (total >> 16)
            total = (total & 0xFFFF) + (total >> 16)
            raw.sendto(body[:2] + struct.pack("!H", 0xFFFF - total) + body[4:], (lab.address(ipv6), 0))
            end = time.monotonic() + 2
            while (left := end - time.monotonic()) > 0:
                answer = receive(raw, left)
                if text in answer and answer[0 if ipv6 else 20] == (129 if ipv6 else 0):
                    return True
        return False

    def test_icmp(self):
        lab = self.lab()
        shield = Shield(lab, RULES)
        for ipv6 in (False, True):
            with self.subTest(ipv6=ipv6):
                self.assertTrue(self.ping(lab, ipv6, b"an ordinary text"))
                self.assertFalse(self.ping(lab, ipv6, b"an EVIL-ECHO ..."))
                self.assertTrue(self.ping(lab, ipv6, b"an ordinary text"))
        self.assertEqual({event["alert"]["signature_id"] for event in wait_for(shield.events)}, {3, 4})

    def test_two_workers_share_the_flows(self):
        lab = self.lab()
        shield = Shield(lab, RULES, workers=2)
        server = Echo(lab, 80)
        for _ in range(40):
            with lab.connect(80) as evil:
                evil.sendall(EVIL)
        self.assertTrue(wait_for(lambda: len(shield.events()) == 40))
        self.assertEqual(server.heard, b"")
        table = lab.run("ip", "netns", "exec", lab.gateway, "cat", "/proc/net/netfilter/nfnetlink_queue")
        seen = [int(line.split()[7]) for line in table.splitlines()]
        self.assertEqual(len(seen), 2)
        self.assertGreater(min(seen), 20, "each queue has had its share of the packets")


class Observes(Live):
    """Mode observe: whatever the engine does, nothing waits for it and nothing is lost."""

    def setUp(self):
        if not os.path.exists("/proc/net/netfilter/nfnetlink_log"):
            self.skipTest("the kernel has no NFLOG")

    def never_drops(self, middle="gateway", ipv6=False, workers=1, by="copies"):
        lab = self.lab(middle)
        before = lab.ruleset(), lab.sysctls()
        shield = Shield(lab, RULES, mode="observe", workers=workers,
                        capture=[f"observe_by: {by}"], on_failure=["crash: closed", "overload: closed"])
        server = Echo(lab, 80, ipv6)
        evil = lab.connect(80, ipv6)
        for _ in range(3):
            evil.sendall(EVIL)
            self.assertEqual(receive(evil, SOON), EVIL)
        self.assertTrue(wait_for(shield.events))
        self.assertEqual(shield.events()[0]["alert"]["action"], "allowed")
        status = shield.status()
        self.assertEqual(status["driver"], "nflog" if by == "copies" else "nfqueue")
        self.assertEqual(bool(status["verdicts"]), by == "queue", "the kernel is told nothing about copies")
        self.assertEqual(set(status["verdicts"]) - {"accept", "release"}, set())
        self.assertGreater(status["enforced"]["block"], 0)
        self.assertEqual([name for name in status["anomalies"] if not name.startswith("http.")], [])
        self.assertEqual((status["limits"], status["kernel_refused_packets"]), ({}, 0))
        shield.kill()
        evil.sendall(b"goes on")
        self.assertEqual(receive(evil, SOON), b"goes on")
        self.assertEqual(server.connections, 1)
        self.assertTrue(self.talk(lab, 80, ipv6))
        self.assertEqual(shield.command("down")[0], 0)
        self.assertEqual((lab.ruleset(), lab.sysctls()), before)

    def test_never_drops(self):
        self.never_drops()

    def test_never_drops_ipv6(self):
        self.never_drops(ipv6=True)

    def test_never_drops_two_workers(self):
        self.never_drops(workers=2)

    def test_never_drops_two_workers_ipv6(self):
        self.never_drops(ipv6=True, workers=2)

    def test_never_drops_host(self):
        self.never_drops("host")

    def test_never_drops_bridge(self):
        self.never_drops("bridge")

    def test_never_drops_by_queue(self):
        self.never_drops(by="queue")

    def round_trips(self, peer, count):
        """How long the echo of a word takes, in seconds: the median and the worst."""
        times = []
        for number in range(count):
            word = f"word {number}".encode()
            begin = time.monotonic()
            peer.sendall(word)
            self.assertEqual(receive(peer, SOON), word)
            times.append(time.monotonic() - begin)
        return sorted(times)[count // 2], max(times)

    def stopped(self, middle="gateway", ipv6=False):
        lab = self.lab(middle)
        shield = Shield(lab, RULES, mode="observe", on_failure=["crash: closed", "overload: closed"])
        Echo(lab, 80, ipv6)
        old = lab.connect(80, ipv6)
        running, _ = self.round_trips(old, 300)
        shield.freeze()
        median, worst = self.round_trips(old, 300)
        self.assertLess(worst, NEVER, "no packet has waited for anybody, or been sent again")
        self.assertLess(median, max(10 * running, 0.01))
        self.assertTrue(self.talk(lab, 80, ipv6, wait=NEVER), "a new connection")
        old.sendall(EVIL)
        self.assertEqual(receive(old, NEVER), EVIL)
        self.assertEqual(shield.events(), [])
        shield.signal(signal.SIGCONT)
        self.assertTrue(wait_for(shield.events), "what was copied meanwhile is looked at later")
        self.assertEqual(shield.status()["limits"], {})

    def test_stopped_engine_holds_nothing(self):
        self.stopped()

    def test_stopped_engine_holds_nothing_ipv6(self):
        self.stopped(ipv6=True)

    def test_stopped_engine_holds_nothing_host(self):
        self.stopped("host")

    def test_stopped_engine_holds_nothing_bridge(self):
        self.stopped("bridge")

    def test_stopped_engine_and_a_large_transfer(self):
        """Far more than its buffer holds; and of a connection with holes the rest is looked at."""
        lab = self.lab()
        shield = Shield(lab, RULES, mode="observe", capture=["receive_buffer: 128 KiB"], more=["streams: {depth: 0}"])
        listener = lab.open(lab.server)
        listener.bind(("", 80))
        listener.listen(1)
        client = lab.connect(80)
        server, _ = listener.accept()
        self.addCleanup(server.close)
        shield.freeze()
        size = 64 << 20
        threading.Thread(target=client.sendall, args=(b"d" * size,), daemon=True).start()
        server.settimeout(SOON)
        begin = time.monotonic()
        while size > 0:
            size -= len(server.recv(min(size, 1 << 20)))
        self.assertLess(time.monotonic() - begin, SOON)
        shield.signal(signal.SIGCONT)
        time.sleep(NEVER)
        client.sendall(EVIL)
        self.assertEqual(receive(server, SOON), EVIL)
        self.assertTrue(wait_for(shield.events), shield.status())
        self.assertGreater(shield.count("limits", "capture_lost"), 0)
        self.assertEqual(self.talk_again(client, server), b"goes on")

    def talk_again(self, client, server):
        client.sendall(b"goes on")
        return receive(server, SOON)

    def test_group_of_another(self):
        """A group that somebody listens on already: a clear refusal, and nothing is left."""
        lab = self.lab()
        before = lab.ruleset()
        Shield(lab, RULES, mode="observe")
        config = os.path.join(lab.folder, "bansoko.yaml")
        second = subprocess.run(["ip", "netns", "exec", lab.place, os.path.join(lab.bin_dir, "bansoko-shield"), "--config", config],
                                capture_output=True, text=True)
        self.assertEqual(second.returncode, 1)
        self.assertIn("log group 20000: bind: another process listens on it", second.stderr)
        self.assertNotEqual(lab.ruleset(), before, "the first goes on")


class Ends(Live):
    """What is left of it."""

    def undone(self, middle, end):
        lab = self.lab(middle)
        before = lab.ruleset(), lab.sysctls()
        shield = Shield(lab, RULES)
        self.assertNotEqual(lab.ruleset(), before[0])
        if middle == "bridge":
            self.assertNotEqual(lab.sysctls(), before[1])
        end(shield)
        self.assertEqual((lab.ruleset(), lab.sysctls()), before)

    def stop(self, shield):
        self.assertEqual(shield.stop(), 0)
        self.assertIn("STOPPING=1", shield.words())

    def kill_and_clean(self, shield):
        code, text = shield.command("down")
        self.assertNotEqual(code, 0, "not while it is running")
        self.assertIn("running", text)
        shield.kill()
        self.assertEqual(shield.command("down")[0], 0)
        self.assertEqual(shield.command("down")[0], 0, "nothing to do is no error")

    def test_stopped_gateway(self):
        self.undone("gateway", self.stop)

    def test_stopped_bridge(self):
        self.undone("bridge", self.stop)

    def test_killed_gateway(self):
        self.undone("gateway", self.kill_and_clean)

    def test_killed_bridge(self):
        self.undone("bridge", self.kill_and_clean)

    def test_starts_again_after_a_crash(self):
        lab = self.lab("bridge")
        before = lab.ruleset(), lab.sysctls()
        shield = Shield(lab, RULES)
        shield.kill()
        shield.notify.close()
        os.unlink(os.path.join(lab.folder, "notify"))
        shield = Shield(lab, RULES)
        Echo(lab, 80)
        self.assertTrue(self.talk(lab, 80))
        self.stop(shield)
        self.assertEqual((lab.ruleset(), lab.sysctls()), before)

    def test_closed_lets_nothing_by(self):
        lab = self.lab()
        shield = Shield(lab, RULES, on_failure=["crash: closed"])
        Echo(lab, 80)
        old = lab.connect(80)
        old.sendall(b"hello")
        self.assertEqual(receive(old, SOON), b"hello")
        shield.kill()
        old.sendall(b"more")
        self.assertEqual(receive(old, NEVER), b"")
        self.assertFalse(self.talk(lab, 80, wait=NEVER))
        self.assertEqual(shield.command("down")[0], 0)
        self.assertTrue(self.talk(lab, 80))


class Operates(Live):
    def check(self, shield):
        code, text = shield.command("status", "--check")
        return code, text.split(":")[0].strip()

    def test_status_and_reload(self):
        lab = self.lab()
        shield = Shield(lab, RULES)
        server = Echo(lab, 80)
        self.assertEqual(self.check(shield), (0, "ok"))
        first = shield.count("rules", "generation")

        shield.write_rules(RULES + ['drop tcp any any -> any any (msg:"bad"; dsize:12x; sid:9;)'])
        code, text = shield.command("reload")
        self.assertEqual(code, 1)
        self.assertIn("live.rules:6", text)
        self.assertIn("dsize", text)
        self.assertEqual(self.check(shield), (2, "critical"))
        self.assertIn("dsize", shield.status()["last_reload"]["message"])
        self.assertEqual(shield.count("rules", "generation"), first, "those of before are in force")
        with lab.connect(80) as evil:
            evil.sendall(EVIL)
            self.assertEqual(receive(evil, NEVER), b"")

        shield.write_rules([])
        self.assertEqual(shield.command("reload")[0], 1, "rules that are all gone are a mistake")
        shield.write_rules(['drop tcp any any -> any any (msg:"new"; content:"NEW-EVIL"; sid:7;)'])
        self.assertEqual(shield.command("reload")[0], 0)
        self.assertEqual(self.check(shield), (0, "ok"))
        self.assertGreater(shield.count("rules", "generation"), first)
        with lab.connect(80) as evil:
            evil.sendall(EVIL)
            self.assertEqual(receive(evil, SOON), EVIL)
            evil.sendall(b"NEW-EVIL")
            self.assertEqual(receive(evil, NEVER), b"")
        self.assertNotIn(b"NEW-EVIL", server.heard)

        os.rename(shield.rules, shield.rules + ".away")
        self.assertEqual(shield.command("reload")[0], 1, "a file that is not there")
        self.assertEqual(self.check(shield)[0], 2)
        shield.kill()
        self.assertEqual(self.check(shield), (2, "critical"))

    def test_reload_by_signal(self):
        lab = self.lab()
        shield = Shield(lab, RULES)
        first = shield.count("rules", "generation")
        shield.signal(signal.SIGHUP)
        self.assertTrue(wait_for(lambda: shield.count("rules", "generation") > first))

    def test_flushed_ruleset_is_noticed_and_mended(self):
        lab = self.lab()
        shield = Shield(lab, RULES)
        server = Echo(lab, 80)
        subprocess.run(["ip", "netns", "exec", lab.place, "nft", "flush", "ruleset"], check=True)
        self.assertTrue(wait_for(lambda: shield.count("limits", "firewall_lost") == 1))
        self.assertEqual(self.check(shield), (1, "warning"))
        self.assertTrue(wait_for(lambda: [event for event in shield.events("engine")
                                          if event["bansoko"]["name"] == "firewall.lost"]))
        with lab.connect(80) as evil:
            evil.sendall(EVIL)
            self.assertEqual(receive(evil, NEVER), b"")
        self.assertNotIn(EVIL, server.heard)

    def test_down_needs_no_good_settings(self):
        lab = self.lab()
        shield = Shield(lab, RULES)
        shield.kill()
        shield.config = os.path.join(lab.folder, "faulty.yaml")
        with open(shield.config, "w") as file:
            file.write("shield: {mode: enfroce}\n")
        code, text = shield.command("down")
        self.assertEqual(code, 0, text)
        self.assertIn("default settings", text)
        self.assertEqual(lab.run("ip", "netns", "exec", lab.place, "nft", "list", "tables").strip(), "")

    def test_observe_is_a_warning(self):
        lab = self.lab()
        self.assertEqual(self.check(Shield(lab, RULES, mode="observe")), (1, "warning"))

    def test_canary_that_a_pass_rule_hides(self):
        """Rules that let the canary by would not stop an exploit either: they do not come into force."""
        lab = self.lab()
        shield = Shield(lab, RULES)
        shield.write_rules(RULES + ['pass ip any any -> any any (msg:"everything"; sid:8;)'])
        code, text = shield.command("reload")
        self.assertEqual(code, 1)
        self.assertIn("canary", text)
        Echo(lab, 80)
        with lab.connect(80) as evil:
            evil.sendall(EVIL)
            self.assertEqual(receive(evil, NEVER), b"")

    def reload_under_load(self, rules, seconds, least):
        """Askers without a pause while `rules(n)` come into force, one after the other."""
        lab = self.lab()
        shield = Shield(lab, rules(0), workers=2)
        Echo(lab, 80)
        Echo(lab, 53, kind=socket.SOCK_DGRAM)
        until = time.monotonic() + seconds
        answered, failed = [], []

        def ask(kind, number):
            peer = lab.connect(80 if kind == socket.SOCK_STREAM else 53, kind=kind)
            while peer is not None and time.monotonic() < until:
                text = f"question {number} {len(answered)}".encode()
                peer.send(text)
                (answered if receive(peer, 2) == text else failed).append(text)

        askers = [threading.Thread(target=ask, args=(kind, number)) for number in range(4)
                  for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]
        for asker in askers:
            asker.start()
        reloads = 0
        while time.monotonic() < until - 1 or reloads < least:
            reloads += 1
            shield.write_rules(rules(reloads))
            code, text = shield.command("reload")
            self.assertEqual(code, 0, text)
        for asker in askers:
            asker.join()
        self.assertGreater(len(answered), 1000)
        self.assertEqual(failed, [])
        self.assertEqual(shield.status()["limits"], {})

    def test_reload_under_load_loses_nothing(self):
        self.reload_under_load(lambda reload: RULES + [
            f'alert udp any any -> any 9 (msg:"filler"; content:"{reload}"; sid:{100 + i};)' for i in range(200)], 6, least=2)

    def test_reload_of_everything_loses_nothing(self):
        everything = bench_rules.everything()
        self.reload_under_load(lambda reload: RULES + everything[reload:], 12, least=2)

    def test_notify_and_watchdog(self):
        lab = self.lab()
        shield = Shield(lab, RULES, watchdog=0.6)
        pings = lambda: shield.words().count("WATCHDOG=1")
        before = pings()
        self.assertTrue(wait_for(lambda: pings() > before + 2))
        shield.freeze()
        self.assertTrue(self.falls_silent(pings), "a stopped engine sends no ping")
        shield.signal(signal.SIGCONT)
        before = pings()
        self.assertTrue(wait_for(lambda: pings() > before + 2))
        self.assertEqual(shield.stop(), 0)
        self.assertEqual(shield.words()[0], "READY=1")
        self.assertEqual(shield.words()[-1], "STOPPING=1")

    def falls_silent(self, pings):
        def silent():
            before = pings()
            time.sleep(1.2)
            return pings() == before
        return wait_for(silent, 6)

    def name_of(self, task):
        with open(f"{task}/comm") as file:
            return file.read().strip()

    def test_hung_worker_starves_the_watchdog(self):
        """The main thread is well, one worker is not: the ping must not come."""
        lab = self.lab()
        shield = Shield(lab, RULES, workers=2, watchdog=0.6)
        pings = lambda: shield.words().count("WATCHDOG=1")
        task = f"/proc/{shield.process.pid}/task"
        workers = [int(tid) for tid in os.listdir(task) if self.name_of(f"{task}/{tid}") == "worker 1"]
        self.assertEqual(len(workers), 1)
        # A tracer stops one thread without the others: see ptrace(2).
        hanger = subprocess.Popen([sys.executable, "-c", HANG, str(workers[0])], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
        self.addCleanup(hanger.communicate)
        self.assertEqual(hanger.stdout.readline(), b"held\n")
        self.assertTrue(self.falls_silent(pings))
        self.assertEqual(self.check(shield)[0], 0, "the rest still answers")
        hanger.communicate(b"\n")
        before = pings()
        self.assertTrue(wait_for(lambda: pings() > before + 2), "it has come back")


HANG = """
import ctypes, os, sys
libc, tid = ctypes.CDLL(None), int(sys.argv[1])
SEIZE, INTERRUPT, DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000
libc.ptrace(SEIZE, tid, None, None)
libc.ptrace(INTERRUPT, tid, None, None)
os.waitpid(tid, WALL)
print("held", flush=True)
sys.stdin.readline()
libc.ptrace(DETACH, tid, None, None)
"""


class Overload(Live):
    """The engine is stopped while datagrams come faster than the kernel can keep them."""

    SENT = 3000

    def flood(self, **settings):
        lab = self.lab()
        shield = Shield(lab, RULES, **settings)
        server = lab.open(lab.server, kind=socket.SOCK_DGRAM)
        server.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
        server.bind(("", 53))
        peer = lab.connect(53, kind=socket.SOCK_DGRAM)
        shield.freeze()
        for number in range(self.SENT):
            peer.send(struct.pack("!I", number) + b"x" * 500)
        time.sleep(0.3)
        passed_meanwhile = self.drain(server)
        shield.signal(signal.SIGCONT)
        wait_for(lambda: shield.count("packets") + shield.count("limits", "capture_lost") >= self.SENT)
        passed_later = self.drain(server)
        return shield, passed_meanwhile, passed_later

    def drain(self, server):
        count = 0
        while receive(server, 0.3):
            count += 1
        return count

    def test_closed_drops_and_counts(self):
        shield, meanwhile, later = self.flood(capture=["queue_length: 100"], on_failure=["overload: closed"])
        self.assertEqual(meanwhile, 0)
        self.assertEqual(later, 100)
        self.assertEqual(shield.count("limits", "capture_lost"), self.SENT - 100)
        code, text = shield.command("status", "--check")
        self.assertEqual(code, 1)
        self.assertIn("capture_lost", text)

    def test_open_passes_and_counts(self):
        shield, meanwhile, later = self.flood(capture=["receive_buffer: 128 KiB"], on_failure=["overload: open"])
        self.assertGreater(meanwhile, self.SENT // 2)
        self.assertEqual(meanwhile + later, self.SENT, "nothing is lost")
        # The last gap in the numbers is seen with the next packet.
        peer = shield.lab.connect(53, kind=socket.SOCK_DGRAM)
        peer.send(b"one more")
        wait_for(lambda: shield.count("limits", "capture_lost") == meanwhile)
        self.assertEqual(shield.count("limits", "capture_lost"), meanwhile)
        self.assertEqual(shield.command("status", "--check")[0], 1)

    def test_observe_passes_all_at_once_and_counts(self):
        if not os.path.exists("/proc/net/netfilter/nfnetlink_log"):
            self.skipTest("the kernel has no NFLOG")
        shield, meanwhile, later = self.flood(mode="observe", capture=["receive_buffer: 128 KiB"], on_failure=["overload: closed"])
        self.assertEqual((meanwhile, later), (self.SENT, 0), "nothing has waited for the engine")
        peer = shield.lab.connect(53, kind=socket.SOCK_DGRAM)
        peer.send(b"one more")
        seen = lambda: shield.count("packets") + shield.count("limits", "capture_lost")
        wait_for(lambda: seen() == self.SENT + 1)
        self.assertEqual(seen(), self.SENT + 1)
        self.assertGreater(shield.count("limits", "capture_lost"), self.SENT // 2)
        self.assertEqual(shield.command("status", "--check")[0], 1)

    def test_observe_by_queue_passes_whatever_is_set(self):
        _, meanwhile, later = self.flood(mode="observe", capture=["observe_by: queue", "receive_buffer: 128 KiB"],
                                         on_failure=["overload: closed"])
        self.assertEqual(meanwhile + later, self.SENT)


if __name__ == "__main__":
    run_tests()
