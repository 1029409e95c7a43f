#!/usr/bin/env bash
# Compiles the BPF programs into one stripped object.
#
#   bpf/build.sh OUTPUT [INCLUDE_DIR]
#
# INCLUDE_DIR holds libbpf's headers (bpf/bpf_helpers.h …); without it the compiler's own search path is used. Exits
# with 3 when clang is missing, so that the build can tell that from a mistake in the sources.
set -euo pipefail

output=$1
include=${2:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The newest clang and the llvm-strip of the same release: an older strip does not know a newer object's notes.
find_tool() {
  local version
  for version in 21 20 19 18 17 16 15 14; do
    if command -v "$1-$version"; then return; fi
  done
  command -v "$1"
}

clang=$(find_tool clang) || { echo "bpf: no clang found; install it (Debian: apt-get install clang-19 llvm-19)" >&2; exit 3; }
strip=$(find_tool llvm-strip) || { echo "bpf: no llvm-strip found; install it (Debian: apt-get install llvm-19)" >&2; exit 3; }

flags=(-target bpf -mcpu=v3 -O2 -g -std=gnu11 -D__TARGET_ARCH_x86
  -Wall -Wextra -Wpadded -Werror -Wno-unused-parameter
  "-ffile-prefix-map=$here=." "-I$here")
[ -n "$include" ] && [ -d "$include/bpf" ] && flags+=("-isystem" "$include")
multiarch=/usr/include/$(uname -m)-linux-gnu
[ -d "$multiarch" ] && flags+=("-isystem" "$multiarch")

mkdir -p "$(dirname "$output")"
"$clang" "${flags[@]}" -c "$here/beyla.bpf.c" -o "$output.tmp"
"$strip" -g "$output.tmp" # drops DWARF; the BTF stays
mv "$output.tmp" "$output"
