# SPDX-License-Identifier: Apache-2.0
"""HTTP requests (RFC 9112) as the generators send them."""
import gzip

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"


def request(method, target, headers=(), body=b"", version="HTTP/1.1"):
    lines = [f"{method} {target} {version}", "Host: www.example.test"] + [f"{name}: {value}" for name, value in headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body, size):
    pieces = [body[at:at + size] for at in range(0, len(body), size)] + [b""]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def percent(text, random, share=1.0):
    """Some of the bytes as %41."""
    return "".join(f"%{byte:02x}" if random.random() < share or byte > 0x7e or byte <= 0x20 else chr(byte) for byte in text.encode())


def packed(body):
    return gzip.compress(body, mtime=0)
