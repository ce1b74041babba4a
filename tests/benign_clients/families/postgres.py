# SPDX-License-Identifier: Apache-2.0
"""psql and pg_dump, against PostgreSQL."""
import os
import pathlib
import shutil
import subprocess

from family import SERVER_ADDRESS, Failed, Family, Lab, folder_of, serve

# Debian keeps each version's programs in a folder of their own.
for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
    os.environ["PATH"] += f":{folder}"
AS_POSTGRES = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")


def start(lab: Lab) -> None:
    folder = folder_of(lab, "postgres")
    (folder / "password").write_text("secret\n")
    (folder / "password").chmod(0o644)
    shutil.chown(folder, "postgres", "postgres")
    made = subprocess.run([*AS_POSTGRES, "initdb", "-N", "-D", f"{folder}/data", "-U", "postgres", "-A", "scram-sha-256",
                           f"--pwfile={folder}/password", "-E", "UTF8", "--locale=C.UTF-8"], cwd="/", capture_output=True, text=True)
    if made.returncode != 0:
        raise Failed(f"initdb: {made.stderr}")
    with open(folder / "data/pg_hba.conf", "a", encoding="utf-8") as rules:
        rules.write("host all,replication all 0.0.0.0/0 scram-sha-256\n")
    (lab.folder / "client" / ".pgpass").write_text(f"{SERVER_ADDRESS}:*:*:postgres:secret\n")
    (lab.folder / "client" / ".pgpass").chmod(0o600)
    serve(lab, 5432, *AS_POSTGRES, shutil.which("postgres"), "-D", f"{folder}/data", "-c", f"listen_addresses={SERVER_ADDRESS}", "-c",
          f"unix_socket_directories={folder}", "-c", "fsync=off", "-c", "wal_level=logical")


COMMANDS = r"""
psql -h $SERVER -U postgres -c 'select version()'
psql -h $SERVER -U postgres -l
psql -h $SERVER -U postgres -c 'create database "my-shop-2"'
psql -h $SERVER -U postgres -d my-shop-2 -c 'create table orders (id serial primary key, note text, price numeric)'
psql "host=$SERVER user=postgres dbname=my-shop-2 application_name='-r report' options='-c geqo=off -c statement_timeout=5min'" -c 'show geqo'
PGOPTIONS='-c enable_seqscan=off' psql -h $SERVER -U postgres -d my-shop-2 -c 'select 1'
(echo "select length('"; head -c 2000000 /dev/zero | tr '\0' a; echo "');") >long.sql; psql -h $SERVER -U postgres -f long.sql | grep -q 2000001
psql -h $SERVER -U postgres -d my-shop-2 -c "insert into orders (note, price) select repeat('note ', 20), i from generate_series(1, 5000) i"
psql -h $SERVER -U postgres -d my-shop-2 -c 'copy orders to stdout' >orders.tsv
psql -h $SERVER -U postgres -d my-shop-2 -c '\copy orders (note) from program '"'"'seq 3000'"'"
psql -h $SERVER -U postgres -d my-shop-2 -v FETCH_COUNT=100 -c 'select * from orders' >all.txt
psql -h $SERVER -U postgres -d my-shop-2 -c 'prepare q(int) as select * from orders where id = $1' -c 'execute q(5)'
psql -h $SERVER -U postgres -d my-shop-2 -c 'select * from orders where id = 7 \gset' -c '\d orders' -c '\df' -c '\l+'
psql -h $SERVER -U postgres -c 'listen news' -c "notify news, 'hello'"
! psql -h $SERVER -U postgres -c 'select * from nothing'
psql -h $SERVER -U postgres -c 'begin' -c 'select pg_sleep(0.1)' -c 'rollback'
psql -h $SERVER -U postgres -c "set statement_timeout = 200" -c 'select pg_sleep(5)'; test $? = 1
timeout -s INT 1 psql -h $SERVER -U postgres -c 'select pg_sleep(20)'; true
for i in 1 2 3 4 5; do ! PGPASSWORD=wrong psql -w -h $SERVER -U postgres -c 'select 1' || exit 1; done
! psql -h $SERVER -U postgres -d nothing -c 'select 1'
! psql "host=$SERVER user=postgres sslmode=require" -c 'select 1'
psql "host=$SERVER user=postgres dbname=postgres replication=database" -c 'IDENTIFY_SYSTEM'
pg_dump -h $SERVER -U postgres my-shop-2 >dump.sql
pg_dumpall -h $SERVER -U postgres --globals-only
pg_isready -h $SERVER
psql -h $SERVER -U postgres -c "create role anna login password 'x'" -c 'grant all on database "my-shop-2" to anna'
PGPASSWORD=x psql -h $SERVER -U anna -d my-shop-2 -c 'select current_user'
psql -h $SERVER -U postgres -c "select lo_from_bytea(0, repeat('large object ', 20000)::bytea)" -c 'select lo_get(oid) from pg_largeobject_metadata' >lo
"""

FAMILY = Family(programs=("postgres", "initdb", "psql", "pg_dump", "setpriv"), start=start, protocols=("pgsql",), commands=COMMANDS,
                attack="! psql -h $SERVER -U postgres -d -rshop -c 'select 1'", found=9104240)
