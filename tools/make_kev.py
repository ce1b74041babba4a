#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes content/kev.yaml, the extract for servers of CISA's catalogue of known exploited vulnerabilities (CC0).

    tools/make_kev.py known_exploited_vulnerabilities.json [--out content/kev.yaml]
"""
import argparse
import collections
import json
import pathlib
import re

# Left out: what is no server, nor runs on one. Whatever is not named here is kept.
DEVICES = re.compile(
    r"^(Accellion|Alcatel|AMI|Amcrest|Android|Apple|Arcadyan|Arm|Audinate|ASUS|Code Aurora|Crestron|D-Link.*|Dahua|Dasan|Delta Electronics|DrayTek|Edimax"
    r"|Embedthis|FatPipe|FXC|GeoVision|GIGABYTE|Google|Grandstream|Hikvision|Kingsoft|LG|MediaTek|Meta Platforms|MikroTik"
    r"|Mitel|Mozilla|NETGEAR|Netis|Nice|North Grid|NUUO|Plex|PTZOptics|QNAP.*|Qualcomm|RARLAB|Realtek|Reolink|Ruckus Wireless|Samsung|Schneider Electric"
    r"|SIMalliance|SolarView|Sumavision|Sunhillo|TeamViewer|TeleMessage|Tenda|TerraMaster|TP-Link|Treck.*|Trimble|TVT|Twilio|Ubiquiti|Unitronics"
    r"|Unraid|WebKitGTK|WebRTC|Yealink|ZKTeco|Zyxel|7-Zip|ChakraCore|Artifex|InduSoft|Trihedral|Siemens)\s*$")
WORKSTATIONS = re.compile(
    r"Flash Player|Acrobat|Reader|\bOffice\b|^(Word|Excel|PowerPoint|Publisher|Project|Outlook|WordPad|Silverlight|Skype.*)$|Power Pages|Partner Center"
    r"|VirtualBox|MSCOMCTL")


def wanted(entry):
    return not DEVICES.match(entry["vendorProject"]) and not WORKSTATIONS.search(entry["product"])


def text_of(catalogue):
    kept = [entry for entry in catalogue["vulnerabilities"] if wanted(entry)]
    days = collections.defaultdict(list)
    for entry in kept:
        days[entry["dateAdded"]].append(entry["cveID"])
    ransomware = sorted(entry["cveID"] for entry in kept if entry["knownRansomwareCampaignUse"] == "Known")
    lines = [
        "# SPDX-License-Identifier: CC0-1.0",
        f"# Known exploited vulnerabilities of servers, by the day they were added. NOTICE: from CISA's catalogue {catalogue['catalogVersion']}",
        f"# ({len(kept)} of its {len(catalogue['vulnerabilities'])} rows), https://www.cisa.gov/known-exploited-vulnerabilities-catalog, CC0 1.0. Written by tools/make_kev.py.",
        f"date: {catalogue['dateReleased'][:10]}",
        "added:",
    ]
    lines += [f"  {day}: [{', '.join(sorted(days[day]))}]" for day in sorted(days)]
    lines += ["ransomware:", "  [" + ", ".join(ransomware) + "]"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogue", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("content/kev.yaml"))
    options = parser.parse_args()
    options.out.write_text(text_of(json.loads(options.catalogue.read_text(encoding="utf-8"))), encoding="utf-8")
    print(options.out)


if __name__ == "__main__":
    main()
