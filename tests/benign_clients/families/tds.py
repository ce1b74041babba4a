# SPDX-License-Identifier: Apache-2.0
"""tsql, bsqldb and freebcp of FreeTDS. The server is our own (tds_server.py): only the clients are real."""
import sys

from family import HERE, SERVER_ADDRESS, Family, Lab, serve


def start(lab: Lab) -> None:
    serve(lab, 1433, sys.executable, str(HERE / "tds_server.py"), SERVER_ADDRESS)


COMMANDS = r"""
tsql -LH $SERVER 2>&1 | grep -q MSSQLSERVER
printf 'select 1\ngo\nquit\n' | tsql -S $SERVER -U anna -P secret | grep -q 'row 2'
for version in 7.0 7.1 7.2 7.3 7.4; do printf 'select note from orders\ngo\nquit\n' | TDSVER=$version tsql -S $SERVER -U anna -P secret | grep -q 'row 2' || exit 1; done
printf 'select top 5000 note from orders\ngo\nquit\n' | tsql -S $SERVER -U anna -P secret | grep -q 'row 4999'
printf "insert into orders values (N'%%s')\ngo\nquit\n" "$(printf '%30000s' | tr ' ' n)" | tsql -S $SERVER -U anna -P secret
printf "exec sp_who\ngo\nexec sp_help 'orders'\ngo\ndeclare @text nvarchar(100) set @text = 'sp_' + 'executesql' exec @text N'select 1'\ngo\nquit\n" | tsql -S $SERVER -U anna -P secret
printf "create table a (b int)\ngo\nbegin transaction update a set b = 0x7870 where b in (1, 2, 3) commit\ngo 3\nquit\n" | tsql -S $SERVER -U anna -P secret
printf "select 'a cmd shell is not xp, nor is xp a shell'\ngo\n\nuse shop\ngo\nversion\nquit\n" | tsql -S $SERVER -U anna -P secret
printf 'select * from nothing\ngo\nquit\n' | tsql -S $SERVER -U anna -P secret 2>&1 | grep -q 208
printf 'select 1\ngo\n' | bsqldb -S $SERVER -U anna -P secret -D shop | grep -q 'row 2'
freebcp orders out orders.txt -S $SERVER -U anna -P secret -D shop -c
freebcp "select top 900 note from orders" queryout query.txt -S $SERVER -U anna -P secret -D shop -c; wc -l <query.txt | grep -q 900
for i in $(seq 2000); do echo "a note of an order, number $i"; done >notes; freebcp orders in notes -S $SERVER -U anna -P secret -D shop -c -b 500
! tsql -S $SERVER -U anna -P wrong </dev/null
for i in $(seq 30); do printf 'select 1\ngo\nquit\n' | tsql -S $SERVER -U user$i -P secret | grep -q 'row 2' || exit 1; done
"""

FAMILY = Family(programs=("tsql", "bsqldb", "freebcp"), start=start, protocols=("tds", "ssrp"), commands=COMMANDS,
                attack="printf \"exec xp_cmdshell 'hostname'\\ngo\\nquit\\n\" | tsql -S $SERVER -U anna -P secret", found=9104180)
