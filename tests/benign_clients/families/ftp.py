# SPDX-License-Identifier: Apache-2.0
"""ftp and curl, against vsftpd."""
import shutil

from family import SERVER_ADDRESS, Family, Lab, folder_of, serve

SETTINGS = """
listen=YES
background=NO
listen_address={address}
anonymous_enable=YES
local_enable=NO
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_root={folder}/files
secure_chroot_dir={folder}/empty
ftp_username=ftp
nopriv_user=nobody
port_enable=YES
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
"""


def start(lab: Lab) -> None:
    folder = folder_of(lab, "ftp")
    for name in ("files", "files/incoming", "empty"):
        (folder / name).mkdir()
    shutil.chown(folder / "files/incoming", "ftp", "ftp")
    (folder / "files/report.txt").write_bytes(b"An ordinary file.\n" * 20000)
    for number in range(300):
        (folder / f"files/file {number}.txt").touch()
    (folder / "vsftpd.conf").write_text(SETTINGS.format(folder=folder, address=SERVER_ADDRESS))
    serve(lab, 21, "vsftpd", f"{folder}/vsftpd.conf")


COMMANDS = r"""
curl -s ftp://$SERVER/ | grep -q report.txt
curl -s ftp://$SERVER/report.txt | wc -c | grep -q 360000
curl -s -r 100-199 ftp://$SERVER/report.txt | wc -c | grep -q 100
curl -s --disable-epsv ftp://$SERVER/report.txt | wc -c | grep -q 360000
curl -s -P - ftp://$SERVER/report.txt | wc -c | grep -q 360000
curl -s -P - --disable-eprt ftp://$SERVER/report.txt | wc -c | grep -q 360000
head -c 500000 /dev/urandom >data; curl -s -T data ftp://$SERVER/incoming/
head -c 100 /dev/urandom >more; curl -s -a -T more ftp://$SERVER/incoming/data2
curl -s -I ftp://$SERVER/report.txt | grep -q 360000
curl -s -l ftp://$SERVER/ | grep -q 'file 299.txt'
curl -s --ftp-method nocwd -Q 'PWD' -Q 'CWD incoming' -Q '-MKD a' -Q '-RNFR a' -Q '-RNTO b' -Q '-RMD b' -Q '-STAT' ftp://$SERVER/
curl -s -Q 'SITE HELP' ftp://$SERVER/; test $? = 0 -o $? = 21
curl -s -Q 'SITE CHMOD 644 report.txt' ftp://$SERVER/; test $? = 0 -o $? = 21
! curl -s -u anna:wrong ftp://$SERVER/
! curl -s -u 'smiling(:-:secret' ftp://$SERVER/
! curl -s --ssl-reqd ftp://$SERVER/
curl -s -u anonymous:anna@example.test ftp://$SERVER/report.txt | wc -c | grep -q 360000
printf 'user anonymous a@b\nbinary\npassive on\nls\nget report.txt back.txt\npassive off\nls incoming\nsize report.txt\nmodtime report.txt\nsystem\nfeatures\nstatus\nbye\n' | ftp -n -i $SERVER; cmp <(wc -c <back.txt) <(echo 360000)
"""

FAMILY = Family(programs=("vsftpd", "curl", "ftp"), start=start, protocols=("ftp", "ftp-data"), commands=COMMANDS,
                attack="! curl -s ftp://smile%3A%29:secret@$SERVER/", found=9105280)
