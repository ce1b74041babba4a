# SPDX-License-Identifier: Apache-2.0
"""What is shown, in order. Each step leaves the shield as the next one wants it."""
import hashlib
import json
import pathlib
import re
import subprocess
import time

from lab import CLIENT, GATEWAY, SERVER_ADDRESS, Failed, Lab
from report import Report
from servers import FILE, PAGE
from shield import Shield

CODE_RED, FEA_LIST = 9100001, 9100003
ANSWERED, STOPPED = 0, 3  # exit codes of demo-client
LOCAL_RULE = ('drop http any any -> any any (msg:"Demo: {name} is closed"; flow:established,to_server; '
              'http.uri; content:"/{name}"; startswith; sid:{sid}; rev:1;)\n')


class Demo:
    def __init__(self, lab: Lab, report: Report, shield: Shield, programs: pathlib.Path,
                 access_log: pathlib.Path) -> None:
        self.lab, self.report, self.shield = lab, report, shield
        self.client_program = str(programs / "demo-client")
        self.access_log = access_log
        self.before = (lab.firewall(), lab.sysctls())

    def run(self) -> None:
        self.ordinary_traffic()
        self.code_red()
        self.ms17_010()
        self.crash_when_open()
        self.crash_when_closed()
        self.reload_under_load()
        self.clean_stop()

    # The steps.

    def ordinary_traffic(self) -> None:
        self.report.step("Ordinary traffic passes", "bansoko-shield stands on the gateway, mode enforce, and inspects",
                         "every packet between the client and the server.")
        self.shield.start(on_crash="open")
        rules = self.shield.status()["rules"]
        self.report.expect(f"the shield is up with {rules['in_force']} rules",
                           rules["in_force"] > 0 and rules["refused"] == 0, str(rules))
        self.expect_page("a page from nginx")
        self.expect_file("a file from Samba, over SMB1")

    def code_red(self) -> None:
        self.report.step("Code Red is stopped", "CVE-2001-0500: GET /default.ida with a query longer than a buffer of IIS.")
        self.attack("code-red", "80")
        self.explain(CODE_RED)
        self.report.expect("the request never came to nginx", not self.reached_nginx("default.ida"))
        self.report.expect("its packets are kept as evidence, for root alone", self.until(self.has_evidence))
        self.expect_page("a page, right after")

    def ms17_010(self) -> None:
        self.report.step("MS17-010 is stopped", "CVE-2017-0144, the hole that WannaCry came by: an SMB1 transaction that",
                         "states more than its kind can hold. The real Samba answers all that leads to it.")
        self.attack("ms17-010", "445")
        self.explain(FEA_LIST)
        self.expect_file("a file over SMB1, right after")

    def crash_when_open(self) -> None:
        self.report.step("The engine dies (kill -9), and the operator chose on_failure.crash: open",
                         "An attack is under way and has just been blocked. What holds it now is the kernel.")
        blocked = len(self.shield.alerts())
        held = self.lab.start(CLIENT, self.client_program, "hold", SERVER_ADDRESS, "80", stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
        self.report.command("client", f"demo-client hold {SERVER_ADDRESS} 80")
        self.report.output(held.stdout.readline())
        self.report.expect("the attack is blocked", self.until(lambda: len(self.shield.alerts()) > blocked))
        before = self.retransmissions()
        self.shield.kill()
        self.report.command("gateway", "kill -9 bansoko-shield")
        self.report.expect("the engine is gone", self.shield.bansoko("shield", "status", "--check").returncode == 2)
        self.report.expect("the attacker retransmits, and is still not heard",
                           self.until(lambda: self.retransmissions() > before, 5) and not self.reached_nginx("default.ida"))
        self.expect_page("ordinary pages still load")
        said, _ = held.communicate("\n", timeout=20)
        self.report.output(said)
        self.report.expect("the rest of the attack, on the same connection, is refused",
                           held.returncode == STOPPED and not self.reached_nginx("default.ida"))
        self.report.note("on_failure.crash: open means: NEW connections now pass UNINSPECTED, attacks among them.")
        self.client("code-red", SERVER_ADDRESS, "80")
        self.report.expect("shown: a new Code Red request comes to nginx", self.until(lambda: self.reached_nginx("default.ida")))

    def crash_when_closed(self) -> None:
        self.report.step("The engine dies, and the operator chose on_failure.crash: closed",
                         "Restarted over what the crash left behind, then killed again.")
        self.shield.start(on_crash="closed")
        self.expect_page("restarted: a page loads")
        self.shield.kill()
        self.report.command("gateway", "kill -9 bansoko-shield")
        page = self.curl(seconds=2)
        self.report.expect("no page comes through", page.returncode != 0)
        listing = self.smbclient("get report.txt /dev/null", seconds=4)
        self.report.expect("no file comes through", listing.returncode != 0)
        self.report.command("gateway", "bansoko shield down")
        down = self.shield.bansoko("shield", "down")
        self.report.output(down.stdout)
        self.report.expect("shield down takes all that the crash left away", down.returncode == 0)
        self.expect_as_before()
        self.expect_page("a page loads, uninspected")

    def reload_under_load(self) -> None:
        self.report.step("Rules are reloaded under load", "Eight connections ask for pages all the while.")
        self.shield.start(on_crash="closed")
        self.report.expect("before: /closed2 is answered by nginx",
                           self.client("http-get", SERVER_ADDRESS, "80", "/closed2").returncode == ANSWERED)
        generation = self.shield.status()["rules"]["generation"]
        load = self.lab.start(CLIENT, self.client_program, "load", SERVER_ADDRESS, "80", "4", "8",
                              stdout=subprocess.PIPE, text=True)
        self.report.command("client", f"demo-client load {SERVER_ADDRESS} 80 4 8 &")
        for number in range(3):
            time.sleep(0.8)
            self.add_rule(f"closed{number}.rules", LOCAL_RULE.format(name=f"closed{number}", sid=9900000 + number))
            self.reload()
        faulty = self.add_rule("faulty.rules", 'drop http any any -> any any (msg:"faulty"; http.urk; sid:9900009;)\n')
        self.report.expect("a faulty rule is refused with its reason", self.reload() != 0)
        faulty.unlink()
        status, lost = self.shield.status(), self.lab.lost_in_queues() + self.retransmissions()
        under_load = load.poll() is None
        said, _ = load.communicate(timeout=30)
        self.report.output(said)
        self.report.expect(f"the rules went from generation {generation} to {status['rules']['generation']}; the last good ones hold",
                           status["rules"]["generation"] >= generation + 3)
        self.report.expect("no request failed", load.returncode == ANSWERED)
        self.report.expect("no packet was lost: the queue dropped none, and TCP had nothing to send again",
                           under_load and lost == 0, f"{lost} packets")
        self.report.expect("no limit of the engine was reached", not status["limits"], str(status["limits"]))
        self.report.expect("after: the new rule stops /closed2",
                           self.client("http-get", SERVER_ADDRESS, "80", "/closed2").returncode == STOPPED)

    def clean_stop(self) -> None:
        self.report.step("A clean stop leaves nothing behind", "The gateway has a firewall of somebody else's, too.")
        with_shield = self.lab.firewall()
        self.report.expect("while the shield runs, its tables are there", "table ip bansoko" in with_shield)
        self.report.command("gateway", "kill -TERM bansoko-shield")
        code = self.shield.stop()
        self.report.expect("it ends with exit code 0", code == 0, f"{code}")
        self.expect_as_before()
        self.report.command("gateway", "bansoko shield down")
        self.report.expect("shield down finds nothing to do, and does nothing",
                           self.shield.bansoko("shield", "down").returncode == 0)
        self.expect_as_before()

    # What the steps are made of.

    def client(self, *words: str) -> subprocess.CompletedProcess:
        self.report.command("client", f"demo-client {' '.join(words)}")
        done = self.lab.run(CLIENT, self.client_program, *words)
        self.report.output(done.stdout)
        return done

    def attack(self, name: str, port: str) -> None:
        self.report.expect("the attacker gets no answer to it",
                           self.client(name, SERVER_ADDRESS, port).returncode == STOPPED)

    def explain(self, sid: int) -> None:
        wanted = [alert for alert in self.shield.alerts() if alert["alert"]["signature_id"] == sid]
        if not self.report.expect(f"an event names rule {sid}", bool(wanted)):
            return
        event = wanted[-1]["bansoko"]["id"]
        self.report.command("gateway", f"bansoko explain {event}")
        told = self.shield.bansoko("explain", event)
        self.report.output(told.stdout)
        self.report.expect("it is explained: packet, protocol, field, rule, and what became of the flow",
                           told.returncode == 0 and str(sid) in told.stdout and
                           all(re.search(rf"^{word} ", told.stdout, re.M)
                               for word in ("packet", "protocol", "field", "rule", "verdict")), told.stdout)
        self.report.expect("alert and verdict are one record",
                           wanted[-1]["alert"]["action"] == "blocked" and
                           wanted[-1]["bansoko"]["verdict"]["action"] == "block", json.dumps(wanted[-1]))

    def curl(self, seconds: int = 5) -> subprocess.CompletedProcess:
        line = ("curl", "-sS", "--max-time", str(seconds), f"http://{SERVER_ADDRESS}/")
        self.report.command("client", " ".join(line))
        return self.lab.run(CLIENT, *line)

    def expect_page(self, claim: str) -> None:
        page = self.curl()
        self.report.expect(claim, page.stdout == PAGE, page.stdout)

    def smbclient(self, command: str, seconds: int = 20) -> subprocess.CompletedProcess:
        share = f"//{SERVER_ADDRESS}/files"
        self.report.command("client", f"smbclient {share} -m NT1 -N -c '{command}'")
        return self.lab.run(CLIENT, "timeout", str(seconds), "smbclient", share, "-s", "/dev/null", "-N", "-m", "NT1",
                            "--option=client min protocol=NT1", "-c", command, seconds=seconds + 5)

    def expect_file(self, claim: str) -> None:
        copy = self.lab.folder / "copy"
        copy.unlink(missing_ok=True)
        said = self.smbclient(f"get report.txt {copy}")
        got = copy.read_bytes() if copy.exists() else b""
        short = hashlib.sha256(got).hexdigest()[:12]
        self.report.expect(f"{claim} ({len(got)} bytes, sha256 {short}…)", got == FILE, said.stdout)

    def has_evidence(self) -> bool:
        files = list((self.shield.folder / "evidence").rglob("*.pcapng"))
        return bool(files) and all(file.stat().st_mode & 0o077 == 0 and file.stat().st_size > 0 for file in files)

    def reached_nginx(self, what: str) -> bool:
        return what in self.access_log.read_text()

    def retransmissions(self) -> int:
        """What the client's kernel had to send again, over its connections to nginx that are open."""
        listed = self.lab.run(CLIENT, "ss", "-tinHO", "state", "established", f"dst {SERVER_ADDRESS} dport = :80").stdout
        return sum(int(count) for count in re.findall(r"retrans:\d+/(\d+)", listed))

    def add_rule(self, name: str, text: str) -> pathlib.Path:
        path = self.shield.folder / "rules" / name
        path.write_text(text)
        return path

    def reload(self) -> int:
        self.report.command("gateway", "bansoko shield reload")
        done = self.shield.bansoko("shield", "reload")
        self.report.output(done.stdout)
        return done.returncode

    def expect_as_before(self) -> None:
        firewall, sysctls = self.lab.firewall(), self.lab.sysctls()
        self.report.expect("nft list ruleset is what it was before the first start", firewall == self.before[0], firewall)
        changed = {name: value for name, value in sysctls.items() if self.before[1].get(name) != value}
        self.report.expect(f"all {len(sysctls)} network sysctls are, too", sysctls == self.before[1], str(changed))

    @staticmethod
    def until(holds, seconds: float = 10) -> bool:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True
