# SPDX-License-Identifier: Apache-2.0
"""For servers that want to be started for each connection: inetd.py ADDRESS PORT PROGRAM [ARGUMENT...]."""
import socket
import subprocess
import sys

with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    while True:
        connection, _ = listener.accept()
        with connection:
            subprocess.Popen(sys.argv[3:], stdin=connection, stdout=connection, stderr=subprocess.DEVNULL)
