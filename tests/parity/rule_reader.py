# SPDX-License-Identifier: Apache-2.0
"""Reads as much of a rule as is needed to make traffic that matches it."""
import re
from dataclasses import dataclass, field


def split_options(body):
    options, current, quoted, escaped = [], "", False, False
    for c in body:
        if escaped:
            current, escaped = current + c, False
            continue
        if c == "\\":
            escaped = True
        elif c == '"':
            quoted = not quoted
        elif c == ";" and not quoted:
            options.append(current.strip())
            current = ""
            continue
        current += c
    return [option for option in options if option]


def content_bytes(text):
    """`a|0d 0a|b` as bytes."""
    out, i = bytearray(), 0
    while i < len(text):
        if text[i] == "|":
            end = text.index("|", i + 1)
            out += bytes.fromhex(text[i + 1:end].replace(" ", ""))
            i = end + 1
            continue
        if text[i] == "\\":
            i += 1
        out += text[i].encode("latin-1", "replace")
        i += 1
    return bytes(out)


@dataclass
class Step:
    kind: str                 # content, pcre, isdataat, byte_test, byte_jump, byte_extract, byte_math, bsize
    data: bytes = b""
    text: str = ""
    negated: bool = False
    modifiers: dict = field(default_factory=dict)


@dataclass
class Rule:
    text: str
    protocol: str
    source: str
    source_port: str
    dest: str
    dest_port: str
    sid: int = 0
    buffers: list = field(default_factory=list)  # of (name, [Step])
    dotted: set = field(default_factory=set)     # buffers that are looked at with a dot before them
    options: list = field(default_factory=list)  # of (name, value)

    def values(self, name):
        return [value for option, value in self.options if option == name]

    def steps(self, buffer):
        return [step for name, steps in self.buffers if name == buffer for step in steps]


MODIFIERS = {"offset", "depth", "distance", "within", "nocase", "startswith", "endswith", "fast_pattern", "rawbytes"}
STEPS = {"isdataat", "byte_test", "byte_jump", "byte_extract", "byte_math", "bsize", "base64_decode"}
STICKY = re.compile(r"(http|dns|tls|ssh|smb|file|ja3|ja3s|snmp|smtp|ftp)\.\w+|base64_data")
OLD = {"file_data": "file.data", "dns_query": "dns.query", "tls_sni": "tls.sni", "ja3_hash": "ja3.hash", "ssh_proto": "ssh.proto",
       "tls_cert_issuer": "tls.cert_issuer", "tls_cert_subject": "tls.cert_subject", "pkt_data": "payload"}
# Written behind the content that they are about; also what the letters behind a pcre say.
OLD_MODIFIERS = {"http_uri": "http.uri", "http_raw_uri": "http.uri.raw", "http_method": "http.method", "http_header": "http.header",
                 "http_raw_header": "http.header.raw", "http_cookie": "http.cookie", "http_user_agent": "http.user_agent",
                 "http_host": "http.host", "http_raw_host": "http.host.raw", "http_client_body": "http.request_body",
                 "http_server_body": "file.data", "http_stat_code": "http.stat_code", "http_stat_msg": "http.stat_msg",
                 "http_content_type": "http.content_type"}
PCRE_LETTERS = {"U": "http.uri", "I": "http.uri.raw", "P": "http.request_body", "Q": "file.data", "H": "http.header",
                "D": "http.header.raw", "M": "http.method", "C": "http.cookie", "S": "http.stat_code", "Y": "http.stat_msg",
                "V": "http.user_agent", "W": "http.host", "Z": "http.host.raw"}


def header_words(text):
    """The words before the options; lists in brackets may hold blanks."""
    return re.findall(r"!?\[[^\]]*(?:\[[^\]]*\][^\]]*)*\]|\S+", text)


class Reader:
    """Puts the options of one rule where they belong."""

    def __init__(self, rule):
        self.rule = rule
        self.use("payload")

    def use(self, name):
        self.name, self.steps = name, []
        self.rule.buffers.append((name, self.steps))

    def into(self, name, step):
        """One step of a buffer, without leaving the one that is in use."""
        self.rule.buffers.append((name, [step]))

    def content(self, value):
        self.steps.append(Step("content", content_bytes(value.lstrip("!").strip()[1:-1]), negated=value.startswith("!")))

    def pcre(self, value):
        step = Step("pcre", text=value.lstrip("!").strip()[1:-1], negated=value.startswith("!"))
        letters = [PCRE_LETTERS[letter] for letter in step.text.rsplit("/", 1)[-1] if letter in PCRE_LETTERS]
        if letters:
            self.into(letters[0], step)
        else:
            self.steps.append(step)

    def option(self, name, value, has_value):
        if not has_value and (STICKY.fullmatch(name) or name in OLD):
            self.use(OLD.get(name, name))
        elif name == "dotprefix":
            self.rule.dotted.add(self.name)
        elif name in OLD_MODIFIERS and self.steps:
            self.into(OLD_MODIFIERS[name], self.steps.pop())
        elif name == "content":
            self.content(value)
        elif name == "pcre":
            self.pcre(value)
        elif name in MODIFIERS and self.steps:
            next(step for step in reversed(self.steps) if step.kind == "content").modifiers[name] = value
        elif name in STEPS:
            self.steps.append(Step(name, text=value, negated=value.startswith("!")))
        elif name == "urilen":
            self.into("http.uri.raw" if "raw" in value else "http.uri", Step("bsize", text=value.split(",")[0]))
        elif name == "dsize":
            self.into("payload", Step("bsize", text=value))
        elif name == "sid":
            self.rule.sid = int(value)


def read_rule(line):
    start = line.index("(")
    words = header_words(line[:start])
    rule = Rule(line, words[1], words[2], words[3], words[5], words[6])
    reader = Reader(rule)
    for option in split_options(line[start + 1:line.rindex(")")]):
        name, colon, value = option.partition(":")
        name, value = name.strip(), value.strip()
        reader.option(name, value, bool(colon))
        rule.options.append((name, value))
    return rule


def read_rules(path):
    return [read_rule(line.rstrip("\n")) for line in open(path, errors="replace") if line.strip() and not line.startswith("#")]
