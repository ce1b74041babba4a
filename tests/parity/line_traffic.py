# SPDX-License-Identifier: Apache-2.0
"""Conversations in lines (SMTP, FTP, SSH) and SMB messages around the bytes that a rule asks for."""
import base64
import re
import struct

MAIL_COMMANDS = re.compile(rb"(EHLO|HELO|MAIL|RCPT|EXPN|VRFY|BDAT|AUTH|HELP|ETRN|RSET|NOOP|QUIT|STARTTLS|X[A-Z]+|\x16)", re.I)
SMB1 = b"\xffSMB\x2b\0\0\0\0\x18\x07\xc0" + b"\0" * 12 + b"\x08\0\xff\xfe\0\x08\x41\0" + b"\0\0\0"
SMB2 = b"\xfeSMB\x40\0\0\0\0\0\0\0\x0d\0\1\0" + b"\0" * 48 + b"\4\0\0\0"


def as_line(data):
    return data if data.endswith(b"\n") else data + b"\r\n"


def mail(body):
    return [(0, b"DATA\r\n"), (1, b"354 go\r\n"), (0, body + b"\r\n.\r\n"), (1, b"250 taken\r\n")]


def mail_with_file(data):
    """The file as a base64 part of a MIME message (RFC 2045)."""
    lines = base64.b64encode(data)
    lines = b"\r\n".join(lines[at:at + 76] for at in range(0, len(lines), 76))
    return (b"From: a@a.test\r\nTo: b@b.test\r\nSubject: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n"
            b"--b1\r\nContent-Type: application/octet-stream; name=\"a.bin\"\r\nContent-Transfer-Encoding: base64\r\n"
            b"Content-Disposition: attachment; filename=\"a.bin\"\r\n\r\n" + lines + b"\r\n--b1--")


def smtp(rule, made, answer):
    payload = bytes(made["payload"][0]) if "payload" in made else b""
    greeting = [(1, b"220 m.test ESMTP\r\n")]
    hello = [(0, b"EHLO c.test\r\n"), (1, b"250 m.test\r\n")]
    envelope = [(0, b"MAIL FROM:<a@a.test>\r\n"), (1, b"250 ok\r\n"), (0, b"RCPT TO:<b@b.test>\r\n"), (1, b"250 ok\r\n")]
    if answer:
        return [(1, as_line(payload))] if payload.startswith(b"220") else greeting + [(0, b"EHLO c.test\r\n"), (1, as_line(payload))]
    if "file.data" in made:
        return greeting + hello + envelope + mail(mail_with_file(bytes(made["file.data"][0])))
    if MAIL_COMMANDS.match(payload):
        first = [] if payload[:4].upper() in (b"EHLO", b"HELO") or payload[:1] == b"\x16" else hello
        return greeting + first + [(0, as_line(payload)), (1, b"250 ok\r\n")]
    return greeting + hello + envelope + mail(payload)


def ftp(rule, made, answer):
    payload = bytes(made["payload"][0])
    greeting = [(1, b"220 f.test\r\n")]
    if answer:
        return [(1, as_line(payload))] if payload.startswith(b"220") else greeting + [(0, b"USER a\r\n"), (1, as_line(payload))]
    first = [] if payload[:4].upper() == b"USER" else [(0, b"USER a\r\n"), (1, b"331 ok\r\n")]
    return greeting + first + [(0, as_line(payload)), (1, b"200 ok\r\n")]


def ssh(rule, made, answer):
    payload = bytes(made["payload"][0]) if "payload" in made else b"SSH-2.0-" + bytes(made.get("ssh.proto", (b"", b""))[0])
    banner = b"SSH-2.0-a\r\n"
    if payload.startswith(b"SSH-"):
        return [(0, banner), (1, as_line(payload))] if answer else [(1, banner), (0, as_line(payload))]
    return [(0, banner), (1, banner), (int(answer), payload)]


def smb_template(rule):
    return b"\0\0\0\0" + (SMB2 if any(b"\xfeSMB" in step.data for step in rule.steps("payload")) else SMB1)


def smb(rule, made, answer):
    data, fixed = made["payload"]
    if not any(fixed[1:4]) or 1 not in fixed[1:4]:
        data[1:4] = struct.pack(">I", len(data) - 4)[1:]
    ask = struct.pack(">I", len(SMB1)) + SMB1
    return [(0, ask), (1, bytes(data))] if answer else [(0, bytes(data))]
