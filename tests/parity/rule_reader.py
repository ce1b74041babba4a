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
    options: list = field(default_factory=list)  # of (name, value)

    def values(self, name):
        return [value for option, value in self.options if option == name]

    def steps(self, buffer):
        return [step for name, steps in self.buffers if name == buffer for step in steps]


MODIFIERS = {"offset", "depth", "distance", "within", "nocase", "startswith", "endswith", "fast_pattern", "rawbytes"}
STEPS = {"isdataat", "byte_test", "byte_jump", "byte_extract", "byte_math", "bsize"}


def header_words(text):
    """The words before the options; lists in brackets may hold blanks."""
    return re.findall(r"!?\[[^\]]*(?:\[[^\]]*\][^\]]*)*\]|\S+", text)


def read_rule(line):
    start = line.index("(")
    words = header_words(line[:start])
    rule = Rule(line, words[1], words[2], words[3], words[5], words[6])
    steps = []
    rule.buffers.append(("payload", steps))
    for option in split_options(line[start + 1:line.rindex(")")]):
        name, _, value = option.partition(":")
        name, value = name.strip(), value.strip()
        if name.startswith("http.") and not _:
            steps = []
            rule.buffers.append((name, steps))
        elif name == "content":
            negated = value.startswith("!")
            steps.append(Step("content", content_bytes(value.lstrip("!").strip()[1:-1]), negated=negated))
        elif name == "pcre":
            negated = value.startswith("!")
            steps.append(Step("pcre", text=value.lstrip("!").strip()[1:-1], negated=negated))
        elif name in MODIFIERS and steps:
            next(step for step in reversed(steps) if step.kind == "content").modifiers[name] = value
        elif name in STEPS:
            steps.append(Step(name, text=value, negated=value.startswith("!")))
        elif name == "sid":
            rule.sid = int(value)
        rule.options.append((name, value))
    return rule


def read_rules(path):
    return [read_rule(line.rstrip("\n")) for line in open(path, errors="replace") if line.strip() and not line.startswith("#")]
