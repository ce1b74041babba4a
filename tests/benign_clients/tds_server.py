# SPDX-License-Identifier: Apache-2.0
"""A server that answers TDS clients as [MS-TDS] wants it, and knows no SQL: tds_server.py ADDRESS.

Debian has no SQL Server. What clients say to this one is theirs; what it says to them is ours, and proves nothing.
Every batch with `select` gets rows of one column, `nothing` an error, all others are done; the password `wrong` is refused.
"""
import re
import socketserver
import struct
import sys
import threading

SQL_BATCH, BULK_LOAD, ATTENTION, LOGIN7, PRELOGIN, ANSWER = 1, 7, 6, 16, 18, 4
END_OF_MESSAGE = 1
LARGEST = 4096
INT4, NVARCHAR = 0x38, 0xe7
COLLATION = bytes.fromhex("0904d00034")
FINAL, COUNTED, FAILED = 0, 0x10, 2


def short_text(text: str) -> bytes:
    return bytes((len(text),)) + text.encode("utf-16-le")


def token(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + struct.pack("<H", len(body)) + body


def prelogin() -> bytes:
    """Sections 2.2.6.5: version, no encryption, instance, no MARS."""
    options = ((0, bytes((16, 0, 3, 232, 0, 0))), (1, b"\2"), (2, b"\0"), (3, b""), (4, b"\0"))
    place, heads, bodies = 5 * len(options) + 1, b"", b""
    for kind, body in options:
        heads += struct.pack(">BHH", kind, place + len(bodies), len(body))
        bodies += body
    return heads + b"\xff" + bodies


class Talk:
    """Tokens (section 2.2.7), as the version that the client asked for has them."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.is_wide = version >> 24 >= 0x72  # numbers of rows and lines, user types

    def done(self, status: int = FINAL, rows: int = 0) -> bytes:
        return struct.pack("<BHHQ" if self.is_wide else "<BHHI", 0xfd, status, 0xc1 if rows else 0, rows)

    def error(self, number: int, text: str) -> bytes:
        line = struct.pack("<I" if self.is_wide else "<H", 1)
        return token(0xaa, struct.pack("<IBBH", number, 1, 14, len(text)) + text.encode("utf-16-le") + short_text("tds") +
                     short_text("") + line) + self.done(FAILED)

    def welcome(self) -> bytes:
        acknowledged = b"\1" + struct.pack(">I", self.version) + short_text("Microsoft SQL Server") + bytes((16, 0, 3, 232))
        return (token(0xe3, b"\1" + short_text("shop") + short_text("master")) + token(0xad, acknowledged) +
                token(0xe3, b"\4" + short_text(str(LARGEST)) + short_text(str(LARGEST))) + self.done())

    def columns(self, name: str, kind: int) -> bytes:
        user_type = struct.pack("<I" if self.is_wide else "<H", 0)
        width = b"" if kind == INT4 else struct.pack("<H", 400) + (COLLATION if self.version >> 24 >= 0x71 else b"")
        return struct.pack("<BH", 0x81, 1) + user_type + struct.pack("<HB", 1, kind) + width + short_text(name)

    def answer(self, sql: str) -> bytes:
        if "nothing" in sql:
            return self.error(208, "Invalid object name 'nothing'.")
        if "select" not in sql.lower():
            return self.done()
        if "@@spid" in sql:
            return self.columns("", INT4) + b"\xd1" + struct.pack("<I", 51) + self.done(COUNTED, 1)
        wanted = re.search(r"top (\d+)", sql)
        rows = 0 if "fmtonly on" in sql.lower() else int(wanted.group(1)) if wanted else 3
        texts = (f"row {number}".encode("utf-16-le") for number in range(rows))
        return (self.columns("note", NVARCHAR) + b"".join(b"\xd1" + struct.pack("<H", len(text)) + text for text in texts) +
                self.done(COUNTED, rows))


def sent_password(login: bytes) -> str:
    """Section 2.2.6.4: each byte with its halves swapped, then ^ 0xa5."""
    at, size = struct.unpack_from("<HH", login, 36 + 8)
    return bytes((byte ^ 0xa5) << 4 & 0xf0 | (byte ^ 0xa5) >> 4 for byte in login[at:at + 2 * size]).decode("utf-16-le")


class Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        talk = Talk(0x74000004)
        while message := self._message():
            kind, body = message
            if kind == PRELOGIN:
                answer = prelogin()
            elif kind == LOGIN7:
                talk = Talk(struct.unpack_from("<I", body, 4)[0])
                refused = sent_password(body) == "wrong"
                answer = talk.error(18456, "Login failed for user.") if refused else talk.welcome()
            elif kind == SQL_BATCH:
                headers = struct.unpack_from("<I", body)[0] if talk.is_wide else 0
                answer = talk.answer(body[headers:].decode("utf-16-le"))
            elif kind == BULK_LOAD:
                answer = talk.done(COUNTED, body.count(b"\xd1"))
            else:
                answer = talk.done(0x20 if kind == ATTENTION else FINAL)
            self._send(answer)

    def _exactly(self, size: int) -> bytes:
        got = b""
        while len(got) < size and (more := self.request.recv(size - len(got))):
            got += more
        return got

    def _message(self) -> tuple[int, bytes] | None:
        body, last = b"", False
        while not last:
            head = self._exactly(8)
            if len(head) < 8:
                return None
            kind, status, size = struct.unpack(">BBH", head[:4])
            body += self._exactly(size - 8)
            last = status & END_OF_MESSAGE != 0
        return kind, body

    def _send(self, body: bytes) -> None:
        pieces = [body[at:at + LARGEST - 8] for at in range(0, len(body), LARGEST - 8)]
        for number, piece in enumerate(pieces, 1):
            last = END_OF_MESSAGE if number == len(pieces) else 0
            self.request.sendall(struct.pack(">BBHHBB", ANSWER, last, len(piece) + 8, 51, number % 256, 0) + piece)


class Resolution(socketserver.BaseRequestHandler):
    """[MC-SQLR] section 2.2.5: which instances there are, and where."""

    def handle(self) -> None:
        text = b"ServerName;TDS;InstanceName;MSSQLSERVER;IsClustered;No;Version;16.0.1000.6;tcp;1433;;"
        self.request[1].sendto(b"\5" + struct.pack("<H", len(text)) + text, self.client_address)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    threading.Thread(target=socketserver.UDPServer((sys.argv[1], 1434), Resolution).serve_forever, daemon=True).start()
    Server((sys.argv[1], 1433), Connection).serve_forever()
