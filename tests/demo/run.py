#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows Bansoko at work: a real nginx and a real Samba behind a gateway that runs bansoko-shield.

Ends by itself, leaves nothing behind. KEEP=1 keeps all of it up after the last step.
Exit code: 0 all as expected, 1 not, 77 skipped (--live where a live demonstration is not possible).
"""
import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import replayed
from lab import CLIENT, GATEWAY, SERVER, Failed, Lab, why_no_namespaces
from report import Report
from servers import start_nginx, start_samba
from shield import Shield
from steps import Demo

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATCHES = ROOT / "content" / "patches"
NEEDED = ("curl", "ip", "nft", "nginx", "nstat", "smbclient", "smbd", "ss", "sysctl")
SKIPPED = 77


def why_not_live() -> str:
    """Why the live demonstration cannot be given here; empty: it can."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        return f"not installed: {', '.join(missing)} (tools/install_packages.sh demo)"
    return why_no_namespaces()


def keep(lab: Lab, demo: Demo, programs: pathlib.Path) -> None:
    demo.shield.start(on_crash="open")
    print(f"\nKEEP=1: the shield is up again, and stays. Programs: {programs}; settings: {demo.shield.config}")
    for role in (CLIENT, GATEWAY, SERVER):
        print(f"  the {role}: ip netns exec {lab.name(role)} bash")
    print("Ctrl-C takes all of it down.", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print()


def show_live(report: Report, programs: pathlib.Path) -> None:
    with Lab() as lab:
        access_log = start_nginx(lab)
        start_samba(lab)
        demo = Demo(lab, report, Shield(lab, programs, PATCHES), programs, access_log)
        demo.run()
        if os.environ.get("KEEP", "0") not in ("", "0"):
            keep(lab, demo, programs)


def stop_politely(number: int, _) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build" / "bin", help="where they were built")
    parser.add_argument("--live", action="store_true", help="skip rather than replay a capture")
    parser.add_argument("--replay", action="store_true", help="replay a capture even if more is possible")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell has it ignored
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_politely)
    programs, report, started = options.programs.resolve(), Report(), time.monotonic()
    reason = "asked for" if options.replay else why_not_live()
    if reason and options.live:
        print(f"skipped: {reason}")
        return SKIPPED
    try:
        if reason:
            print(f"No live demonstration: {reason}.\nA capture is replayed instead.")
            replayed.show(report, programs, PATCHES)
        else:
            show_live(report, programs)
    except Failed as failure:
        report.expect("the demonstration can go on", False, str(failure))
    except KeyboardInterrupt:
        print("\nstopped; everything is taken down")
        return 130
    return 0 if report.summary(time.monotonic() - started) else 1


if __name__ == "__main__":
    sys.exit(main())
