#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes content/rollups-monthly.yaml: the chains of Windows' cumulative updates, each of which holds the one before it.

    tools/make_rollups.py definitions.zip [--out content/rollups-monthly.yaml]

definitions.zip is that of https://github.com/bitsadmin/wesng (product, KB and what it supersedes, as Microsoft publishes it).
"""
import argparse
import collections
import csv
import datetime
import io
import json
import pathlib
import zipfile

# The rows of one product, its first cumulative updates (from October 2016 on; those of 2016 name no predecessor), and the hosts.
CHAINS = [
    ("Windows Server 2008 SP2", "Windows Server 2008 for x64-based Systems Service Pack 2", ["4458010"],
     {"all": [{"os": "microsoft:windows_server_2008"}, {"service_pack": 2}]}),
    ("Windows 7 SP1 and Server 2008 R2 SP1", "Windows Server 2008 R2 for x64-based Systems Service Pack 1", ["3185330", "3197868", "3207752"],
     {"all": [{"os": ["microsoft:windows_7", "microsoft:windows_server_2008_r2"]}, {"service_pack": 1}]}),
    ("Windows Server 2012", "Windows Server 2012", ["3185332", "3197877", "3205409"], {"os": "microsoft:windows_server_2012"}),
    ("Windows 8.1 and Server 2012 R2", "Windows Server 2012 R2", ["3185331", "3197874", "3205401"],
     {"os": ["microsoft:windows_8.1", "microsoft:windows_server_2012_r2"]}),
    ("Windows 10 1607 and Server 2016", "Windows Server 2016", ["3194798", "3200970", "3206632"],
     {"any": [{"os": "microsoft:windows_server_2016"}, {"all": [{"os": "microsoft:windows_10"}, {"build": 14393}]}]}),
    ("Windows 10 1809 and Server 2019", "Windows Server 2019", ["4464330"],
     {"any": [{"os": "microsoft:windows_server_2019"}, {"all": [{"os": "microsoft:windows_10"}, {"build": 17763}]}]}),
    ("Windows Server 2022", "Windows Server 2022", ["5005575"], {"os": "microsoft:windows_server_2022"}),
    ("Windows Server 2025", "Windows Server 2025", ["5046617"], {"os": "microsoft:windows_server_2025"}),
]


# They name a predecessor, yet hold the fixes of one month alone.
SECURITY_ONLY = {"3212642", "3185911", "3192393", "3197876", "3205408", "4012214", "5060996"}


def rows_of(path):
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.startswith("CVEs_"))
        rows = csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8-sig"))
        return name, list(rows)


def holders(rows, product):
    """For each KB what it supersedes, and all KBs."""
    before, told, beside = collections.defaultdict(set), set(), collections.defaultdict(set)
    for row in rows:
        if row["AffectedProduct"].strip() != product or not row["BulletinKB"].isdigit() or row["CVE"].startswith("ADV"):
            continue
        if any(word in row["AffectedComponent"] + row["Title"] for word in ("Internet Explorer", "Flash", "MSHTML", "Servicing Stack")):
            continue
        kb = row["BulletinKB"]
        told.add(kb)
        beside[row["CVE"]].add(kb)
        for older in row["Supersedes"].replace(",", ";").split(";"):
            if older.strip().isdigit() and older.strip() != kb:
                before[kb].add(older.strip())
    # Of two updates for one hole, that which is in no chain holds the fixes of one month alone.
    later = set().union(*before.values()) if before else set()
    linked = {kb: (kb in later) * 2 + bool(before.get(kb)) for kb in told}
    alone = {kb for kbs in beside.values() for kb in kbs if linked[kb] < 2 and any(linked[other] > linked[kb] for other in kbs)}
    return before, told - alone - SECURITY_ONLY


def families(before):
    """KBs that supersede each other, directly or not."""
    near = collections.defaultdict(set)
    for kb, olders in before.items():
        for older in olders:
            near[kb].add(older)
            near[older].add(kb)
    seen = set()
    for start in near:
        family, todo = set(), [start]
        while todo:
            kb = todo.pop()
            if kb not in seen:
                seen.add(kb)
                family.add(kb)
                todo += near[kb]
        if family:
            yield family


def chain_of(before, told, first):
    """All cumulative updates from `first` on, oldest first: their numbers rise. The list has gaps; where a
    month names no predecessor a new family begins, which holds the older one all the same. What stands nearly
    alone is no cumulative update."""
    recent = {kb: {older for older in olders if int(older) >= int(first[0])}
              for kb, olders in before.items() if int(kb) >= int(first[0])}
    kept = {kb for family in families(recent) if len(family) > 4 for kb in family if kb in told}
    return sorted(kept | set(first), key=int)


def text_of(name, rows):
    lines = [
        "# SPDX-License-Identifier: Apache-2.0",
        "# Cumulative updates of Windows in order, each of which holds those before it. NOTICE: numbers and order from Microsoft's public",
        f"# list of updates, as bitsadmin/wesng (BSD-3-Clause) has it in {name}; facts alone. Written by tools/make_rollups.py.",
        "rollups: []",
        "chains:",
    ]
    for label, product, first, when in CHAINS:
        chain = chain_of(*holders(rows, product), first)
        ja = label.replace(" and ", " および ")
        lines += [f"  - title: {{en: \"Cumulative updates of {label}\", ja: \"{ja} の累積的な更新プログラム\"}}",
                  f"    when: {json.dumps(when)}",
                  f'    source: "bitsadmin/wesng definitions.zip, {name}"',
                  f"    opened: {datetime.date.today().isoformat()}",
                  f"    steps: [{', '.join(json.dumps(kb) for kb in chain)}]"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("definitions", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("content/rollups-monthly.yaml"))
    options = parser.parse_args()
    options.out.write_text(text_of(*rows_of(options.definitions)), encoding="utf-8")
    print(options.out)


if __name__ == "__main__":
    main()
