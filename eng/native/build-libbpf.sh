#!/bin/bash
# Builds the libbpf that Beyla.Native carries, from pinned sources, and lays out its headers:
#
#   artifacts/native/linux-x64/libbpf.so.1    needs only glibc, 2.28 or newer
#   artifacts/native/include/bpf/*.h          for BPF programs and for the bindings generator
#   artifacts/native/include/linux/*.h        the kernel headers of that same release
#
# Does nothing when they are there already. A second clone on the same machine takes them from
# ${XDG_CACHE_HOME:-~/.cache}/beyla-native. The sources come from the Debian archive that apt on this machine uses.
# To relink with another libelf: point elfutils_* below at its source and run this script.
set -euo pipefail

libbpf_version=1.5.0 libbpf_suite=trixie
libbpf_tar=libbpf_1.5.0.orig.tar.gz
libbpf_sha256=53492aff6dd47e4da04ef5e672d753b9743848bdb38e9d90eafbe190b7983c44
elfutils_version=0.188 elfutils_suite=bookworm
elfutils_tar=elfutils_0.188.orig.tar.bz2
elfutils_sha256=fb8b0e8d0802005b9a309c60c1d8de32dd2951b56f0c3a3cb56d21ce01595dff
glibc_newest=2.28

self=$(realpath "$0")
root=$(dirname "$(dirname "$(dirname "$self")")")
out=$root/artifacts/native
recipe=$(sha256sum <"$self" | cut -c1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/beyla-native/$recipe
started=$SECONDS

# A tree is whole when it was made by this very script and every file still has its checksum.
whole() {
  [ -f "$1/SHA256SUMS" ] && [ "$(cat "$1/recipe" 2>/dev/null)" = "$recipe" ] && (cd "$1" && sha256sum --quiet -c SHA256SUMS >/dev/null 2>&1)
}

install_tree() {
  rm -rf "$out.new" && mkdir -p "$(dirname "$out")" && cp -r "$cache" "$out.new"
  rm -rf "$out" && mv "$out.new" "$out"
}

if whole "$out"; then
  echo "libbpf $libbpf_version is built: $out"
  exit 0
fi
if whole "$cache"; then
  install_tree
  echo "libbpf $libbpf_version taken from $cache in $((SECONDS - started)) s"
  exit 0
fi
[ "$(uname -m)" = x86_64 ] || { echo "build-libbpf: only linux-x64 is built for now" >&2; exit 1; }

missing=()
for package in gcc make m4 bzip2 libc6-dev zlib1g-dev; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] || { echo "build-libbpf: install first: apt-get install ${missing[*]}" >&2; exit 1; }
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" >/dev/null
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 1. Sources, through an apt directory of our own so that the machine's lists stay as they are.
mkdir -p "$work"/apt/{lists/partial,cache/archives/partial} "$work/src"
: >"$work/apt/status"
archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u | grep -m1 -E '/debian/?$') ||
  { echo "build-libbpf: apt knows no Debian archive; run apt-get update first" >&2; exit 1; }
for suite in $libbpf_suite $elfutils_suite; do
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $suite main"
done >"$work/apt/sources.list"
apt=(-qq -o "Dir::Etc::SourceList=$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$work/apt/lists" -o "Dir::Cache=$work/apt/cache" -o "Dir::State::status=$work/apt/status"
  -o Debug::NoLocking=1 -o APT::Sandbox::User=root -o Acquire::Languages=none)
apt-get "${apt[@]}" update
cd "$work/src"
apt-get "${apt[@]}" --download-only --only-source --tar-only source libbpf/$libbpf_suite elfutils/$elfutils_suite >/dev/null
sha256sum --quiet -c - <<<"$libbpf_sha256  $libbpf_tar
$elfutils_sha256  $elfutils_tar"
tar xf "$libbpf_tar"
tar xf "$elfutils_tar"
libbpf=$work/src/libbpf-$libbpf_version elfutils=$work/src/elfutils-$elfutils_version

# 2. libelf. Debian's libelf.a is not position-independent, hence elfutils' own libelf_pic.a, without any optional compression.
log=$work/build.log
trap 'status=$?; [ $status = 0 ] || tail -40 "$log" >&2; rm -rf "$work"; exit $status' EXIT
flags="-O2 -fPIC -ffile-prefix-map=$work="
(
  cd "$elfutils"
  CFLAGS=$flags ./configure --disable-debuginfod --disable-libdebuginfod --without-bzlib --without-lzma --without-zstd \
    --disable-nls --disable-symbol-versioning
  make -j"$(nproc)" -C lib
  make -j"$(nproc)" -C libelf libelf_pic.a
) >"$log" 2>&1

# 3. libbpf. fstat became a symbol of its own in glibc 2.33; the hidden ones here keep the library loadable on 2.28.
cat >"$work/fstat.c" <<'SHIM'
struct stat;
struct stat64;
extern int old_fxstat(int version, int fd, struct stat *to);
extern int old_fxstat64(int version, int fd, struct stat64 *to);
__asm__(".symver old_fxstat,__fxstat@GLIBC_2.2.5");
__asm__(".symver old_fxstat64,__fxstat64@GLIBC_2.2.5");
__attribute__((visibility("hidden"))) int fstat(int fd, struct stat *to) { return old_fxstat(1, fd, to); }
__attribute__((visibility("hidden"))) int fstat64(int fd, struct stat64 *to) { return old_fxstat64(1, fd, to); }
SHIM
(
  mkdir "$work/obj"
  cd "$libbpf/src"
  printf '%s\n' *.c | xargs -P "$(nproc)" -I{} gcc $flags -std=gnu89 -fvisibility=hidden -DSHARED -D_LARGEFILE64_SOURCE \
    -D_FILE_OFFSET_BITS=64 -I. -I../include -I../include/uapi -I"$elfutils/libelf" -c {} -o "$work/obj/{}.o"
  gcc $flags -c "$work/fstat.c" -o "$work/obj/fstat.o"
  gcc -shared -O2 -Wl,--version-script=libbpf.map -Wl,-soname,libbpf.so.1 -Wl,--exclude-libs,ALL -Wl,-z,defs -Wl,-z,relro,-z,now \
    -o "$work/libbpf.so.1" "$work"/obj/*.o "$elfutils/libelf/libelf_pic.a" "$elfutils/lib/libeu.a" -Wl,-Bstatic -lz -Wl,-Bdynamic
  strip -s "$work/libbpf.so.1"
) >>"$log" 2>&1

# 4. What is promised above is checked here.
: >"$log"
needed=$(objdump -p "$work/libbpf.so.1" | awk '$1 == "NEEDED" { print $2 }' | sort | tr '\n' ' ')
glibc=$(objdump -T "$work/libbpf.so.1" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -1)
foreign=$(nm -D --defined-only "$work/libbpf.so.1" | awk '{ print $3 }' | grep -vE '^(bpf_|btf_|libbpf_|ring_|user_ring_|perf_|LIBBPF_)' || true)
[ "$needed" = "ld-linux-x86-64.so.2 libc.so.6 " ] || { echo "build-libbpf: needs $needed" >&2; exit 1; }
[ "$(printf '%s\n' "$glibc" "GLIBC_$glibc_newest" | sort -V | tail -1)" = "GLIBC_$glibc_newest" ] || { echo "build-libbpf: needs $glibc" >&2; exit 1; }
[ -z "$foreign" ] || { echo "build-libbpf: exports foreign symbols: $foreign" >&2; exit 1; }

# 5. Into the cache as a whole or not at all, then into the repository.
tree=$work/tree
mkdir -p "$tree"/{linux-x64,include/bpf,include/linux}
cp "$work/libbpf.so.1" "$tree/linux-x64/"
for header in bpf libbpf btf libbpf_common libbpf_legacy bpf_helpers bpf_helper_defs bpf_tracing bpf_endian bpf_core_read libbpf_version usdt.bpf; do
  cp "$libbpf/src/$header.h" "$tree/include/bpf/"
done
cp "$libbpf"/include/uapi/linux/*.h "$tree/include/linux/"
echo "$recipe" >"$tree/recipe"
(cd "$tree" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
mkdir -p "$(dirname "$cache")"
rm -rf "$cache.new" "$cache"
cp -r "$tree" "$cache.new" && mv "$cache.new" "$cache"
install_tree
echo "libbpf $libbpf_version built in $((SECONDS - started)) s: $(stat -c %s "$out/linux-x64/libbpf.so.1") bytes, $glibc"
