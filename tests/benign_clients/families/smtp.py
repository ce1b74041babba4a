# SPDX-License-Identifier: Apache-2.0
"""curl, against Exim, which throws the mail away."""
import shutil

from family import SERVER_ADDRESS, Family, Lab, folder_of, serve

SETTINGS = """
primary_hostname = mail.example.test
spool_directory = {folder}/spool
log_file_path = {folder}/log-%s
local_interfaces = {address}
daemon_smtp_ports = 25
host_lookup =
rfc1413_query_timeout = 0s
acl_smtp_rcpt = accept
acl_smtp_data = accept
acl_smtp_vrfy = accept
chunking_advertise_hosts = *
begin routers
everything:
  driver = redirect
  data = :blackhole:
"""


def start(lab: Lab) -> None:
    folder = folder_of(lab, "exim")
    shutil.chown(folder, "Debian-exim", "Debian-exim")
    (folder / "exim.conf").write_text(SETTINGS.format(folder=folder, address=SERVER_ADDRESS))
    client = lab.folder / "client"
    (client / "mail").write_text("From: Anna <anna@example.test>\nTo: b@example.test\nSubject: report\n\n" + "An ordinary line.\n" * 200)
    (client / "long").write_text("Subject: long\n\n" + f"{'a' * 900}\n" * 500 + ".a line that begins with a dot\n")
    serve(lab, 25, "exim4", "-C", str(folder / "exim.conf"), "-bdf")


COMMANDS = r"""
curl -s smtp://$SERVER/client.example.test --mail-from anna@example.test --mail-rcpt b@example.test -T mail
curl -s -g --crlf smtp://$SERVER/[10.77.1.2] --mail-from anna@example.test --mail-rcpt b@example.test -T mail
curl -s smtp://$SERVER/client.example.test --mail-from '' --mail-rcpt "price+\$5@example.test" --mail-rcpt 'team{a}@example.test' -T mail
curl -s smtp://$SERVER/client.example.test --mail-from 'anna+tag=x@example.test' $(for i in $(seq 60); do echo --mail-rcpt user$i@example.test; done) -T mail
curl -s smtp://$SERVER/$(printf %60s | tr ' ' a).$(printf %60s | tr ' ' b).$(printf %60s | tr ' ' c).example.test --mail-from a@example.test --mail-rcpt b@example.test -T long
curl -s smtp://$SERVER/client --mail-from anna@example.test --mail-rcpt b@example.test -F '=<mail;type=text/plain' -F 'file=@long;filename=report.pdf;encoder=base64' -H 'Subject: ${a} report' -H 'From: anna@example.test'
curl -s smtp://$SERVER/client --mail-from anna@example.test --mail-rcpt b@example.test -F '=<mail;type=text/html' -F 'file=@mail;filename=notes.txt;encoder=quoted-printable' -H 'Subject: =?utf-8?b?5aCx5ZGK?='
curl -s smtp://$SERVER/client --mail-rcpt postmaster@example.test
curl -s -X 'HELP' smtp://$SERVER/client
! curl -s --ssl-reqd smtp://$SERVER/client --mail-from a@example.test --mail-rcpt b@example.test -T mail
curl -s -u anna:secret smtp://$SERVER/client --mail-from a@example.test --mail-rcpt b@example.test -T mail; true
exec 3<>/dev/tcp/$SERVER/25; for line in 'HELO 10.77.1.2' 'MAIL FROM:<a@example.test>' 'RCPT TO:<b@example.test>' DATA $'Subject: x\r\n\r\nhello\r\n.' RSET NOOP 'VRFY anna' QUIT; do sleep 0.1; printf '%s\r\n' "$line" >&3; done; cat <&3 | grep -q '^221'
exec 3<>/dev/tcp/$SERVER/25; read -r line <&3; printf 'EHLO client\r\nMAIL FROM:<a@example.test> SIZE=20 BODY=8BITMIME\r\nRCPT TO:<b@example.test>\r\nBDAT 20 LAST\r\nSubject: x\r\n\r\nhello\r\nQUIT\r\n' >&3; sleep 0.3; cat <&3 | grep -q 250
"""

FAMILY = Family(programs=("exim4", "curl"), start=start, protocols=("smtp",), commands=COMMANDS,
                attack="curl -s smtp://$SERVER/client --mail-from a@example.test --mail-rcpt 'root+${run{x}}@example.test' -T mail; true", found=9105300)
