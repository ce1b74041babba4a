#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks real servers how they read odd requests: what docs/http.md says of nginx and Apache was seen with this.

Starts nginx and Apache on loopback under a temporary folder, sends each shape of shapes.py to both, and prints a row for
each: the status, and what reached the application. A server that is not installed is skipped."""

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import shapes

NGINX, APACHE, SINK = 18480, 18481, 18482
MODULES = "/usr/lib/apache2/modules"
GIVEN = re.compile(rb"\(.*?b(['\"]).*\1\)")

ECHO = """#!/usr/bin/python3
import os, sys
body = sys.stdin.buffer.read()
out = repr((os.environ.get("PATH_INFO"), os.environ.get("QUERY_STRING"), os.environ.get("HTTP_HOST"), body)).encode()
sys.stdout.buffer.write(b"Content-Type: text/plain\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(out) + out)
"""


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
    os.chmod(path, mode)


def start_nginx(folder):
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    write(f"{folder}/nginx.conf", f"""
user root; daemon off; worker_processes 1; pid {folder}/nginx.pid; events {{ worker_connections 64; }}
http {{ access_log off; {temporary}
  server {{ listen 127.0.0.1:{NGINX}; root {folder}/root;
    location = /echo {{ proxy_pass http://127.0.0.1:{SINK}/; }}
    location / {{ add_header X-Read "$uri" always; }} }} }}""")
    return subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/nginx.log"])


def start_apache(folder):
    modules = ["mpm_event", "authz_core", "dir", "cgid", "alias"]
    load = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in modules)
    write(f"{folder}/cgi/echo", ECHO, 0o755)
    write(f"{folder}/httpd.conf", f"""
ServerRoot {folder}
ServerName localhost
Listen 127.0.0.1:{APACHE}
PidFile {folder}/apache.pid
ErrorLog {folder}/apache.log
{load}
ScriptSock {folder}/cgi.socket
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
DocumentRoot {folder}/root
ScriptAlias /echo {folder}/cgi/echo
User nobody
Group nogroup
<Directory {folder}>
Require all granted
DirectoryIndex index.html
</Directory>""")
    return subprocess.Popen(["apache2", "-f", f"{folder}/httpd.conf", "-DFOREGROUND"])


def receive(connection):
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except OSError:
        pass
    return data


def sink(listener):
    """The application behind nginx: answers with what it was given."""
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(0.3)
            head, _, body = receive(connection).partition(b"\r\n\r\n")
            host = [line[6:].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"host: ")]
            out = repr(("", "", ",".join(host), body)).encode()
            try:
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + out)
            except OSError:
                pass


def ask(port, request):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(1)
        connection.sendall(request)
        return receive(connection)


def said(answer):
    """The status, and of what reached the application the body; else the path as the server says it read it."""
    head, _, rest = answer.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        head, _, rest = rest.partition(b"\r\n\r\n")
    if not answer:
        return "silent"
    status = head.split(b" ")[1].decode() if head.startswith(b"HTTP/") else "0.9"
    if (given := GIVEN.search(rest or answer)) is not None:
        return f"{status} {ast.literal_eval(given[0].decode())[3]!r}"
    read = [line[8:].decode("latin-1") for line in head.split(b"\r\n") if line.startswith(b"X-Read: ")]
    return " ".join([status, *read])


def compare():
    for name, request in shapes.FRAMING:
        request = request.replace(b"@", b"/echo")
        print(f"{name}\t{said(ask(NGINX, request))}\t{said(ask(APACHE, request))}")
    for target in shapes.TARGETS:
        request = shapes.get(target)
        print(f"{target!r}\t{said(ask(NGINX, request))}\t{said(ask(APACHE, request))}")


def main():
    missing = [program for program in ("nginx", "apache2") if shutil.which(program) is None]
    if missing:
        print("skipped: not installed:", ", ".join(missing))
        return 77
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for page in ("index.html", "a/index.html"):
            write(f"{folder}/root/{page}", page)
        listener = socket.create_server(("127.0.0.1", SINK))
        threading.Thread(target=sink, args=(listener,), daemon=True).start()
        servers = [start_nginx(folder), start_apache(folder)]
        try:
            time.sleep(1.5)
            print("shape\tnginx\tApache")
            compare()
        finally:
            for server in servers:
                server.terminate()
                server.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
