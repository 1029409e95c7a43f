#!/bin/sh
# Unpacks, into artifacts/, what tests need of other releases of Debian than the machine's: Go toolchains and TLS libraries.
# Needs no root; does nothing but look when everything is there already.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

# One Go release for each form of its table of functions, and the newest.
while read -r suite release; do
	eng/debian/unpack.sh "$suite" "artifacts/go-$release" "golang-$release-go" "golang-$release-src"
done <<'LIST'
bullseye 1.15
bookworm 1.19
trixie 1.24
sid 1.27
LIST

# OpenSSL in the releases whose structures differ, with a program that uses it and the C library that it needs.
eng/debian/unpack.sh bullseye artifacts/openssl-1.1 libssl1.1 openssl libc6
eng/debian/unpack.sh trixie artifacts/openssl-3.5 libssl3t64 openssl libc6 libzstd1 zlib1g
eng/debian/unpack.sh sid artifacts/openssl-sid libssl3t64 openssl libc6 libzstd1 zlib1g
