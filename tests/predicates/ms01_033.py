# SPDX-License-Identifier: Apache-2.0
"""MS01-033: requests that IIS hands to idq.dll."""
import dataclasses

import web
from mutant import CLIENT, EITHER, HOLE, SAFE, SERVER, Mutant, any_case, around, name

TRANSPORT = "tcp"
OURS = 200              # stated in the patch's checks
PLACE = 240             # eEye AD20010618: "approximately 240 bytes"
WORDS = ("CiRestriction", "CiMaxRecordsPerPage", "CiScope", "TemplateName", "HTMLQueryForm")


@dataclasses.dataclass
class Request:
    """The path after IIS has decoded it, and the query in characters (%41 and %u9090 are one each)."""
    path: str
    query: list         # (name, value or None)


def is_handed_to_idq(path):
    """IIS looks for the first part of a path whose extension has a handler; the parts behind it are PATH_INFO."""
    return any(part.lower().endswith((".ida", ".idq")) for part in path.split("/"))


def verdict(message, moved=0):
    """MS01-033, and eEye AD20010618 as patch.yaml quotes it: the handler of .ida and .idq copies the variables of a query to a place of about
    240 characters without looking at their length. eEye names the variable's name; for a value we do not know, nor
    for what lies between our own limit and 240.
    """
    if not is_handed_to_idq(message.path):
        return SAFE
    longest_name = max(len(name) for name, _ in message.query)
    longest = max([longest_name] + [len(value or "") for _, value in message.query])
    if longest <= OURS + moved:
        return SAFE
    return HOLE if longest_name >= PLACE + 8 else EITHER


def path_of(random):
    extension = any_case(random, random.choice((".ida", ".idq")))
    paths = ["/default" + extension, "/scripts/samples/search/query" + extension, "/" + extension,
             "/null" + extension + "/more/info", "/a.b" + extension]
    others = ["/default.idc", "/x.ida.html", "/x.idaa", "/ida", "/x_ida", "/search.htw", "/xida/index.html", "/x.id/a"]
    return random.choice(paths * 8 + others)


def query_of(random):
    parts = []
    for _ in range(random.choice((1, 1, 2, 6))):
        size = around(random, OURS, PLACE + 8, most=2000) if random.random() < 0.7 else random.randrange(40)
        long_name = random.random() < 0.85
        word, value = name(random, size, "NX") if long_name else random.choice(WORDS), name(random, 5 if long_name else size, "abc")
        parts.append((word, value if random.random() < 0.8 else None))
    return parts


def sent(random, text):
    """Characters in one of the forms that IIS decodes."""
    share = random.choice((0, 0, 0.1, 1))
    return "".join((f"%{ord(c):02x}" if random.random() < 0.7 else f"%u{ord(c):04x}") if random.random() < share else c for c in text)


def mutant(random):
    request = Request(path_of(random), query_of(random))
    path = web.percent(request.path, random, random.choice((0, 0, 0.1, 1))).replace("%2f", "/")
    if random.random() < 0.15:
        path = path.replace(".", "%u002e").replace("d", "%u0064")
    query = "&".join(sent(random, word) + ("" if value is None else "=" + value) for word, value in request.query)
    target = random.choice(("", "", "", "http://www.example.test")) + path + "?" + query
    method = random.choice(("GET", "GET", "POST", "HEAD"))
    version = random.choice(("HTTP/1.0", "HTTP/1.1"))
    says = [(CLIENT, web.request(method, target, version=version, body=b"a=b" if method == "POST" else b""))]
    if random.random() < 0.2:
        says = [(CLIENT, web.request("GET", "/index.html?" + "n" * 300)), (SERVER, web.ANSWER)] + says
    lengths = [(len(word), len(value or "")) for word, value in request.query]
    return Mutant(request, says, f"{method} {path} with a query of {lengths}", random.choice((80, 8080)))
