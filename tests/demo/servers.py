# SPDX-License-Identifier: Apache-2.0
"""The servers to be protected: a real nginx, and a real Samba that speaks SMB1 as an old server does."""
import pathlib
import time

from lab import SERVER, SERVER_ADDRESS, Failed, Lab

PAGE = "<html><body>An ordinary page.</body></html>\n"
FILE = b"An ordinary file.\n" * 4096

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
  server {{
    listen {address}:80;
    root {folder}/pages;
  }}
}}
"""

SAMBA = """
[global]
  server role = standalone server
  server min protocol = NT1
  interfaces = {address}
  bind interfaces only = yes
  disable netbios = yes
  map to guest = Bad User
  load printers = no
  disable spoolss = yes
  log file = {folder}/log
  lock directory = {folder}/run
  state directory = {folder}/run
  cache directory = {folder}/run
  pid directory = {folder}/run
  private dir = {folder}/run
  ncalrpc dir = {folder}/run/ncalrpc
[files]
  path = {folder}/files
  guest ok = yes
  read only = yes
"""


def start_nginx(lab: Lab) -> pathlib.Path:
    """Serves PAGE. Returns the path of its access log."""
    folder = lab.folder / "nginx"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "index.html").write_text(PAGE)
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, address=SERVER_ADDRESS))
    lab.start(SERVER, "nginx", "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(config))
    wait_for_port(lab, 80, "nginx")
    return folder / "access.log"


def start_samba(lab: Lab) -> None:
    """Serves FILE as files/report.txt."""
    folder = lab.folder / "samba"
    (folder / "run").mkdir(parents=True)
    (folder / "files").mkdir()
    (folder / "files" / "report.txt").write_bytes(FILE)
    config = folder / "smb.conf"
    config.write_text(SAMBA.format(folder=folder, address=SERVER_ADDRESS))
    with open(folder / "output", "wb") as output:
        lab.start(SERVER, "smbd", "--foreground", "--no-process-group", "-s", str(config), stdout=output,
                  stderr=output)
    wait_for_port(lab, 445, "smbd")


def wait_for_port(lab: Lab, port: int, name: str, seconds: float = 15) -> None:
    """Returns when something on the server listens there, and fails if nothing does in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if lab.run(SERVER, "ss", "-Htln", f"sport = :{port}").stdout.strip():
            return
        time.sleep(0.1)
    raise Failed(f"{name} does not listen on port {port} after {seconds:.0f} s")
