#!/bin/sh
# Installs the runtimes whose servers and clients the integration tests observe (Debian 12 or later).
# Needs root; does nothing but look when everything is there already.
set -eu

# What counts as "there" is the command, not the package: a runtime that came another way is as good.
missing=
while read -r command package; do
	command -v "$command" >/dev/null 2>&1 || missing="$missing $package"
done <<'LIST'
/usr/bin/python3 python3
node nodejs
nginx nginx
go golang-go
ruby ruby
puma puma
javac default-jdk-headless
php php-cli
cc gcc
strip binutils
unshare util-linux
openssl openssl
rustc rustc
cargo cargo
pkg-config pkg-config
setpriv util-linux
/usr/sbin/apache2 apache2-bin
curl curl
h2load nghttp2-client
npm npm
LIST

# These have no command of their own.
while read -r file package; do
	[ -e "$file" ] || missing="$missing $package"
done <<'LIST'
/usr/include/stdio.h libc6-dev
/usr/include/openssl/ssl.h libssl-dev
/usr/lib/x86_64-linux-gnu/libssl.a libssl-dev
/usr/lib/python3/dist-packages/uvicorn python3-uvicorn
/usr/lib/python3/dist-packages/uvloop python3-uvloop
/usr/lib/python3/dist-packages/curl python3-pycurl
/usr/lib/python3/dist-packages/grpc python3-grpcio
LIST

if [ -z "$missing" ]; then
	echo "fleet: every runtime is present"
	exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
	echo "fleet: missing:$missing; run this as root to install them" >&2
	exit 1
fi

echo "fleet: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # one word for each package
apt-get install -q -y --no-install-recommends $missing
