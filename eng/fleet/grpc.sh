#!/bin/sh
# Brings gRPC for Go and for Node into artifacts/, for the tests that observe it; Python's is a package of Debian, .NET's
# comes with the build. Needs no root; does nothing but look when everything is there already.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

# Sources: the Go release that eng/fleet/toolchains.sh unpacks from the same suite compiles them, and newer ones too.
while read -r suite folder; do
	eng/debian/unpack.sh "$suite" "artifacts/$folder" golang-google-grpc-dev golang-google-protobuf-dev golang-google-genproto-dev \
		golang-github-golang-protobuf-1-5-dev golang-golang-x-net-dev golang-golang-x-sys-dev golang-golang-x-text-dev
done <<'LIST'
bookworm go-grpc-1.33
trixie go-grpc
LIST

if ! command -v npm >/dev/null 2>&1; then
	echo "fleet: no npm, no gRPC for Node; eng/fleet/install.sh installs it" >&2
	exit 0
fi

if ! cmp -s eng/fleet/npm/package-lock.json artifacts/npm/package-lock.json || [ ! -d artifacts/npm/node_modules ]; then
	mkdir -p artifacts/npm
	cp eng/fleet/npm/package.json artifacts/npm/
	cp eng/fleet/npm/package-lock.json artifacts/npm/.lock
	(cd artifacts/npm && cp .lock package-lock.json && npm ci --silent --no-audit --no-fund) || { rm -f artifacts/npm/package-lock.json; exit 1; }
fi
