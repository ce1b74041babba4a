# SPDX-License-Identifier: Apache-2.0
"""Rule files for the benchmarks, chosen the same way on every machine."""
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.environ.get("BANSOKO_SHARED", os.path.join(ROOT, "..", "shared"))
ETOPEN = os.path.join(SHARED, "data", "rules", "etopen.rules")

_FAULT = re.compile(r"^.*:(\d+):\d+: error:")
_FOR_SERVERS = re.compile(r"^\w+\s+\S+\s+\S+\s+\S+\s+->\s+(\$HOME_NET|\$HTTP_SERVERS|\$SQL_SERVERS|\$SMTP_SERVERS)\s")
_FROM_CLIENT = re.compile(r"flow:[^;]*(to_server|from_client)[^;]*;.*content:")
# Of the three kinds that protect servers most: what is asked for, raw bytes, and what is posted.
_SYNTHETIC = [
    'drop http any any -> any any (msg:"uri {n}"; flow:established,to_server; http.uri; content:"/exploit{n}.cgi"; nocase; content:"cmd={n}"; distance:0; sid:{sid};)',
    'drop tcp any any -> any any (msg:"raw {n}"; flow:established,to_server; content:"|90 90 90|attack{n}"; content:"sh -c {n}"; distance:0; within:200; sid:{sid};)',
    'drop http any any -> any any (msg:"body {n}"; flow:established,to_server; http.request_body; content:"payload{n}="; pcre:"/payload{n}=[^&]{{40,}}/P"; sid:{sid};)',
]


def usable(bansoko, path=ETOPEN):
    """The lines of a rule file in which `bansoko rules check` finds no fault."""
    done = subprocess.run([bansoko, "rules", "check", path], capture_output=True, text=True, errors="replace")
    faulty = {int(match[1]) for line in (done.stdout + done.stderr).splitlines() if (match := _FAULT.match(line))}
    with open(path, errors="surrogateescape") as file:
        return [line.rstrip("\n") for number, line in enumerate(file, 1)
                if number not in faulty and line.strip() and not line.startswith("#")]


def everything():
    """All rules of etopen.rules; 20,000 made here where it is absent."""
    if not os.path.exists(ETOPEN):
        return _synthetic(20000)
    with open(ETOPEN, errors="surrogateescape") as file:
        return [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]


def _synthetic(count):
    return [_SYNTHETIC[n % len(_SYNTHETIC)].format(n=n, sid=n + 1) for n in range(count)]


def for_servers(bansoko, count):
    """`count` rules about what clients send to servers: evenly out of etopen.rules, made here where it is absent."""
    if not os.path.exists(ETOPEN):
        return "synthetic", _synthetic(count)
    lines = [line for line in usable(bansoko) if _FOR_SERVERS.match(line) and _FROM_CLIENT.search(line)]
    return "etopen", [lines[n * len(lines) // count] for n in range(count)]


def write(path, lines):
    """In one step: an engine that starts just now reads these or those of before, never a part."""
    with open(f"{path}.new", "w", errors="surrogateescape") as file:
        file.write("\n".join(lines) + "\n")
    os.replace(f"{path}.new", path)
