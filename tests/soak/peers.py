# SPDX-License-Identifier: Apache-2.0
"""Who talks through the shield in a soak, each in a process of its own: a server, askers, attackers, floods."""
import contextlib
import multiprocessing
import os
import random
import selectors
import signal
import socket
import time

import packets

ANSWER_TIME = 30.0  # TCP tries again for longer than any engine is away
ATTACK = b"GET /default.ida?NNNNNNNN"
NAMES = ("tcp_answered", "tcp_lost", "tcp_not_opened", "udp_answered", "udp_lost_in_storm", "udp_lost", "attacks_blocked",
         "attacks_passed", "pushed", "pushed_passed", "flood_packets")
SOURCES = 30000
ATTACKER = "10.97.1.3"
HELD = 30  # blocked connections that are kept open and tried again


class Weather:
    """Whether the engine is there. What began and ended in one calm must have been inspected."""

    def __init__(self):
        self._epoch = multiprocessing.Value("q", 0)  # odd: a storm
        self._floods = multiprocessing.Value("q", 0)  # odd: a flood

    def begin_storm(self):
        self._epoch.value += 1

    def end_storm(self):
        self._epoch.value += 1

    def flood_changes(self):
        self._floods.value += 1

    def calm(self):
        """Something to ask is_still() with, or None in a storm."""
        return None if self._epoch.value % 2 else self._epoch.value

    def is_still(self, epoch):
        return self._epoch.value == epoch

    def floods(self):
        return self._floods.value


class Peers:
    def __init__(self, lab, weather, askers=3):
        self.lab, self.weather, self.askers = lab, weather, askers
        self.counts = {name: multiprocessing.Value("Q", 0) for name in NAMES}
        self.stopping = multiprocessing.Event()
        self.heard, self.blocked = (multiprocessing.get_context("fork").SimpleQueue() for _ in range(2))
        self.processes = []
        self.reached, self.stopped = set(), set()

    def start(self):
        self.lab.run("ip", "-n", self.lab.client, "addr", "add", f"{ATTACKER}/24", "dev", "c0")
        works = [self._serve, self._attack] + [self._ask_tcp] * self.askers + [self._ask_udp]
        for work in works:
            process = multiprocessing.get_context("fork").Process(target=self._run, args=(work,), daemon=True)
            process.start()
            self.processes.append(process)
            time.sleep(0.2)

    @staticmethod
    def _run(work):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        work()

    def stop(self):
        self.stopping.set()
        for process in self.processes[1:]:
            process.join(2 * ANSWER_TIME)
        self._collect()
        self.processes[0].terminate()
        for process in self.processes:
            process.join(5)

    def _collect(self):
        for queue, into in ((self.heard, self.reached), (self.blocked, self.stopped)):
            while not queue.empty():
                into.add(queue.get())

    def numbers(self):
        return {name: value.value for name, value in self.counts.items()}

    def wrong(self):
        wrong = [f"{name}: {self.counts[name].value}" for name in ("tcp_lost", "tcp_not_opened", "udp_lost", "attacks_passed", "pushed_passed")
                 if self.counts[name].value]
        wrong += [f"{name}: none" for name in ("tcp_answered", "udp_answered", "attacks_blocked", "pushed", "flood_packets")
                  if not self.counts[name].value]
        both = self.reached & self.stopped
        return wrong + ([f"attacks that reached the server all the same: {sorted(both)[:5]}"] if both else [])

    def _count(self, name, amount=1):
        self.counts[name].value += amount  # each is raised by processes that may lose a count to another, never gain

    def _serve(self):
        """Echoes; tells of each attack that it hears."""
        listening = self.lab.open(self.lab.server)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("", 80))
        listening.listen(1024)
        datagrams = self.lab.open(self.lab.server, kind=socket.SOCK_DGRAM)
        datagrams.bind(("", 53))
        ready = selectors.DefaultSelector()
        ready.register(listening, selectors.EVENT_READ, self._welcome)
        ready.register(datagrams, selectors.EVENT_READ, self._echo_datagram)
        while True:
            for key, _ in ready.select():
                key.data(ready, key.fileobj)

    def _welcome(self, ready, listening):
        with contextlib.suppress(OSError):
            peer, _ = listening.accept()
            ready.register(peer, selectors.EVENT_READ, self._echo)

    def _echo(self, ready, peer):
        try:
            data = peer.recv(65536)
            if ATTACK in data:
                self.heard.put(data.rpartition(b" ")[2])
            if data:
                peer.sendall(data)
                return
        except OSError:
            pass
        ready.unregister(peer)
        peer.close()

    @staticmethod
    def _echo_datagram(_, datagrams):
        with contextlib.suppress(OSError):
            data, peer = datagrams.recvfrom(65536)
            datagrams.sendto(data, peer)

    def _ask_tcp(self):
        number = 0
        while not self.stopping.is_set():
            peer = self.lab.connect(80, wait=ANSWER_TIME)
            if peer is None:
                self._count("tcp_not_opened")
                continue
            with peer:
                for _ in range(random.randrange(1, 3000)):
                    number += 1
                    if self.stopping.is_set() or not self._ask_once(peer, number):
                        break

    def _ask_once(self, peer, number):
        text = b"question %d " % number + b"." * random.randrange(0, 2000)
        heard = b""
        try:
            peer.sendall(text)
            while len(heard) < len(text) and (more := peer.recv(65536)):
                heard += more
        except OSError as error:
            print(f"question {number} of {peer.getsockname()}: {error}, {len(heard)} of {len(text)} bytes came back", flush=True)
        self._count("tcp_answered" if heard == text else "tcp_lost")
        return heard == text

    def _ask_udp(self):
        peer = self.lab.connect(53, kind=socket.SOCK_DGRAM)
        peer.settimeout(1.0)
        number = 0
        while not self.stopping.is_set():
            number += 1
            epoch, floods = self.weather.calm(), self.weather.floods()
            text = b"question %d" % number
            try:
                peer.send(text)
                while peer.recv(65536) != text:
                    pass
                self._count("udp_answered")
            except OSError:
                calm = epoch is not None and self.weather.is_still(epoch)
                peaceful = floods % 2 == 0 and floods == self.weather.floods()
                self._count("udp_lost" if calm and peaceful else "udp_lost_in_storm")

    def _attack(self):
        number, held = 0, []
        while not self.stopping.is_set():
            time.sleep(0.05)
            self._push(held)
            epoch = self.weather.calm()
            peer = self._connect_attacker() if epoch is not None else None
            if peer is None:
                continue
            number += 1
            name = b"%d" % number
            passed = self._answers(peer, ATTACK + b" " + name)
            if epoch is None or not self.weather.is_still(epoch):
                peer.close()  # nobody can say what it met
                continue
            self._count("attacks_passed" if passed else "attacks_blocked")
            self.blocked.put(name)
            held.append(peer)
            if len(held) > HELD:
                held.pop(0).close()

    def _connect_attacker(self):
        """From an address of his own: the kernel refuses a blocked connection's ends for a while, and an asker may be
        given the same port."""
        made = self.lab.open(self.lab.client)
        made.settimeout(5)
        try:
            made.bind((ATTACKER, 0))
            made.connect((self.lab.address(), 80))
        except OSError:
            made.close()
            return None
        return made

    @staticmethod
    def _answers(peer, text):
        peer.settimeout(0.7)
        try:
            peer.sendall(text)
            return bool(peer.recv(65536))
        except OSError:
            return False

    def _push(self, held):
        """Tries blocked connections once more: nothing comes back, whatever has happened since."""
        for peer in held:
            peer.setblocking(False)
            with contextlib.suppress(OSError):
                peer.send(b"more")
                self._count("pushed")
            with contextlib.suppress(OSError):
                if peer.recv(65536):
                    self._count("pushed_passed")

    def flood(self, seconds, stop):
        """One of the kinds, from processes of their own, until time is up."""
        kind = random.choice((syns, fragments, datagrams))
        self.weather.flood_changes()
        process = multiprocessing.get_context("fork").Process(target=self._flood, args=(kind, seconds), daemon=True)
        process.start()
        while process.is_alive() and not stop.is_set():
            process.join(0.2)
        process.terminate()
        process.join()
        time.sleep(1.5)  # what waits in queues is not over with the flood
        self.weather.flood_changes()

    def _flood(self, kind, seconds):
        raw = self.lab.open(self.lab.client, kind=packets.RAW, protocol=packets.RAW_IP)
        target, until, number = self.lab.address(), time.monotonic() + seconds, os.getpid() << 16
        while time.monotonic() < until:
            for _ in range(100):
                number += 1
                with contextlib.suppress(OSError):
                    raw.sendto(kind(number, target), (target, 0))
            self._count("flood_packets", 100)


def source(number):
    """Of so many ends that the engine's table of flows is too small, and the kernel's table of connections is not."""
    number %= SOURCES
    return f"10.{100 + number // 62500 % 100}.{number // 250 % 250}.{1 + number % 250}"


def syns(number, target):
    return packets.syn(source(number), 1024 + number % SOURCES, target, 80)


def fragments(number, target):
    return packets.first_fragment(source(number), target, number)


def datagrams(number, target):
    return packets.datagram(source(number), 1024 + number % SOURCES, target, 9, b"x" * 100)
