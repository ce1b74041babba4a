#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian 12 packages for what the arguments name: build, demo, test, proof, fuzz. What is there stays as it
# is: with nothing missing nothing is done, nobody need be root, and no network is used.
set -euo pipefail

build=(
  ccache cmake g++ make ninja-build pkg-config python3
  libarchive-dev libcli11-dev libexpat1-dev libexpected-dev libfmt-dev libisal-dev libjemalloc-dev libmnl-dev libpcap-dev libpcre2-dev
  libspdlog-dev libsqlite3-dev libssl-dev libvectorscan-dev libyaml-cpp-dev nlohmann-json3-dev zlib1g-dev
)
demo=(curl iproute2 nftables nginx-light procps samba smbclient)
test=(
  clang-format-14 clang-tidy-14 iptables libgtest-dev python3-yaml  # iptables: for nft to print our queue rule
  bind9 bind9-dnsutils openssh-client openssh-server openssl redis-server redis-tools rsync samba-vfs-modules tcpdump
)
# Servers and clients for tests/benign_clients that are large, or of which a host has only one kind.
proof=(exim4-daemon-light freetds-bin inetutils-telnet inetutils-telnetd mariadb-client mariadb-server postgresql tnftp vsftpd)
fuzz=(clang)

# Servers that come with their packages. The demonstration runs its own, in a namespace, and this machine
# shall not begin to serve anything because of us.
services=(exim4 mariadb named nginx nmbd postgresql redis-server rsync samba-ad-dc smbd ssh vsftpd)

say() { echo "install_packages: $*" >&2; }

wanted=()
for purpose in "$@"; do
  case $purpose in
    build) wanted+=("${build[@]}") ;;
    demo) wanted+=("${demo[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    proof) wanted+=("${proof[@]}") ;;
    fuzz) wanted+=("${fuzz[@]}") ;;
    *) say "unknown purpose '$purpose' (valid: build, demo, test, proof, fuzz)"; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null; then
  say "this is no Debian. Install what corresponds to: ${wanted[*]}"
  exit 1
fi

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

missing=()
for package in "${wanted[@]}"; do
  # Another nginx serves as well, and cannot be installed beside this one.
  if [[ $package == nginx-light && -x /usr/sbin/nginx ]]; then continue; fi
  is_installed "$package" || missing+=("$package")
done
((${#missing[@]} == 0)) && exit 0

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    say "missing: ${missing[*]}"
    say "neither root nor sudo is at hand; as root do: apt-get install --no-install-recommends ${missing[*]}"
    exit 1
  fi
  as_root=(sudo)
fi

say "installing ${missing[*]}"
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  # Packages ask this before they start a service; 101 is no.
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
newly=()
for service in "${services[@]}"; do
  [[ -e /lib/systemd/system/$service.service ]] || newly+=("$service")
done
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
"${apt[@]}" -q update
"${apt[@]}" -q -y --no-remove --no-install-recommends install "${missing[@]}"

# Not at the next boot either, unless they were there before us.
for service in "${newly[@]}"; do
  if [[ -e /lib/systemd/system/$service.service ]] && command -v systemctl >/dev/null; then
    "${as_root[@]}" systemctl --quiet disable "$service" || say "could not disable $service"
  fi
done
