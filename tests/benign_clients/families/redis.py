# SPDX-License-Identifier: Apache-2.0
"""redis-cli and redis-benchmark."""
from family import SERVER_ADDRESS, Family, Lab, folder_of, serve


def start(lab: Lab) -> None:
    folder = folder_of(lab, "redis")
    serve(lab, 6379, "redis-server", "--bind", SERVER_ADDRESS, "--protected-mode", "no", "--dir", str(folder), "--save", "",
          "--maxmemory", "64mb", "--repl-diskless-sync-delay", "0")


COMMANDS = r"""
redis-cli -h $SERVER ping
redis-cli -h $SERVER info
redis-cli -h $SERVER set greeting 'hello, package.loadlib and package.config'
redis-cli -h $SERVER get greeting
head -c 3000000 /dev/urandom | redis-cli -h $SERVER -x set picture
redis-cli -h $SERVER --raw get picture | wc -c | grep -q 3000001
redis-cli -h $SERVER mset a 1 b 2 c 3
redis-cli -h $SERVER hset host name server os windows module load
redis-cli -h $SERVER config get dir
redis-cli -h $SERVER config get '*'
redis-cli -h $SERVER config set maxmemory-policy allkeys-lru
redis-cli -h $SERVER config set timeout 300
redis-cli -h $SERVER replicaof no one
redis-cli -h $SERVER slaveof NO ONE
redis-cli -h $SERVER module list
redis-cli -h $SERVER eval 'return {KEYS[1], ARGV[1]}' 1 key value
redis-cli -h $SERVER eval 'local t = {} for i = 1, 100 do t[i] = redis.call("incr", KEYS[1]) end return t' 1 counter
redis-cli -h $SERVER eval 'return cjson.encode({package = "a parcel", require = ARGV[1]})' 0 loader
redis-cli -h $SERVER evalsha $(redis-cli -h $SERVER script load 'return redis.call("get", "greeting")') 0
redis-cli -h $SERVER function load $'#!lua name=mylib\nredis.register_function("package_size", function(keys, args) return #args end)'
redis-cli -h $SERVER -n 3 xadd events '*' kind login user anna
redis-cli -h $SERVER --scan --pattern '*'
redis-cli -h $SERVER --bigkeys
redis-cli -h $SERVER -3 hgetall host
printf 'multi\nset x 1\nincr x\nexec\nmonitorx\n' | redis-cli -h $SERVER
for i in $(seq 2000); do printf '*3\r\n$3\r\nSET\r\n$5\r\nk%04d\r\n$4\r\nabcd\r\n' $i; done | redis-cli -h $SERVER --pipe
timeout 1 redis-cli -h $SERVER subscribe news; test $? = 124
redis-cli -h $SERVER acl setuser anna on '>secret' '~*' +get
redis-cli -h $SERVER --user anna --pass secret get greeting
redis-cli -h $SERVER -e --user anna --pass wrong get greeting 2>&1 | grep -q WRONGPASS
redis-cli -h $SERVER --rdb dump.rdb
redis-benchmark -h $SERVER -q -n 2000 -c 20 -P 8 -t set,get,lpush,lrange_100
"""

FAMILY = Family(programs=("redis-server", "redis-cli", "redis-benchmark"), start=start, protocols=("redis",), commands=COMMANDS,
                attack="redis-cli -h $SERVER config set dir /nonexistent", found=9104283)
