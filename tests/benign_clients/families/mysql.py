# SPDX-License-Identifier: Apache-2.0
"""mysql, mysqldump and mysqladmin, against MariaDB."""
import shutil
import subprocess

from family import SERVER_ADDRESS, Failed, Family, Lab, folder_of, serve


def start(lab: Lab) -> None:
    folder = folder_of(lab, "mysql")
    shutil.chown(folder, "mysql", "mysql")
    made = subprocess.run(["mysql_install_db", "--no-defaults", "--user=mysql", f"--datadir={folder}/data", "--skip-test-db",
                           "--auth-root-authentication-method=normal"], capture_output=True, text=True)
    if made.returncode != 0:
        raise Failed(f"mysql_install_db: {made.stdout}{made.stderr}")
    (folder / "users.sql").write_text("create user anna identified by 'secret';\ngrant all on *.* to anna;\n")
    (lab.folder / "client" / ".my.cnf").write_text(f"[client]\nhost={SERVER_ADDRESS}\nuser=anna\npassword=secret\n")
    serve(lab, 3306, "mariadbd", "--no-defaults", "--user=mysql", f"--datadir={folder}/data", f"--socket={folder}/socket",
          f"--bind-address={SERVER_ADDRESS}", f"--init-file={folder}/users.sql", "--skip-name-resolve", f"--pid-file={folder}/pid",
          "--innodb-flush-method=nosync", "--max-allowed-packet=64M", "--local-infile=1")


COMMANDS = r"""
mysql -e 'select version(), user()'
mysql -e 'create database shop; create table shop.orders (id int auto_increment primary key, note text, price decimal(9,2)); show tables in shop'
(echo "select length('"; head -c 5000000 /dev/zero | tr '\0' a; echo "');") >long.sql; mysql --max-allowed-packet=64M <long.sql | grep -q 5000
mysql shop -e "insert into orders (note, price) select repeat('note ', 20), seq from seq_1_to_5000"
mysql shop -e 'select * from orders' >orders.tsv; wc -l <orders.tsv | grep -q 5001
seq 2000 >list; mysql --local-infile=1 shop -e "load data local infile 'list' into table orders (note)"
mysql shop -e "prepare q from 'select * from orders where id = ?'; set @a = 5; execute q using @a; deallocate prepare q"
mysql -C shop -e 'select * from orders limit 500' >packed
mysql --quick --batch shop -e 'select * from orders; show status; show variables; show full processlist' >quick
! mysql shop -e 'select * from nothing'
! mysql shop -e "select 'unfinished"
! mysql nothing -e 'select 1'
mysqladmin status
mysqladmin ping
mysqladmin extended-status processlist variables >admin
mysqldump --all-databases >dump.sql
mysqldump --single-transaction --routines --events --hex-blob shop >dump2.sql
mysql shop <dump2.sql
mysqlshow shop
mysqlcheck shop
mysql shop -e "create procedure total() select sum(price) from orders; call total()" 
mysql -e "select sleep(0.2), repeat('x', 1000000)" >large
mysql -e "create user 'eve'@'%' identified by 'another'; set password for eve = password('third')"
mysql -ueve -pthird -e 'select 1'
mysql --ssl -e 'select 1'; true
printf 'use shop\nstatus\nselect count(*) from orders;\n' | mysql
for i in $(seq 6); do ! mysql -pwrong -e 'select 1' || exit 1; done
! mysql -unobody -p -e 'select 1' </dev/null
"""

# Guessed passwords, as many as that hole needs.
FAMILY = Family(programs=("mariadbd", "mysql_install_db", "mysql", "mysqldump", "mysqladmin"), start=start, protocols=("mysql",),
                commands=COMMANDS, attack="for i in $(seq 45); do mysql -pwrong -e 'select 1'; done; true", found=9104220)
