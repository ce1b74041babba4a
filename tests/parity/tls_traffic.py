# SPDX-License-Identifier: Apache-2.0
"""TLS handshakes (RFC 5246) with the name, the certificate or the version that a rule asks for."""
import re
import struct

ATTRIBUTES = {"C": "550406", "ST": "550408", "L": "550407", "O": "55040a", "OU": "55040b", "CN": "550403", "SN": "550404",
              "STREET": "550409", "emailAddress": "2a864886f70d010901", "DC": "0992268993f22c640119", "UID": "0992268993f22c640101"}
VERSIONS = {"1.0": 0x0301, "1.1": 0x0302, "1.2": 0x0303, "1.3": 0x0304}
SHA256_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")


def der(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    head = bytes([size]) if size < 128 else b"\x81" + bytes([size]) if size < 256 else b"\x82" + struct.pack(">H", size)
    return bytes([tag]) + head + body


def distinguished_name(text):
    """`C=US, O=Example, CN=a` as DER; what comes without a key belongs to the value before it, or is a common name."""
    pairs = []
    for part in re.split(r"(?:, ?|/)(?=(?:%s)=)" % "|".join(ATTRIBUTES), text):
        key, _, value = part.partition("=")
        pairs.append((key, value) if key in ATTRIBUTES else ("CN", part))
    return der(0x30, *(der(0x31, der(0x30, der(0x06, bytes.fromhex(ATTRIBUTES[key])), der(0x0c if key != "emailAddress" else 0x16, value.encode("latin-1"))))
                       for key, value in pairs))


def certificate(subject="CN=a.test", issuer="CN=b.test", serial=b"\x01\x02", inner=b""):
    """A certificate (RFC 5280) that nobody signed; `inner` is the value of an extension that nobody knows."""
    validity = der(0x30, der(0x17, b"250101000000Z"), der(0x17, b"350101000000Z"))
    key = der(0x30, bytes.fromhex("300d06092a864886f70d0101010500"), der(0x03, b"\0" + der(0x30, der(0x02, b"\x55" * 64), der(0x02, b"\1\0\1"))))
    extension = der(0xa3, der(0x30, der(0x30, der(0x06, bytes.fromhex("2b060104018d1f0101")), der(0x04, inner)))) if inner else b""
    body = der(0x30, der(0xa0, der(0x02, b"\2")), der(0x02, serial), SHA256_RSA, distinguished_name(issuer), validity,
               distinguished_name(subject), key, extension)
    return der(0x30, body, SHA256_RSA, der(0x03, b"\0" + b"\x77" * 64))


def record(kind, body, version=0x0301):
    return b"".join(struct.pack(">BHH", kind, version, len(body[at:at + 16384])) + body[at:at + 16384] for at in range(0, len(body), 16384))


def handshake(kind, body):
    return bytes([kind]) + struct.pack(">I", len(body))[1:] + body


def client_hello(name=b"a.test", version=0x0303, extra=b""):
    server_name = struct.pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name if name else b""
    versions = b"\0\x2b\0\3\2\3\4" if version == 0x0304 else b""
    filling = struct.pack(">HH", 0xfafa, len(extra)) + extra if extra else b""
    extensions = server_name + bytes.fromhex("000a00040002001d") + versions + filling
    body = struct.pack(">H", min(version, 0x0303)) + b"\x11" * 32 + b"\0" + bytes.fromhex("0004c02f002f") + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
    return record(22, handshake(1, body))


def server_hello(version=0x0303):
    extensions = b"\0\x2b\0\2\3\4" if version == 0x0304 else bytes.fromhex("ff01000100")
    body = struct.pack(">H", min(version, 0x0303)) + b"\x22" * 32 + b"\0" + bytes.fromhex("c02f00") + struct.pack(">H", len(extensions)) + extensions
    return record(22, handshake(2, body), min(version, 0x0303))


def server_certificate(data, version=0x0303):
    chain = struct.pack(">I", len(data))[1:] + data
    return record(22, handshake(11, struct.pack(">I", len(chain))[1:] + chain), min(version, 0x0303)) + \
        record(22, handshake(14, b""), min(version, 0x0303))


def text_of(made, name, fallback):
    return bytes(made[name][0]).decode("latin-1") if name in made else fallback


def hello_name(rule, made):
    name = bytes(made["tls.sni"][0]) if "tls.sni" in made else b"a.test"
    return name[1:] if "tls.sni" in rule.dotted and name.startswith(b".") else name


def messages(rule, made, answer):
    version = next((VERSIONS[value] for value in rule.values("tls.version") if value in VERSIONS), 0x0303)
    payload = bytes(made["payload"][0]) if "payload" in made else b""
    hello = client_hello(hello_name(rule, made), version)
    if payload and not answer:
        return [(0, payload if payload[:1] == b"\x16" else client_hello(b"a.test", version, payload))]
    if payload:
        return [(0, hello), (1, payload if payload[:1] in (b"\x15", b"\x16") else server_hello(version) + record(23, payload, 0x0303))]
    serial = re.sub(r"[^0-9A-Fa-f]", "", text_of(made, "tls.cert_serial", "0102"))
    data = certificate(text_of(made, "tls.cert_subject", "CN=a.test"), text_of(made, "tls.cert_issuer", "CN=b.test"),
                       bytes.fromhex(serial[:len(serial) // 2 * 2]), bytes(made["tls.certs"][0]) if "tls.certs" in made else b"")
    return [(0, hello), (1, server_hello(version) + (server_certificate(data, version) if version < 0x0304 else b""))]
