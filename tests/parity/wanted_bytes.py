# SPDX-License-Identifier: Apache-2.0
"""Bytes that the steps of one buffer ought to match: each content at the first place its modifiers allow."""
import re
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sre_parse

FILLER = ord("a")


class Cannot(Exception):
    """No such bytes are found."""


def example(pattern, ignore_case):
    """A string that a regular expression matches, as short as it may be."""
    flags = re.S | (re.I if ignore_case else 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = sre_parse.parse(pattern, flags)
    except Exception as error:
        raise Cannot(str(error)) from error
    groups = {}
    return bytes(_of(tree, groups))


def _of(tree, groups):
    out = bytearray()
    for kind, value in tree:
        name = str(kind)
        if name == "LITERAL":
            out.append(value & 0xff)
        elif name == "NOT_LITERAL":
            out.append(next(c for c in b"ab0" if c != value))
        elif name == "ANY":
            out.append(FILLER)
        elif name == "IN":
            out.append(_member(value))
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, _, inner = value
            for _ in range(min(low, 4000)):
                out += _of(inner, groups)
        elif name == "BRANCH":
            out += _of(value[1][0], groups)
        elif name == "SUBPATTERN":
            text = _of(value[3], groups)
            groups[value[0]] = text
            out += text
        elif name == "ATOMIC_GROUP":
            out += _of(value, groups)
        elif name == "GROUPREF":
            out += groups.get(value, b"")
        elif name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        else:
            raise Cannot(name)
    return out


def _member(items):
    negate = str(items[0][0]) == "NEGATE"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for candidate in b"aA0 b-_/.=\r\n\t" + bytes(range(256)):
            if any(_holds(kind, value, candidate) for kind, value in items if str(kind) != "NEGATE") != negate:
                return candidate
    raise Cannot("empty class")


def _holds(kind, value, candidate):
    name = str(kind)
    if name == "LITERAL":
        return candidate == value
    if name == "RANGE":
        return value[0] <= candidate <= value[1]
    category = {"CATEGORY_DIGIT": rb"\d", "CATEGORY_NOT_DIGIT": rb"\D", "CATEGORY_SPACE": rb"\s",
                "CATEGORY_NOT_SPACE": rb"\S", "CATEGORY_WORD": rb"\w", "CATEGORY_NOT_WORD": rb"\W"}[str(value)]
    return re.match(category, bytes([candidate])) is not None


def number(text):
    return int(text, 0) if re.fullmatch(r"-?(0x[0-9a-fA-F]+|\d+)", text.strip()) else 0


FREE, FIXED, SOFT = 0, 1, 2


class Placement:
    """A buffer under construction: bytes that are fixed, filler between them, and a template that gives way."""

    def __init__(self, template=b"", size=None, apart=b""):
        self.bytes = bytearray(template)
        self.fixed = bytearray([SOFT]) * len(template)
        self.cursor = 0
        self.size = size
        self.apart = apart
        if size is not None:
            self.grow(size)

    def grow(self, size):
        if size > 70000:
            raise Cannot("too large")
        more = size - len(self.bytes)
        if more > 0:
            self.bytes += bytes([FILLER]) * more
            self.fixed += bytes(more)

    def fits(self, at, data, held):
        return all(at + i >= len(self.bytes) or self.fixed[at + i] not in held or self.bytes[at + i] == c for i, c in enumerate(data))

    def put(self, first, last, data, only_at_end=False):
        if only_at_end:
            first = max(first, len(self.bytes) - len(data))
        for held, apart in (((FIXED, SOFT), self.apart), ((FIXED, SOFT), b""), ((FIXED,), b"")):
            for at in range(max(first, 0), last - len(data) + 1):
                if self.fits(at, data, held) and not (apart and at and data[:1] == self.bytes[at - 1:at] == apart):
                    self.grow(at + len(data))
                    self.bytes[at:at + len(data)] = data
                    self.fixed[at:at + len(data)] = bytes([FIXED]) * len(data)
                    self.cursor = at + len(data)
                    return
        raise Cannot("no place")

    def behind(self, data):
        """Where a content without a place of its own goes: behind what is there, so that what came earlier stays where it is."""
        if bytes(data) in self.bytes or self.size is not None or FIXED not in self.fixed:
            return 0
        return len(self.bytes)

    def content(self, step):
        has = step.modifiers
        relative = "distance" in has or "within" in has
        base = self.cursor if relative else 0
        first = base + number(has.get("distance", has.get("offset", "0")))
        if not relative and not has.keys() & {"offset", "depth", "startswith"}:
            first = self.behind(step.data)
        span = has.get("within", has.get("depth"))
        last = (base if relative and "distance" not in has else first) + number(span) if span is not None else first + 70000
        if "startswith" in has:
            first, last = 0, len(step.data)
        self.put(first, last, step.data, "endswith" in has)

    def pcre(self, step):
        _, pattern, flags = re.split(r"(?<!\\)/", "x" + step.text, maxsplit=1)[0], *step.text[1:].rsplit("/", 1)
        text = example(pattern.replace("\\/", "/"), "i" in flags)
        relative = "R" in flags
        anchored = pattern.startswith("^") or pattern.startswith("(?:^")
        if not relative:
            try:
                if re.search(pattern.encode("latin-1"), bytes(self.bytes), re.S | (re.I if "i" in flags else 0)):
                    return
            except re.error:
                pass
        first = self.cursor if relative else (0 if anchored else self.behind(text))
        self.put(first, first + len(text) + (0 if anchored else 4000), text)

    def read_number(self, step):
        words = [word.strip() for word in step.text.split(",")]
        relative = "relative" in words
        little, text = "little" in words, "string" in words
        if step.kind == "byte_test":
            size, operator, value, offset = number(words[0]) or 1, words[1], number(words[2]), number(words[3])
            wanted = {"<": value - 1, ">": value + 1, "=": value, "<=": value, ">=": value, "&": value, "^": ~value}.get(operator.lstrip("!"), 0)
            if operator.startswith("!"):
                wanted = 0 if operator == "!&" else value + 1
        elif step.kind == "byte_math":
            return
        else:
            size, offset, wanted = number(words[0]) or 1, number(words[1]), 0
        at = (self.cursor if relative else 0) + offset
        if at < 0 or wanted < 0 or size > 32:
            raise Cannot("number")
        data = str(wanted).rjust(size, "0").encode() if text else (wanted & (256 ** size - 1)).to_bytes(size, "little" if little else "big")
        cursor = self.cursor
        try:
            self.put(at, at + size, data)
        except Cannot:
            self.grow(at + size)
        self.cursor = at + size if step.kind in ("byte_jump", "byte_extract") else cursor

    def data_at(self, step):
        words = [word.strip() for word in step.text.lstrip("!").split(",")]
        if not step.negated:
            self.grow((self.cursor if "relative" in words else 0) + number(words[0]) + 1)



def size_of(text):
    """A size that `text` (10, >10, <10, 5<>10) allows."""
    low = re.match(r"[<>=!]*\s*(\d+)", text)
    return max((int(low[1]) if low else 0) + (text.startswith((">", "!")) or "<>" in text) - (text.startswith("<") and not text.startswith("<=")), 0)


def build(steps, template=b"", apart=b""):
    """The bytes for a list of steps, and which of them are meant; Cannot is raised where no place is found.

    `apart` is a byte that does not stand twice in a row if that can be helped: a path's `//` is one slash to a server.
    """
    sizes = [size_of(step.text) for step in steps if step.kind == "bsize"]
    at = Placement(template, max(sizes) if sizes else None, apart)
    for step in steps:
        if step.kind == "content" and not step.negated:
            at.content(step)
        elif step.kind == "pcre" and not step.negated:
            at.pcre(step)
        elif step.kind == "isdataat":
            at.data_at(step)
        elif step.kind.startswith("byte_"):
            at.read_number(step)
    return at.bytes, at.fixed
