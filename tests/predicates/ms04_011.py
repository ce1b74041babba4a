# SPDX-License-Identifier: Apache-2.0
"""MS04-011: the calls of LSASS by which a computer changes its role in the domain."""
import dataclasses

import rpc
from mutant import EITHER, HOLE, SAFE, Mutant, around, name

TRANSPORT = "tcp"
DSSETUP = "3919286a-b10c-11d0-9ba8-00c04fd92ef5"
UPGRADE_DOWNLEVEL_SERVER, GET_INFORMATION = 9, 0
LONGEST_NAME = 255      # of a domain in DNS (RFC 1035 section 2.3.4); stated in the patch's checks
RETURN_ADDRESS = 1964   # Metasploit, ms04_011_lsass.rb: Windows XP; 2020 in Windows 2000


@dataclasses.dataclass
class Upgrade:
    """A call, and the strings in it without their ends."""
    interface: str
    opnum: int
    strings: list


def verdict(message, moved=0):
    """MS04-011, CVE-2003-0533: the strings of DsRolerUpgradeDownlevelServer go to a log through a buffer on the stack
    whose return address lies 1,964 bytes behind its beginning. Shorter ones, and the other calls of the interface,
    we do not know, save the one that asks for the role, which has no string. A string ends at its first zero.
    """
    if message.interface != DSSETUP or message.opnum == GET_INFORMATION:
        return SAFE
    longest = max(map(len, message.strings))
    ended = max(len(text.split("\0")[0]) for text in message.strings)
    if longest <= LONGEST_NAME + moved:
        return SAFE
    return HOLE if ended >= RETURN_ADDRESS + 4 and message.opnum == UPGRADE_DOWNLEVEL_SERVER else EITHER


def stub_of(order, random, strings):
    stub = rpc.Stub(order)
    stub.text(strings[0], largest=random.choice((None, None, len(strings[0]) + 1 + random.randrange(5000))))
    for text in strings[1:]:
        stub.reference()
        stub.text(text)
    stub.u32(0, 0)
    stub.bytes += bytes(528)
    return stub.bytes


def mutant(random):
    strings = [name(random, random.randrange(1, 60)) for _ in range(7)]
    size = around(random, LONGEST_NAME, RETURN_ADDRESS + 4, most=3500)
    at = random.choice((0, 0, 0, random.randrange(7)))
    strings[at] = name(random, size)
    if size > 20 and random.random() < 0.1:
        strings[at] = strings[at][:10] + "\0" + strings[at][11:]
    interface = DSSETUP if random.random() < 0.93 else random.choice(rpc.OTHERS[:1])
    message = Upgrade(interface, random.choice((9,) * 16 + (0, 1, 8, 10)), strings)
    order = random.choice((rpc.LITTLE, rpc.LITTLE, rpc.BIG))
    call = rpc.Call(interface, 0, message.opnum, stub_of(order, random, strings), order)
    says, port, how = rpc.dialogue(random, call, ("\\lsarpc", "\\lsass", "\\samr"), port=1026)
    return Mutant(message, says, f"opnum {message.opnum} of {interface[:8]}, string {at} of {size} characters; {how}", port)
