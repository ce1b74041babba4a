# SPDX-License-Identifier: Apache-2.0
"""What can be shown without root: the same attacks, built by the same code, replayed from a capture."""
import json
import pathlib
import subprocess
import tempfile

from report import Report

CODE_RED, MISMATCH, FEA_LIST = 9100001, 9100002, 9100003  # one packet of the second attack shows two conditions


def show(report: Report, programs: pathlib.Path, patches: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory(prefix="bansoko-demo-") as name:
        _show(report, programs, patches, pathlib.Path(name))


def _show(report: Report, programs: pathlib.Path, patches: pathlib.Path, folder: pathlib.Path) -> None:
    capture, events = folder / "demo.pcap", folder / "events.json"

    def run(*words: str) -> subprocess.CompletedProcess:
        report.command("here", " ".join(words))
        done = subprocess.run([str(programs / words[0]), *words[1:]], stdin=subprocess.DEVNULL, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        report.output(done.stdout)
        return done

    report.step("A capture of ordinary traffic and two attacks",
                "A page, Code Red (CVE-2001-0500), MS17-010 (CVE-2017-0144), and a search that is in order.")
    report.expect("the capture is written", run("demo-client", "capture", str(capture)).returncode == 0)

    report.step("It is led through the shield, offline", "The code that runs on a gateway, without a gateway.")
    done = run("bansoko", "replay", "--mode", "enforce", "--rules", f"{patches}/*/patch.rules", "--events", str(events),
               str(capture))
    report.expect("the replay succeeds", done.returncode == 0)
    lines = events.read_text().splitlines() if events.exists() else []
    alerts = [event for event in map(json.loads, lines) if "alert" in event]
    found = sorted(event["alert"]["signature_id"] for event in alerts)
    report.expect("the two attacks are stopped, and nothing else", found == [CODE_RED, MISMATCH, FEA_LIST], str(found))

    report.step("Each is explained")
    for event in alerts:
        told = run("bansoko", "explain", "--events", str(events), event["bansoko"]["id"])
        report.expect(f"rule {event['alert']['signature_id']}",
                      told.returncode == 0 and str(event["alert"]["signature_id"]) in told.stdout)
