#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Leads captures through an installed Suricata, as the engine to compare with, and keeps its alerts.

    peer.py --root CHROOT --rules FILE --out DIRECTORY CAPTURE...

The rules are loaded once: captures are handed over by Suricata's control socket, which gives each a fresh flow table,
but not fresh thresholds; so each capture is moved to begin more than a day after the one before.
CHROOT is where Suricata stands (/ where it is installed on this machine). Needs root. Each capture gives one file of
EVE alerts, DIRECTORY/<number>.json; DIRECTORY/captures.tsv says which number is which capture.
"""
import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from capture_time import move

DAY = 86400
FIRST_DAY = 946684800
ARGUMENTS = ["-k", "none", "--runmode", "single", "--simulate-ips",
             "--set", "vars.address-groups.HOME_NET=any", "--set", "vars.address-groups.EXTERNAL_NET=any",
             # Parsing errors of protocols that only the peer parses must not drop what rules are to see.
             "--set", "exception-policy=ignore",
             # Its default is port 53; we look for DNS on any.
             "--set", "app-layer.protocols.dns.udp.detection-ports.dp=0:65535",
             "--set", "unix-command.enabled=yes",
             "--set", "outputs.0.fast.enabled=no"]


class Control:
    """Suricata's control socket: one JSON object per line and direction."""

    def __init__(self, path, process, timeout=3000):
        self.socket = socket.socket(socket.AF_UNIX)
        for _ in range(timeout * 4):
            try:
                self.socket.connect(path)
                break
            except OSError:
                if process.poll() is not None:
                    sys.exit("peer: suricata ended while it loaded")
                time.sleep(0.25)
        self.rest = b""
        self.say({"version": "0.2"})

    def say(self, message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")
        while b"\n" not in self.rest:
            piece = self.socket.recv(65536)
            if not piece:
                sys.exit("peer: suricata closed its control socket")
            self.rest += piece
        line, self.rest = self.rest.split(b"\n", 1)
        answer = json.loads(line)
        if answer["return"] != "OK":
            sys.exit(f"peer: {message}: {answer}")
        return answer.get("message")

    def command(self, name, **arguments):
        return self.say({"command": name, **({"arguments": arguments} if arguments else {})})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", default="/")
    parser.add_argument("--rules", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--set", action="append", default=[], help="a setting of Suricata, as NAME=VALUE")
    parser.add_argument("captures", nargs="+")
    options = parser.parse_args()
    if not os.path.exists(os.path.join(options.root, "usr/bin/suricata")):
        print(f"peer: skipped: no suricata in {options.root}", file=sys.stderr)
        sys.exit(77)
    root = os.path.realpath(options.root)
    work = tempfile.mkdtemp(dir=os.path.join(root, "tmp"))
    inside = "/" + os.path.relpath(work, root)
    out = os.path.realpath(options.out)
    shutil.copyfile(options.rules, os.path.join(work, "test.rules"))
    enter = ["chroot", root] if root != "/" else []
    extra = [word for setting in options.set for word in ("--set", setting)]
    console = open(os.path.join(work, "console.txt"), "w")
    process = subprocess.Popen(
        enter + ["suricata", f"--unix-socket={inside}/control", "-S", f"{inside}/test.rules", "-l", inside, *ARGUMENTS, *extra],
        stdout=console, stderr=subprocess.STDOUT)
    try:
        control = Control(os.path.join(work, "control"), process)
        start = FIRST_DAY
        for number, capture in enumerate(options.captures):
            with open(capture, "rb") as source, open(os.path.join(work, f"{number}.pcap"), "wb") as to:
                moved, end = move(source.read(), start)
                to.write(moved)
            # A few captures jump by years.
            start = min(end, start + 30 * DAY) + DAY + 1
            os.mkdir(os.path.join(work, str(number)))
            control.command("pcap-file", filename=f"{inside}/{number}.pcap", **{"output-dir": f"{inside}/{number}"})
        while control.command("pcap-file-number") or control.command("pcap-current") != "None":
            time.sleep(0.2)
        control.command("shutdown")
        process.wait(60)
        os.makedirs(out, exist_ok=True)
        with open(os.path.join(out, "captures.tsv"), "w") as index:
            for number, capture in enumerate(options.captures):
                index.write(f"{number}\t{capture}\n")
                source = os.path.join(work, str(number), "eve.json")
                with open(os.path.join(out, f"{number}.json"), "w") as to:
                    lines = open(source) if os.path.exists(source) else ()
                    to.writelines(line for line in lines if '"event_type":"alert"' in line)
    finally:
        if process.poll() is None:
            process.kill()
        os.makedirs(out, exist_ok=True)
        shutil.copyfile(os.path.join(work, "console.txt"), os.path.join(out, "console.txt"))
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
