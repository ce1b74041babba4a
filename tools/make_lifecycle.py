#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes content/lifecycle from the product pages of endoflife.date (MIT).

    tools/make_lifecycle.py PRODUCTS [--commit ID] [--opened DAY] [--out content/lifecycle]

PRODUCTS is the folder `products` of https://github.com/endoflife-date/endoflife.date. Files that this script
does not know (those written by hand) are left alone.
"""
import argparse
import datetime
import json
import pathlib

import yaml


class Page:
    """One page: which product it is of, and the hosts that each of its cycles is for."""

    def __init__(self, product, label, zone="utc", when=None, products=None, skip=()):
        self.product = product    # of all cycles; None: `products` says, by cycle
        self.label = label        # "PHP {}"
        self.zone = zone
        self.when = when          # a function of the cycle, gives a condition or None
        self.products = products or {}
        self.skip = skip          # ends of cycles that are left out


def server(name, **more):
    return {"product": f"microsoft:windows_{name}", **more}


SERVERS = {
    "2025": server("server_2025"), "23h2-ac": server("server_2022_23h2"), "2022": server("server_2022"),
    "20h2-sac": server("server_20h2"), "2004-sac": server("server_2004"), "1909-sac": server("server_1909"),
    "1903-sac": server("server_1903"), "1809-sac": None,  # the same build as Server 2019, which outlives it
    "2019": server("server_2019"), "1803-sac": server("server_1803"), "1709-sac": server("server_1709"),
    "2016": server("server_2016"), "2012-r2": server("server_2012_r2"), "2012": server("server_2012"),
    "2008-r2-sp1": server("server_2008_r2", sp=1), "2008-sp2": server("server_2008", sp=2),
    "2003-sp2": server("server_2003", sp=2), "2003-sp1": server("server_2003", sp=1),
    "2003": server("server_2003", sp=0), "2000": server("2000"),
}
CLIENTS = {"8.1": server("8.1"), "8": server("8"), "7-sp1": server("7", sp=1), "6-sp2": server("vista", sp=2),
           "5-sp3": server("xp", sp=3)}
IOT_APART = ("11-24h2-iot-lts", "10-21h2-iot-lts")  # where it is supported for longer than the other
HOME, WORK = ["home", "professional"], ["enterprise", "education"]

# The first build of each service pack, in order: a cycle ends where the next one begins.
SQL_BUILDS = [
    ("7.0-sp4", "7.00.1063"), ("8.0-sp4", "8.00.2039"), ("9.0", "9.00.1399"), ("9.0-sp1", "9.00.2047"),
    ("9.00-sp2", "9.00.3042"), ("9.00-sp3", "9.00.4035"), ("9.0-sp4", "9.00.5000"), ("10.00", "10.00.1600"),
    ("10.00-sp1", "10.00.2531"), ("10.00-sp2", "10.00.4000"), ("10.00-sp3", "10.00.5500"),
    ("10.0-sp4", "10.00.6000"), ("10.50-r2", "10.50.1600"), ("10.50-sp1", "10.50.2500"),
    ("10.50-sp2", "10.50.4000"), ("10.50-sp3", "10.50.6000"), ("11.0", "11.0.2100"), ("11.0-sp1", "11.0.3000"),
    ("11.0-sp2", "11.0.5058"), ("11.0-sp3", "11.0.6020"), ("11.0-sp4", "11.0.7001"), ("12.0", "12.0.2000"),
    ("12.0-sp1", "12.0.4100"), ("12.0-sp2", "12.0.5000"), ("12.0-sp3", "12.0.6024"), ("13.0", "13.0.1601"),
    ("13.0-sp1", "13.0.4001"), ("13.0-sp2", "13.0.5026"), ("13.0-sp3", "13.0.6300"),
    ("13.0-sp3-acp", "13.0.7000"), ("14.0", "14.0"), ("15.0", "15.0"), ("16.0", "16.0"), ("17.0", "17.0"),
    (None, "18.0")]
EXCHANGE = {"subscription": ("15.2.2562", "15.3"), "2019": ("15.2", "15.2.2562"), "2016": ("15.1", "15.2"),
            "2013": ("15.0", "15.1"), "2010": ("14.0", "15.0"), "2007": ("8.0", "9.0"), "2003": ("6.5", "7.0"),
            "2000": ("6.0", "6.5"), "5.5": ("5.5", "6.0")}


def windows_client(cycle, release):
    """The product and the condition of one cycle of Windows for workstations; nothing for IoT Core."""
    if cycle in CLIENTS:
        return CLIENTS[cycle]
    parts = cycle.split("-")
    if "iot" in parts and "lts" not in parts:
        return None
    build = int(str(release["latest"]).split(".")[2])
    conditions = [{"os": f"microsoft:windows_{parts[0]}"}, {"build": build}]
    if parts[-1] == "lts":
        apart = cycle.replace("-e-", "-iot-") if "-e-" in cycle else cycle
        longer = apart in IOT_APART
        conditions.append({"edition": "iot_ltsc" if "iot" in parts else "ltsc" if longer else ["ltsc", "iot_ltsc"]})
    if parts[-1] in ("w", "e"):
        conditions.append({"edition": HOME if parts[-1] == "w" else WORK})
    return {"product": f"microsoft:windows_{parts[0]}", "when": {"all": conditions}}


def between(product, first, end):
    return {"component": product, "from": first, "to": end}


def sql_server(cycle):
    for (name, first), (_, end) in zip(SQL_BUILDS, SQL_BUILDS[1:]):
        if name == cycle:
            return between("microsoft:sql_server", first, end)
    return None


def exchange(cycle):
    return between("microsoft:exchange_server", *EXCHANGE[cycle]) if cycle in EXCHANGE else None


def dotnetfx(cycle):
    return between("microsoft:.net_framework", "3.5", "4") if cycle == "3.5-sp1" else None


PAGES = {
    "windows-server": Page(None, "Windows Server {}", "us_pacific", products=SERVERS),
    "windows": Page(None, "Windows {}", "us_pacific"),
    "mssqlserver": Page("microsoft:sql_server", "SQL Server {}", "us_pacific", sql_server, skip=("6.50-sp5a", "6.0-sp3")),
    "msexchange": Page("microsoft:exchange_server", "Exchange Server {}", "us_pacific", exchange, skip=("5.0", "4.0")),
    "dotnetfx": Page("microsoft:.net_framework", ".NET Framework {}", "us_pacific", dotnetfx),
    "dotnet": Page("microsoft:.net", ".NET {}", "us_pacific"),
    "debian": Page("debian:debian_linux", "Debian {}"),
    "ubuntu": Page("canonical:ubuntu_linux", "Ubuntu {}"),
    "centos": Page("centos:centos", "CentOS {}"),
    "centos-stream": Page("centos:stream", "CentOS Stream {}"),
    "rhel": Page("redhat:enterprise_linux", "Red Hat Enterprise Linux {}"),
    "sles": Page("suse:linux_enterprise_server", "SUSE Linux Enterprise Server {}"),
    "oracle-linux": Page("oracle:linux", "Oracle Linux {}"),
    "almalinux": Page("almalinux:almalinux", "AlmaLinux {}"),
    "rocky-linux": Page("rocky:rocky", "Rocky Linux {}"),
    "amazon-linux": Page("amazon:amazon_linux", "Amazon Linux {}"),
    "apache-http-server": Page("apache:http_server", "Apache HTTP Server {}"),
    "apache-struts": Page("apache:struts", "Apache Struts {}"),
    "tomcat": Page("apache:tomcat", "Apache Tomcat {}"),
    "log4j": Page("apache:log4j", "Apache Log4j {}"),
    "php": Page("php:php", "PHP {}"),
    "mysql": Page("oracle:mysql", "MySQL {}"),
    "mariadb": Page("mariadb:mariadb", "MariaDB {}"),
    "postgresql": Page("postgresql:postgresql", "PostgreSQL {}"),
    "openssl": Page("openssl:openssl", "OpenSSL {}"),
    "nginx": Page("f5:nginx", "nginx {}"),
    "redis": Page("redis:redis", "Redis {}"),
    "drupal": Page("drupal:drupal", "Drupal {}"),
    "oracle-database": Page("oracle:database_server", "Oracle Database {}"),
    "spring-framework": Page("vmware:spring_framework", "Spring Framework {}"),
}

# What comes after the end costs nothing: long-term support by a community.
FREE_EXTENSION = ("debian",)


def front_matter(path):
    """The YAML between the two lines of dashes."""
    text = path.read_text(encoding="utf-8")
    return yaml.safe_load(text.split("\n---", 1)[0].removeprefix("---"))


def as_yaml(value):
    """A value on one line. JSON is YAML, and leaves no doubt about what is a text."""
    return json.dumps(value, ensure_ascii=False)


def place_of(slug, page, release):
    """Which product and condition a cycle is for; None: it is left out."""
    cycle = str(release["releaseCycle"])
    if cycle in page.skip:
        return None
    if slug == "windows":
        return windows_client(cycle, release)
    if page.products:
        return page.products.get(cycle)
    when = page.when(cycle) if page.when else None
    return {"product": page.product, "when": when} if when else {"product": page.product}


def label_of(page, data, release):
    cycle = str(release["releaseCycle"])
    label = str(release.get("releaseLabel") or data.get("releaseLabel") or "__RELEASE_CYCLE__")
    if "{%" in label:
        label = cycle
    label = label.replace("__RELEASE_CYCLE__", cycle).replace("'__CODENAME__'", "").replace("(__CODENAME__)", "")
    label = " ".join(label.split())
    head = page.label.replace(" {}", "")
    return label if label.startswith(head) or label.startswith("AlmaLinux") else page.label.format(label)


def end_of(value):
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "yes" if value is True else "no"


def row_of(slug, page, data, release):
    """One line of `cycles`, as pairs."""
    place = place_of(slug, page, release)
    if place is None:
        return None
    row = [] if page.product else [("product", as_yaml(place["product"]))]
    row.append(("cycle", as_yaml(str(release["releaseCycle"]))))
    channel = " LTSC" if slug == "windows" and release.get("lts") else ""
    row.append(("label", as_yaml(label_of(page, data, release) + channel)))
    for key, theirs in (("released", "releaseDate"), ("mainstream_end", "eoas")):
        if isinstance(release.get(theirs), datetime.date):
            row.append((key, release[theirs].isoformat()))
    row.append(("end", end_of(release["eol"])))
    if isinstance(release.get("eoes"), datetime.date) and release["eoes"] != release["eol"]:
        row.append(("extended_end", release["eoes"].isoformat()))
    when = place.get("when")
    if not page.product and not when:  # the cycle is no beginning of the system's version
        when = {"os": place["product"]}
    if "sp" in place:
        when = {"all": [{"os": place["product"]}, {"service_pack": place["sp"]}]}
    if when:
        row.append(("when", as_yaml(when)))
    return row


def text_of(slug, page, data, commit, opened):
    lines = [
        "# SPDX-License-Identifier: Apache-2.0",
        f"# Support dates of {data['title']}. NOTICE: from endoflife.date, products/{slug}.md at {commit},",
        "# MIT, Copyright (c) 2020 endoflife.date contributors (see NOTICE). Written by tools/make_lifecycle.py.",
    ]
    if page.product:
        lines.append(f"product: {as_yaml(page.product)}")
    lines += [f"zone: {page.zone}", f'source: "https://endoflife.date/{slug}"', f"opened: {opened}"]
    lines += ["free_extension: true"] if slug in FREE_EXTENSION else []
    lines += ["cycles:"]
    for release in data["releases"]:
        row = row_of(slug, page, data, release)
        if row:
            lines.append("  - {" + ", ".join(f"{key}: {value}" for key, value in row) + "}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("products", type=pathlib.Path)
    parser.add_argument("--commit", default="a70eca3")
    parser.add_argument("--opened", default=datetime.date.today().isoformat(), help="the day the pages were read")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("content/lifecycle"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for slug, page in PAGES.items():
        data = front_matter(options.products / f"{slug}.md")
        (options.out / f"{slug}.yaml").write_text(text_of(slug, page, data, options.commit, options.opened),
                                                  encoding="utf-8")
    print(f"{len(PAGES)} files in {options.out}")


if __name__ == "__main__":
    main()
