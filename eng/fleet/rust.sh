#!/bin/sh
# Builds, into artifacts/rust, the fleet's HTTPS servers in Rust, from crates that Debian has packaged. Leaves out, and says
# so, what this machine's cargo is too old for. Cargo itself sees what is up to date.
set -eu

# Of rustls; OpenSSL's crates take the cargo of Debian 12.
oldest=1.71

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

version=$(cargo --version 2>/dev/null | cut -d' ' -f2 || true)
if [ -z "$version" ]; then
	echo "fleet: no cargo, no servers in Rust with TLS; eng/fleet/install.sh installs it" >&2
	exit 0
fi

set -- bitflags cc cfg-if foreign-types-0.3 foreign-types-shared-0.1 getrandom libc once-cell openssl openssl-macros openssl-sys \
	pkg-config proc-macro2 quote ring rustls rustls-pki-types rustls-webpki shlex subtle syn unicode-ident untrusted vcpkg zeroize
for crate in "$@"; do
	shift
	set -- "$@" "librust-$crate-dev"
done
eng/debian/unpack.sh trixie artifacts/rust-crates "$@"

# A copy: cargo writes its lock file beside the sources.
mkdir -p artifacts/rust/source
cp -u tests/Beyla.IntegrationTests/Servers/rust/* artifacts/rust/source/
for library in openssl openssl-static rustls; do
	if [ "$library" = rustls ] && [ "$(printf '%s\n' "$oldest" "$version" | sort -V | head -n 1)" != "$oldest" ]; then
		echo "fleet: cargo $version is older than rustls wants ($oldest)" >&2
		continue
	fi
	# A part of the program only when asked for by name: pkg-config takes the system's library for a shared one.
	static=
	if [ "$library" = openssl-static ]; then
		static="OPENSSL_STATIC=1 OPENSSL_LIB_DIR=/usr/lib/x86_64-linux-gnu OPENSSL_INCLUDE_DIR=/usr/include"
	fi
	# shellcheck disable=SC2086 # one word for each variable
	env $static cargo build --quiet --release --offline --manifest-path artifacts/rust/source/Cargo.toml \
		--features "${library%-static}" --target-dir "artifacts/rust/$library" \
		--config 'source.crates-io.replace-with="debian"' \
		--config "source.debian.directory=\"$root/artifacts/rust-crates/usr/share/cargo/registry\""
done
