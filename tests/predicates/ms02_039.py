# SPDX-License-Identifier: Apache-2.0
"""MS02-039: requests to the resolution service of SQL Server 2000."""
import dataclasses

from mutant import CLIENT, EITHER, HOLE, SAFE, SERVER, Mutant, around, name

TRANSPORT = "udp"
LONGEST_NAME = 32       # [MC-SQLR] section 2.2.3
RETURN_ADDRESS = 96


@dataclasses.dataclass
class Request:
    function: int
    rest: bytes


def verdict(message, moved=0):
    """The stack overflow: function 4 carries a name that ends with a zero byte ([MC-SQLR] section 2.2.3: at most 32
    bytes); the return address lies 96 bytes behind its beginning (Metasploit, ms02_039_slammer.rb). Between the two
    we do not know. Functions 8 (the overflow in the heap) and 10 (a keep-alive that another server answers) are the
    other two holes of the bulletin (KB 323875; the numbers as patch.yaml quotes NGSSoftware), and no client uses them.
    """
    if message.function in (8, 10):
        return HOLE
    if message.function != 4:
        return SAFE
    size = len(message.rest.split(b"\0")[0])
    if size <= LONGEST_NAME + moved:
        return SAFE
    return HOLE if size >= RETURN_ADDRESS else EITHER


def rest_of(random, function):
    if function in (8, 10):
        return random.choice((b"", b"A:1", b"A" * random.randrange(400) + b":80"))
    text = name(random, around(random, LONGEST_NAME, RETURN_ADDRESS, most=1000)).encode()
    return text + random.choice((b"", b"\0", b"\0" + b"B" * random.choice((1, 60, 400)), b":88\0"))


def mutant(random):
    function = random.choice((4,) * 14 + (8, 8, 10, 10, 2, 3, 5, 9, 15, 0x14, 0x84))
    rest = rest_of(random, function)
    if function in (2, 3):
        rest = random.choice((b"", rest))
    request = Request(function, rest)
    says = [(CLIENT, bytes([function]) + rest)]
    if random.random() < 0.2:
        answer = b"ServerName;HOST;InstanceName;" + name(random, 8).encode() + b";;"
        says.append((SERVER, b"\5" + len(answer).to_bytes(2, "little") + answer))
    if random.random() < 0.2:
        says.insert(0, (CLIENT, b"\3"))
    return Mutant(request, says, f"function {function}, {len(rest)} bytes, zero at {rest.find(0)}", 1434)
