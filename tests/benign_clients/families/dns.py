# SPDX-License-Identifier: Apache-2.0
"""dig, host, delv and nsupdate, against BIND."""
from family import SERVER_ADDRESS, Family, Lab, folder_of, serve

KEY = 'key "update-key" { algorithm hmac-sha256; secret "c2VjcmV0IG9mIGFuIGV4YW1wbGUsIG5vdCByZWFs"; };\n'
SETTINGS = """
options {{
  directory "{folder}";
  pid-file none;
  session-keyfile none;
  listen-on {{ {address}; }};
  listen-on-v6 {{ none; }};
  recursion no;
  dnssec-validation no;
  allow-transfer {{ any; }};
  tkey-domain "example.test";
}};
controls {{ }};
zone "example.test" {{
  type primary;
  file "example.zone";
  dnssec-policy default;
  inline-signing yes;
  update-policy {{ grant update-key zonesub ANY; }};
}};
zone "2.77.10.in-addr.arpa" {{ type primary; file "reverse.zone"; }};
"""
HEAD = """$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns.example.test.
"""


def start(lab: Lab) -> None:
    folder = folder_of(lab, "bind")
    folder.chmod(0o777)
    many = "".join(f"host{number} A 10.1.0.{number}\n" for number in range(150))
    many += "".join(f"large TXT \"{'t' * 200} {number}\"\n" for number in range(90))
    (folder / "example.zone").write_text(f"""{HEAD}ns A {SERVER_ADDRESS}
@ MX 10 mail
@ CAA 0 issue "ca.example.test"
www CNAME web
web A 10.1.2.3
web AAAA fd00::1
mail A 10.1.2.4
*.wild A 10.1.2.5
_sip._tcp SRV 0 5 5060 mail
_ldap._tcp.dc._msdcs SRV 0 100 389 web
host HINFO "PC" "LINUX"
n NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.test!" .
s SSHFP 1 1 0123456789abcdef0123456789abcdef01234567
_443._tcp.web TLSA 3 1 1 {'ab' * 32}
{many}""")
    (folder / "reverse.zone").write_text(HEAD + "2 PTR ns.example.test.\n")
    (folder / "named.conf").write_text(KEY + SETTINGS.format(folder=folder, address=SERVER_ADDRESS))
    (lab.folder / "client" / "key").write_text(KEY)
    serve(lab, 53, "named", "-g", "-c", f"{folder}/named.conf")


COMMANDS = r"""
dig @$SERVER www.example.test | grep -q 10.1.2.3
dig @$SERVER example.test ANY +tcp
dig @$SERVER example.test SOA +dnssec +multi
dig @$SERVER example.test DNSKEY +dnssec
dig @$SERVER large.example.test TXT +bufsize=512 | grep -q 'MSG SIZE'
dig @$SERVER large.example.test TXT +bufsize=4096
dig @$SERVER large.example.test TXT +ignore +notcp
dig @$SERVER large.example.test TXT +tcp +dnssec
dig @$SERVER example.test AXFR | grep -q host149
dig @$SERVER example.test IXFR=1
dig @$SERVER -y hmac-sha256:update-key:c2VjcmV0IG9mIGFuIGV4YW1wbGUsIG5vdCByZWFs www.example.test
dig @$SERVER -y hmac-sha256:update-key:c2VjcmV0IG9mIGFuIGV4YW1wbGUsIG5vdCByZWFs example.test AXFR
dig @$SERVER -y hmac-md5:$(printf %60s | tr ' ' k).$(printf %60s | tr ' ' k).example.test:c2VjcmV0IG9mIGFuIGV4YW1wbGU= www.example.test
dig @$SERVER -y hmac-sha256:update-key:d3Jvbmcga2V5 www.example.test
dig @$SERVER +cookie +nsid +expire +keepalive +padding=128 +subnet=10.0.0.0/24 www.example.test
dig @$SERVER +ednsopt=65001:$(printf %400s | tr ' ' a) www.example.test
dig @$SERVER +edns=1 +noednsneg www.example.test
dig @$SERVER +ednsflags=0x40 www.example.test
dig @$SERVER version.bind CH TXT
dig @$SERVER hostname.bind CH TXT +short
dig @$SERVER key.example.test TKEY
dig @$SERVER key.example.test TKEY ANY
dig @$SERVER . NS
dig @$SERVER nothing.example.test +dnssec
dig @$SERVER $(printf %63s | tr ' ' a).$(printf %63s | tr ' ' b).$(printf %63s | tr ' ' c).$(printf %40s | tr ' ' d).example.test
dig @$SERVER x.wild.example.test AAAA +dnssec
dig @$SERVER host.example.test HINFO n.example.test NAPTR s.example.test SSHFP _443._tcp.web.example.test TLSA _sip._tcp.example.test SRV
dig @$SERVER -x 10.77.2.2
dig @$SERVER +tcp +keepopen www.example.test A www.example.test AAAA large.example.test TXT
dig @$SERVER +noedns +norecurse +opcode=NOTIFY example.test SOA
dig @$SERVER example.test TYPE65280; dig @$SERVER example.test HTTPS; dig @$SERVER example.test SIG; dig @$SERVER example.test NSEC3PARAM
for i in $(seq 1 149); do echo host$i.example.test; done >names; dig @$SERVER -f names +short | grep -q 10.1.0.149
printf 'server %s\nzone example.test\nupdate add new.example.test 300 A 10.1.9.9\nupdate add new.example.test 300 TXT "a text"\nsend\n' $SERVER | nsupdate -k key
printf 'server %s\nzone example.test\nprereq yxdomain new.example.test\nupdate delete new.example.test A\nshow\nsend\nanswer\n' $SERVER | nsupdate -k key -v
(echo "server $SERVER"; echo zone example.test; for i in $(seq 100); do echo "update add many$i.example.test 60 TXT $(printf %120s | tr ' ' v)"; done; echo send) | nsupdate -k key
! printf 'server %s\nzone example.test\nupdate add no.example.test 300 A 10.1.9.9\nsend\n' $SERVER | nsupdate
! printf 'server %s\nzone example.test\nupdate add no.example.test 300 A 10.1.9.9\nsend\n' $SERVER | nsupdate -y hmac-sha256:other-key:d3Jvbmcga2V5
delv @$SERVER +noroot www.example.test || true
"""

# A question for TKEY, and beside it a record of that name which is none.
FAMILY = Family(programs=("named", "dig", "nsupdate", "delv"), start=start, protocols=("dns",), commands=COMMANDS,
                attack=r"printf '\x12\x34\0\0\0\1\0\0\0\0\0\1\1a\0\0\xf9\0\xff\1a\0\0\x10\0\1\0\0\0\0\0\2\1b' >/dev/udp/$SERVER/53", found=9105140)
