# SPDX-License-Identifier: Apache-2.0
"""MS03-026: requests to activate an object by the name of a file."""
import dataclasses
import struct

import rpc
from mutant import EITHER, HOLE, SAFE, Mutant, around, name

TRANSPORT = "tcp"
ACTIVATION, ACTIVATOR = "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57", "000001a0-0000-0000-c000-000000000046"
REMOTE_ACTIVATION, GET_CLASS_OBJECT, CREATE_INSTANCE = 0, 3, 4      # [MS-DCOM] section 3.1.2.5.2
PLACE = 16              # characters, the last for the end: MAX_COMPUTERNAME_LENGTH is 15
RETURN_ADDRESS = 18
PROPERTIES, CONTAINER = "000001a2-0000-0000-c000-000000000046", "00000338-0000-0000-c000-000000000046"
INSTANCE_INFO, CONTEXT_INFO = "000001ad-0000-0000-c000-000000000046", "000001a5-0000-0000-c000-000000000046"


@dataclasses.dataclass
class Activation:
    """A call, and the name of the file in it, or None."""
    interface: str
    opnum: int
    file: str | None


def verdict(message, moved=0):
    """MS03-026, CVE-2003-0352: GetMachineName of rpcss copies what stands behind the two backslashes, up to the next
    backslash, to a place of fixed size (SEI CERT C, rule ARR30-C, which has the code). In Windows 2000 the return
    address lies 36 bytes behind its beginning (Metasploit, ms03_026_dcom.rb), which is a place of 16 characters and a
    saved register. Names of 16 to 18 overwrite that register. Where there is no further backslash the copy goes on
    behind the string, if nothing looks for one before, which we do not know. A server without a name is no server's.
    """
    reached = {ACTIVATION: (REMOTE_ACTIVATION,), ACTIVATOR: (GET_CLASS_OBJECT, CREATE_INSTANCE)}
    if message.opnum not in reached.get(message.interface, ()) or message.file is None or not message.file.startswith("\\\\"):
        return SAFE
    server, slash, _ = message.file[2:].split("\0")[0].partition("\\")
    if not server:
        return EITHER
    if len(server) < PLACE + moved:
        return SAFE if slash else EITHER
    return HOLE if len(server) > RETURN_ADDRESS else EITHER


def this(stub):
    """ORPCTHIS ([MS-DCOM] section 2.2.13.3) without extensions."""
    stub.u16(5, 6)
    stub.u32(0, 0)
    stub.uuid("11111111-2222-3333-4444-555555555555")
    stub.u32(0)


def remote_activation(order, random, file):
    """Section 3.1.2.5.2.3.1."""
    stub = rpc.Stub(order)
    this(stub)
    stub.uuid("00000000-0000-0000-0000-000000000000")
    if file is None:
        stub.u32(0)
    else:
        stub.reference()
        stub.text(file, largest=random.choice((None, None, len(file) + 1 + random.randrange(300))))
    stub.u32(0, 2, 0, 1)
    stub.reference()
    stub.u32(1)
    stub.uuid("00000000-0000-0000-c000-000000000046")
    stub.u16(1)
    stub.u32(1)
    stub.u16(7)
    return stub.bytes


def serialized(build):
    """Type serialization 1 ([MS-RPCE] section 2.2.6): always little-endian here."""
    body = rpc.Stub(rpc.LITTLE)
    build(body)
    body.align(8)
    return bytes.fromhex("01100800cccccccc") + struct.pack("<II", len(body.bytes), 0) + body.bytes


def instance_info(file):
    """InstanceInfoData (section 2.2.22.2.3)."""
    def build(body):
        body.u32(0) if file is None else body.reference()
        body.u32(0, 0, 0)
        if file is not None:
            body.text(file)
    return serialized(build)


def context_info():
    """ActivationContextInfoData (section 2.2.22.2.5) with nothing in it."""
    return serialized(lambda body: body.u32(0, 0, 0, 0, 0, 0))


def properties(random, file):
    """An OBJREF_CUSTOM (section 2.2.18.6) with the activation properties (section 2.2.22)."""
    parts = [(INSTANCE_INFO, instance_info(file)), (CONTEXT_INFO, context_info())]
    random.shuffle(parts)

    def header(body, size=0, total=0):
        body.u32(total, size, 0, 2, len(parts))
        body.uuid("00000000-0000-0000-0000-000000000000")
        body.reference()
        body.reference()
        body.u32(0)
        body.u32(len(parts))
        for kind, _ in parts:
            body.uuid(kind)
        body.u32(len(parts), *(len(part) for _, part in parts))
    size = len(serialized(header))
    data = b"".join(part for _, part in parts)
    total = size + len(data)
    blob = struct.pack("<II", total, 0) + serialized(lambda body: header(body, size, total)) + data
    return b"MEOW" + struct.pack("<I", 4) + rpc.uuid_bytes(PROPERTIES, rpc.LITTLE) + rpc.uuid_bytes(CONTAINER, rpc.LITTLE) + \
        struct.pack("<II", 0, len(blob)) + blob


def by_properties(order, random, opnum, file):
    """RemoteGetClassObject and RemoteCreateInstance (sections 3.1.2.5.2.3.2 and 3.1.2.5.2.3.3)."""
    stub = rpc.Stub(order)
    this(stub)
    if opnum == CREATE_INSTANCE:
        stub.u32(0)
    packed = properties(random, file)
    stub.reference()
    stub.u32(len(packed), len(packed))
    stub.bytes += packed
    return stub.bytes


def file_of(random):
    if random.random() < 0.12:
        return random.choice((None, "", "C:\\" + name(random, 60) + "\\x.doc", "\\" + name(random, 60) + "\\x.doc", name(random, 100),
                              "C:\\\\" + name(random, 60) + "\\\\" + name(random, 60), "\\\\server\\\\" + name(random, 60), "\\\\srv\\x\\\\" + name(random, 60)))
    server = name(random, around(random, PLACE, RETURN_ADDRESS, 33, most=1000))
    if len(server) > 4 and random.random() < 0.2:
        server = server[:2] + random.choice("/.-$") + server[3:]
    return "\\\\" + server + random.choice(("\\c$\\" + name(random, 60) + ".doc", "\\x", "\\", "\\x\\" + name(random, 500)))


def mutant(random):
    interface, opnum = random.choice(((ACTIVATION, REMOTE_ACTIVATION),) * 8 + ((ACTIVATOR, CREATE_INSTANCE),) * 8 + ((ACTIVATOR, GET_CLASS_OBJECT),) * 3 +
                                     ((rpc.OTHERS[0], 0), (ACTIVATION, 1), (ACTIVATOR, 5)))
    message = Activation(interface, opnum, file_of(random))
    order = random.choice((rpc.LITTLE, rpc.LITTLE, rpc.BIG))
    if interface == ACTIVATOR:
        stub = by_properties(order, random, opnum, message.file)
    else:
        stub = remote_activation(order, random, message.file)
    call = rpc.Call(interface, 0, opnum, stub, order)
    says, port, how = rpc.dialogue(random, call, (), carriers=("tcp",), port=random.choice((135, 1025)))
    return Mutant(message, says, f"opnum {opnum} of {interface[:8]}, file {message.file!r}; {how}", port)
