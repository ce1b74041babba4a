# SPDX-License-Identifier: Apache-2.0
"""MS08-067: paths that the Server service is asked to make canonical."""
import dataclasses

import rpc
from mutant import EITHER, HOLE, SAFE, Mutant, name

TRANSPORT = "tcp"
SRVSVC = "4b324fc8-1670-01d3-1278-5a47bf6ee188"
PATH_TYPE, PATH_CANONICALIZE, PATH_COMPARE, NAME_CANONICALIZE = 30, 31, 32, 33     # [MS-SRVS] section 3.1.4
MOST = 0x410            # characters of prefix and path together that are looked at


@dataclasses.dataclass
class Paths:
    """A call: the paths that are made canonical, each with the prefix that is put in front."""
    interface: str
    opnum: int
    paths: list         # (prefix, path)


def joined(prefix, path):
    """What is made canonical: with one backslash between the two, and backslashes for slashes."""
    if prefix:
        path = prefix + ("" if prefix[-1] in "\\/" else "\\") + (path[1:] if path[:1] in ("\\", "/") else path)
    return path.split("\0")[0].replace("/", "\\")


def behind_server(path):
    """A path without \\\\server\\, or None where the function refuses it."""
    if not path.startswith("\\\\"):
        return path
    server, slash, rest = path[2:].partition("\\")
    return rest if slash and not rest.startswith("\\") else None


def overflows(path):
    """Whether the function that takes out ".." (netapi32.dll of Windows XP; its decompilation of 2008 has been
    copied to many places) comes to write in front of the path. It remembers the last two backslashes; with ".." it copies the rest to the
    last but one, and then looks backwards for the one before, without stopping at the beginning of the path if it
    is there already. The next ".." then writes to wherever that search ended."""
    path = behind_server(path)
    outside = object()
    at, last, before = 0, None, None
    while path is not None and at < len(path):
        if path[at] == "\\":
            if last == at - 1:
                return False
            before, last = last, at
        elif path[at] == "." and (at == 0 or last == at - 1):
            follows = path[at + 1:at + 3]
            if follows in (".", ".\\"):
                if before is None or before is outside:
                    return before is outside
                path = path[:before] + path[at + 2:]
                if follows == ".":
                    return False
                at = last = before
                before = outside if at == 0 else max(0, path.rfind("\\", 0, at))
            elif follows[:1] == "\\":
                path = (path[:last] if last is not None else path[:at]) + path[at + 2 - (last is not None):]
                at = at if last is None else last + 1
                continue
        at += 1
    return False


def leaves(path, moved=0):
    """Whether a path that has entered a folder leaves more than it has entered, as the patch's checks put it."""
    parts = path.split("\\")
    parts = parts[3:] if path.startswith("\\\\") else parts
    depth, entered = 0, False
    for part in parts:
        if part == "..":
            depth -= 1
            if entered and depth < -moved:
                return True
        elif part not in ("", "."):
            depth += 1
            entered = True
    return False


def judged(message, prefix, path, moved):
    whole = joined(prefix, path)
    if whole.startswith("\\\\\\"):
        return EITHER
    if not leaves(whole, moved):
        return SAFE
    return HOLE if overflows(whole) and len(whole) <= MOST else EITHER


def verdict(message, moved=0):
    """MS08-067, CVE-2008-4250: NetprPathCanonicalize and NetprPathCompare hand their paths to a function of netapi32
    that takes out "..", and which walks out of the path (see overflows). Where it gives up at an earlier fault in
    the path we say either, since other versions need not; and of a path with three slashes in front, whose server has
    no name, it is not agreed what is a folder.
    """
    if message.interface != SRVSVC or message.opnum not in (PATH_CANONICALIZE, PATH_COMPARE):
        return SAFE
    verdicts = [judged(message, prefix, path, moved) for prefix, path in message.paths]
    return HOLE if HOLE in verdicts else EITHER if EITHER in verdicts else SAFE


def path_of(random):
    """Folders entered and left, about as often."""
    entered = random.choice((0, 1, 1, 2, 2, 3, 6))
    left = max(0, entered + random.choice((-1, 0, 0, 1, 1, 1, 1, 2, 3)))
    words = [name(random, random.choice((1, 1, 4, 60))) for _ in range(entered)]
    parts = words + [".."] * left
    if random.random() < 0.4:       # some are left at once
        parts.insert(random.randint(0, len(parts)), name(random, 3))
        parts.insert(random.randint(1, len(parts)), "..")
    for _ in range(random.choice((0, 0, 1))):
        parts.insert(random.randint(0, len(parts)), random.choice((".", "...", "..x", "x..", ". .", "..".rjust(3))))
    parts += random.choice(([], [name(random, 5)], [name(random, 300)]))
    start = random.choice(("\\",) * 12 + ("", "\\\\server\\", "\\\\server", "//10.0.0.1/", "\\\\?\\c:\\"))
    slash = random.choice(("\\", "\\", "/"))
    path = start + slash.join(parts)
    if random.random() < 0.03:      # ended before its end
        path += "\0\\..\\.."
    return path.replace(slash, slash * 2, 1) if random.random() < 0.05 else path


def stub_of(order, random, message):
    stub = rpc.Stub(order)
    if random.random() < 0.8:
        stub.reference()
        stub.text(random.choice(("", "\\\\server", "\\\\a\\..\\..\\b")))
    else:
        stub.u32(0)
    if message.opnum == PATH_COMPARE:
        for _, path in message.paths:
            stub.text(path)
        stub.u32(0, 0)
        return stub.bytes
    prefix, path = message.paths[0]
    stub.text(path, largest=random.choice((None, len(path) + 1 + random.randrange(2000))))
    stub.u32(random.choice((0, 2, 1000)))
    stub.text(prefix)
    stub.u32(random.randrange(3), random.choice((0, 1)))
    return stub.bytes


def mutant(random):
    opnum = random.choice((PATH_CANONICALIZE,) * 10 + (PATH_COMPARE,) * 5 + (PATH_TYPE, NAME_CANONICALIZE))
    if opnum == PATH_COMPARE:
        paths = [("", path_of(random)), ("", "\\x")]
        random.shuffle(paths)
    else:
        prefix = random.choice(("", "", "", "", "", "\\a", "\\a\\b\\", "a", "\\..", "\\a\\.."))
        paths = [(prefix, path_of(random))]
    message = Paths(SRVSVC if random.random() < 0.95 else rpc.OTHERS[0], opnum, paths)
    order = random.choice((rpc.LITTLE, rpc.LITTLE, rpc.BIG))
    call = rpc.Call(message.interface, 3, opnum, stub_of(order, random, message), order)
    says, port, how = rpc.dialogue(random, call, ("\\srvsvc", "\\browser", "\\PIPE\\BROWSER"), port=1027)
    return Mutant(message, says, f"opnum {opnum} of {message.interface[:8]}, paths {paths}; {how}", port)
