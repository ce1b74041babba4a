# SPDX-License-Identifier: Apache-2.0
"""ssh, scp, sftp and ssh-keyscan, against OpenSSH."""
import pathlib
import subprocess

from family import SERVER_ADDRESS, Family, Lab, folder_of, serve

SETTINGS = """
ListenAddress {address}
HostKey {folder}/host
HostKey {folder}/host-rsa
PidFile none
UseDNS no
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication yes
AuthorizedKeysFile {folder}/client.pub
Subsystem sftp internal-sftp
"""


def start(lab: Lab) -> None:
    folder, client = folder_of(lab, "ssh"), lab.folder / "client"
    for path, kind in ((folder / "host", "ed25519"), (folder / "host-rsa", "rsa"), (client / "key", "ed25519"), (client / "other", "ecdsa")):
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(path)], check=True, stdin=subprocess.DEVNULL)
    (folder / "client.pub").write_text((client / "key.pub").read_text())
    (folder / "sshd_config").write_text(SETTINGS.format(folder=folder, address=SERVER_ADDRESS))
    (client / "config").write_text("Host *\n  User root\n  BatchMode yes\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n"
                                   f"  LogLevel ERROR\n  IdentitiesOnly yes\n  IdentityFile {client}/key\n")
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)  # where sshd wants to give up its rights
    serve(lab, 22, "/usr/sbin/sshd", "-D", "-e", "-f", f"{folder}/sshd_config")


# Fewer than 20 connections: more from one client in two minutes is what CVE-2024-6387 is told by.
COMMANDS = r"""
ssh -F config $SERVER true
ssh -F config -C $SERVER 'head -c 2000000 /dev/urandom' >data
scp -q -F config data $SERVER:$HOME/data.there
scp -q -O -F config $SERVER:$HOME/data.there data.back; cmp data data.back
printf 'put data data2\nls -l /etc\nget /etc/services\nbye\n' | sftp -q -F config -b - $SERVER:$HOME
head -c 150000 data | ssh -F config -o RekeyLimit=64K $SERVER 'cat >/dev/null'
ssh -F config -o Ciphers=aes128-ctr -o MACs=hmac-sha2-256 -o KexAlgorithms=diffie-hellman-group14-sha256 $SERVER true
ssh -F config -o KexAlgorithms=ecdh-sha2-nistp256 -o HostKeyAlgorithms=rsa-sha2-512 $SERVER true
ssh -F config -o Ciphers=chacha20-poly1305@openssh.com $SERVER true
ssh -F config -L 2200:$SERVER:22 -f $SERVER sleep 0.5; sleep 0.1; ssh-keyscan -t ed25519 -p 2200 127.0.0.1 | grep -q ssh-ed25519
for i in 1 2 3; do ! ssh -F none -l root -i other -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null $SERVER true || exit 1; done
! ssh -F config -l nobody $SERVER true
! ssh -F config -o KexAlgorithms=diffie-hellman-group1-sha1 $SERVER true
ssh-keyscan -t rsa $SERVER | grep -q ssh-rsa
(echo 'SSH-2.0-Scanner'; sleep 0.2) >/dev/tcp/$SERVER/22
"""

FAMILY = Family(programs=("sshd", "ssh", "scp", "sftp", "ssh-keygen", "ssh-keyscan"), start=start, protocols=("ssh",), commands=COMMANDS,
                attack="for i in $(seq 25); do ssh-keyscan -t ed25519 $SERVER; done; true", found=9105240)
