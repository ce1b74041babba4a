# SPDX-License-Identifier: Apache-2.0
"""telnet, against telnetd."""
import sys

from family import HERE, SERVER_ADDRESS, Family, Lab, serve


def start(lab: Lab) -> None:
    serve(lab, 23, sys.executable, str(HERE / "inetd.py"), SERVER_ADDRESS, "23", "/usr/sbin/telnetd", "-h", "-E", "/bin/cat")


# ^] (1d) goes back from the session to the client's own commands.
COMMANDS = r"""
(sleep 0.4; echo hello; sleep 0.3; printf '\4'; sleep 0.3) | telnet $SERVER | grep -c hello
(sleep 0.4; seq 300; sleep 0.3; printf '\4'; sleep 0.3) | timeout 3 telnet -8 $SERVER
(sleep 0.4; echo hello; sleep 0.3; printf "\4"; sleep 0.3) | telnet -E -l anna $SERVER; true
(echo "open $SERVER"; sleep 0.4; printf '\x1dsend ayt\n'; sleep 0.2; printf '\x1dsend brk\n'; sleep 0.2; printf '\x1dsend nop\n'; sleep 0.2; printf '\x1dmode character\n'; sleep 0.2; echo hello; sleep 0.2; printf '\x1dquit\n') | telnet
(echo "set escape ^]"; echo "environ define COLOUR blue"; echo "environ export COLOUR"; echo "environ define DISPLAY client:0"; echo "environ export DISPLAY"; echo "open $SERVER"; sleep 0.5; echo hello; sleep 0.2; printf '\x1dclose\nquit\n') | TERM=vt220 telnet
"""

FAMILY = Family(programs=("telnet", "telnetd"), start=start, protocols=("telnet",), commands=COMMANDS,
                attack=r"(echo 'open '$SERVER; sleep 0.5; printf '\x1dsend ao\n'; sleep 0.3; printf '\x1dquit\n') | telnet", found=9105220)
