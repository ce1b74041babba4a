# SPDX-License-Identifier: Apache-2.0
"""HTTP messages whose buffers hold what a rule asks for."""
import re

from wanted_bytes import FIXED

NAMES = {"http.host": "Host", "http.host.raw": "Host", "http.user_agent": "User-Agent", "http.cookie": "Cookie",
         "http.referer": "Referer", "http.content_type": "Content-Type", "http.accept": "Accept",
         "http.accept_enc": "Accept-Encoding", "http.accept_lang": "Accept-Language", "http.connection": "Connection",
         "http.server": "Server", "http.location": "Location", "http.content_len": "Content-Length"}
TEMPLATES = {"http.uri": b"/", "http.uri.raw": b"/"}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
ASK = b"GET / HTTP/1.1\r\nHost: h.example\r\n\r\n"


def uri_text(rule, wanted, fixed):
    """As it stands on the request line: what cannot stand there is encoded."""
    text = bytearray(wanted or b"/")
    if text[:1] != b"/" and not (fixed and fixed[0] == FIXED):
        text[0] = ord("/")
    anchored = any(step.modifiers.keys() & {"startswith", "depth", "offset"} for step in rule.steps("http.uri"))
    if text[:1] != b"/" and not anchored and not text.startswith(b"http://"):
        text[:0] = b"/"
    return b"".join(bytes([c]) if 0x21 <= c <= 0x7e and c not in b"%" else b"%%%02x" % c for c in text)


def bare(data):
    """A value for one header line."""
    return bytes(data).replace(b"\r\n", b"").replace(b"\n", b"").replace(b"\r", b"")


def value_of(data):
    """Blanks around a value do not belong to it: one that begins or ends so gets a letter."""
    value = bare(data)
    return (b"a" if value[:1] in (b" ", b"\t") else b"") + value + (b"a" if value[-1:] in (b" ", b"\t") else b"")


def header_lines(rule, made, default, answer):
    """Lines in the order that http.header_names asks for, with the values that the other buffers ask for."""
    names = dict(NAMES, **({"http.cookie": "Set-Cookie"} if answer else {}))
    values = {names[name].lower(): (names[name].encode(), value_of(data)) for name, (data, _) in made.items() if name in names}
    denied = [step.data.strip(b"\r\n").lower() for step in rule.steps("http.header_names") if step.negated]
    for name, value in default:
        if name.lower().encode() not in denied:
            values.setdefault(name.lower(), (name.encode(), value))
    lines = []
    for name in bytes(made["http.header_names"][0]).split(b"\r\n") if "http.header_names" in made else []:
        known = values.pop(name.decode("latin-1").lower(), None)
        if name:
            lines.append(name + b": " + (known[1] if known else b"1"))
    block = b"".join(bytes(made[name][0]) for name in ("http.header", "http.header.raw") if name in made)
    if block:
        if b":" not in block.split(b"\r\n")[0]:
            block = b"X-Fill: " + block
        lines += [line for line in block.split(b"\r\n") if line]
    present = {line.split(b":")[0].lower() for line in lines}
    lines += [name + b": " + value for name, value in values.values() if name.lower() not in present]
    return lines


def finish(start, lines, body, made):
    if "http.content_len" in made and bytes(made["http.content_len"][0]).isdigit():
        body = body.ljust(min(int(bytes(made["http.content_len"][0])), 60000), b"a")
    lines = [b"Content-Length: %d" % len(body) if line.lower() == b"content-length: 1" else line for line in lines]
    if body and not any(line.lower().startswith((b"content-length:", b"transfer-encoding:")) for line in lines):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([start, *lines, b"", b""]) + body


def start_line(rule, made, body):
    method = bare(made["http.method"][0]) if "http.method" in made else (b"POST" if body else b"GET")
    if "http.uri.raw" in made and "http.uri" not in made:
        uri = bytes(made["http.uri.raw"][0])
    else:
        uri = uri_text(rule, *made.get("http.uri", (b"/", b"\0")))
    return method + b" " + uri + b" " + (bare(made["http.protocol"][0]) if "http.protocol" in made else b"HTTP/1.1")


def whole_line(text):
    """A request line that holds `text`."""
    if not re.match(rb"[A-Z]+ ", text):
        text = b"GET /" + text
    return text if b" HTTP/1." in text else text + (b"/1.1" if text.endswith(b" HTTP") else b" HTTP/1.1")


def request_of(rule, made):
    body = b"".join(bytes(made[name][0]) for name in ("http.request_body", "file.data") if name in made)
    start, first = start_line(rule, made, body), []
    if "http.request_line" in made:
        start = whole_line(bare(made["http.request_line"][0]))
    if "http.start" in made:
        text, *first = bytes(made["http.start"][0]).split(b"\r\n")
        start = whole_line(text)
    present = {line.split(b":")[0].lower() for line in first}
    lines = [line for line in first if line]
    lines += [line for line in header_lines(rule, made, [("Host", b"h.example")], False) if line.split(b":")[0].lower() not in present]
    return finish(start, lines, body, made)


def response_of(rule, made):
    body = b"".join(bytes(made[name][0]) for name in ("http.response_body", "file.data") if name in made)
    code = bare(made["http.stat_code"][0]) if "http.stat_code" in made else b"200"
    start = b"HTTP/1.1 " + code + b" " + (bare(made["http.stat_msg"][0]) if "http.stat_msg" in made else b"OK")
    if "http.response_line" in made:
        start = bare(made["http.response_line"][0])
    if "http.start" in made:
        start = bare(made["http.start"][0])
    return finish(start, header_lines(rule, made, [] if body else [("Content-Length", b"0")], True), body, made)


def messages(rule, made, answer):
    payload = bytes(made["payload"][0]) if "payload" in made else b""
    if payload and payload.startswith((b"GET ", b"POST ", b"HTTP/1.")):
        whole = payload if b"\r\n\r\n" in payload else payload + (b"\r\n" if b"\r\n" in payload else b" HTTP/1.1\r\nHost: h.example\r\n") + b"\r\n"
        return [(0, ASK), (1, whole)] if answer else [(0, whole), (1, OK)]
    if payload:
        # Raw bytes of a rule that also names parts of a message: they are in its body.
        name = "http.response_body" if answer else "http.request_body"
        known = bytes(made[name][0]) if name in made else b""
        made = dict(made, **{name: (known + payload, b"")})
    return [(0, ASK), (1, response_of(rule, made))] if answer else [(0, request_of(rule, made)), (1, OK)]
