# SPDX-License-Identifier: Apache-2.0
"""The shapes of requests whose reading differs between servers: (name, bytes). @ stands for the resource."""

HEAD = b"POST @ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BODY = b"5\r\nabcde\r\n0\r\n\r\n"


def get(target):
    return b"GET " + target + b" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


def with_headers(headers, body=BODY):
    return HEAD + headers + b"\r\n" + body


FRAMING = [
    ("plain", with_headers(b"Content-Length: 5\r\n", b"abcde")),
    ("chunked", CHUNKED + BODY),
    ("line feeds only", CHUNKED.replace(b"\r\n", b"\n") + b"5\r\nabcde\r\n0\r\n\r\n"),
    ("chunk lines end in line feeds", CHUNKED + b"5\nabcde\n0\n\n"),
    ("chunk extension", CHUNKED + b"5;a=b\r\nabcde\r\n0\r\n\r\n"),
    ("line feed in chunk extension", CHUNKED + b"5;a\nabcde\r\n0\r\n\r\n"),
    ("lone return in chunk extension", CHUNKED + b"5;a\rb\r\nabcde\r\n0\r\n\r\n"),
    ("lone return after chunk size", CHUNKED + b"5\rabcde\r\n0\r\n\r\n"),
    ("blank before chunk size", CHUNKED + b" 5\r\nabcde\r\n0\r\n\r\n"),
    ("blank after chunk size", CHUNKED + b"5 \r\nabcde\r\n0\r\n\r\n"),
    ("zeros before chunk size", CHUNKED + b"000000000000000000005\r\nabcde\r\n0\r\n\r\n"),
    ("0x before chunk size", CHUNKED + b"0x5\r\nabcde\r\n0\r\n\r\n"),
    ("plus before chunk size", CHUNKED + b"+5\r\nabcde\r\n0\r\n\r\n"),
    ("minus before chunk size", CHUNKED + b"-5\r\nabcde\r\n0\r\n\r\n"),
    ("letters after chunk size", CHUNKED + b"5zz\r\nabcde\r\n0\r\n\r\n"),
    ("chunk size of 33 bits", CHUNKED + b"100000005\r\nabcde\r\n0\r\n\r\n"),
    ("chunk size of 65 bits", CHUNKED + b"10000000000000005\r\nabcde\r\n0\r\n\r\n"),
    ("empty line before chunk size", CHUNKED + b"\r\n5\r\nabcde\r\n0\r\n\r\n"),
    ("no line end after chunk", CHUNKED + b"5\r\nabcde0\r\n\r\n"),
    ("bytes after chunk", CHUNKED + b"5\r\nabcdeXX\r\n0\r\n\r\n"),
    ("trailer", CHUNKED + b"5\r\nabcde\r\n0\r\nX: y\r\n\r\n"),
    ("folded header", HEAD + b"X: a\r\n b\r\nContent-Length: 5\r\n\r\nabcde"),
    ("folded coding", HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n" + BODY),
    ("folded first line", b"POST @ HTTP/1.1\r\n X: a\r\nHost: h\r\nConnection: close\r\nContent-Length: 5\r\n\r\nabcde"),
    ("blank before colon", with_headers(b"Transfer-Encoding : chunked\r\n")),
    ("tab before colon", with_headers(b"Transfer-Encoding\t: chunked\r\n")),
    ("blank before colon of length", with_headers(b"Content-Length : 5\r\n", b"abcde")),
    ("NUL in header", with_headers(b"X: a\0b\r\nContent-Length: 5\r\n", b"abcde")),
    ("NUL in name", with_headers(b"X\0: a\r\nContent-Length: 5\r\n", b"abcde")),
    ("lone return in header", with_headers(b"X: a\rb\r\nContent-Length: 5\r\n", b"abcde")),
    ("no colon", with_headers(b"nocolon\r\nContent-Length: 5\r\n", b"abcde")),
    ("chunked and length", with_headers(b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")),
    ("equal lengths", with_headers(b"Content-Length: 5\r\nContent-Length: 5\r\n", b"abcde")),
    ("different lengths", with_headers(b"Content-Length: 3\r\nContent-Length: 5\r\n", b"abcde")),
    ("length list", with_headers(b"Content-Length: 5, 5\r\n", b"abcde")),
    ("length with plus", with_headers(b"Content-Length: +5\r\n", b"abcde")),
    ("length with minus", with_headers(b"Content-Length: -5\r\n", b"abcde")),
    ("length in hexadecimal", with_headers(b"Content-Length: 0x5\r\n", b"abcde")),
    ("length with letters", with_headers(b"Content-Length: 5x\r\n", b"abcde")),
    ("length overflows", with_headers(b"Content-Length: 99999999999999999999999\r\n", b"abcde")),
    ("empty length", with_headers(b"Content-Length:\r\n", b"")),
    ("xchunked", with_headers(b"Transfer-Encoding: xchunked\r\n")),
    ("chunked, identity", with_headers(b"Transfer-Encoding: chunked, identity\r\n")),
    ("identity, chunked", with_headers(b"Transfer-Encoding: identity, chunked\r\n")),
    ("chunked twice", with_headers(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
    ("chunked and identity lines", with_headers(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")),
    ("gzip, chunked", with_headers(b"Transfer-Encoding: gzip, chunked\r\n")),
    ("identity alone", with_headers(b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n", b"abcde")),
    ("quoted chunked", with_headers(b'Transfer-Encoding: "chunked"\r\n')),
    ("CHUNKED", with_headers(b"Transfer-Encoding: CHUNKED\r\n")),
    ("tab before chunked", with_headers(b"Transfer-Encoding:\tchunked\r\n")),
    ("vertical tab before chunked", with_headers(b"Transfer-Encoding: \x0bchunked\r\n")),
    ("vertical tab after chunked", with_headers(b"Transfer-Encoding: chunked\x0b\r\n")),
    ("form feed before chunked", with_headers(b"Transfer-Encoding: \x0cchunked\r\n")),
    ("NUL after chunked", with_headers(b"Transfer-Encoding: chunked\0\r\n")),
    ("parameter of chunked", with_headers(b"Transfer-Encoding: chunked;a=b\r\n")),
    ("chunked in 1.0", (HEAD + b"Transfer-Encoding: chunked\r\n\r\n").replace(b"1.1", b"1.0") + BODY),
    ("underscore for hyphen", with_headers(b"Transfer_Encoding: chunked\r\nContent-Length: 5\r\n", b"abcde")),
    ("length in GET", b"GET @ HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5\r\n\r\nabcde"),
    ("0.9", b"GET @\r\n"),
    ("lower case method", get(b"@").replace(b"GET", b"get")),
    ("unknown method", get(b"@").replace(b"GET", b"FOO")),
    ("blank before method", b" " + get(b"@")),
    ("empty lines before", b"\r\n\r\n" + get(b"@")),
    ("tabs in request line", get(b"@").replace(b"GET @ ", b"GET\t@\t")),
    ("many blanks in request line", get(b"@").replace(b"GET @ ", b"GET  @  ")),
    ("version 1.2", get(b"@").replace(b"1.1", b"1.2")),
    ("version 2.0", get(b"@").replace(b"1.1", b"2.0")),
    ("version 01.1", get(b"@").replace(b"1.1", b"01.1")),
    ("lower case version", get(b"@").replace(b"HTTP/", b"http/")),
    ("two hosts", b"GET @ HTTP/1.1\r\nHost: h\r\nHost: i\r\nConnection: close\r\n\r\n"),
    ("absolute with another host", b"GET http://first@ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
    ("no host", b"GET @ HTTP/1.1\r\nConnection: close\r\n\r\n"),
    ("expectation", HEAD + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nabcde"),
]

TARGETS = [
    b"/a/", b"/a/b/../", b"//a//", b"/a/./", b"/../a/", b"/x/..%2fa/", b"/%61/", b"/%2561/", b"/%u0061/", b"/a%5c", b"/a\\",
    b"\\a\\", b"/x/..%c0%afa/", b"/a%00", b"/a%00/", b"/a;x/", b"/a/;x", b"/x;y/../a/", b"/..;/a/", b"/a./", b"/a%20/", b"/a /",
    b"/A/", b"/a/#x", b"/a/?x#y", b"/a/%zz", b"/a/%", b"/a/?%zz", b"/a/\x01", b"/a/?\x01", b"/a/?a=1&a=2", b"/a/\xc3\xa9",
    b"http://h/a/", b"HTTP://h/a/", b"a/", b"*", b"/a/index.html::$DATA", b"/a/index.html%20", b"/a/index.html.", b"/a%2f",
]
