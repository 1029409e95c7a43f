#!/usr/bin/env bash
# Compiles the BPF programs into one stripped object.
#
#   bpf/build.sh OUTPUT [INCLUDE_DIR]
#
# INCLUDE_DIR holds libbpf's headers (bpf/bpf_helpers.h …); without it the compiler's own search path is used. Exits
# with 3 when clang is missing or too old, so that the build can tell that from a mistake in the sources.
set -euo pipefail

output=$1
include=${2:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# An llvm-strip of an older release than clang does not know a newer object's notes, so both come from one place.
clang=$("$here/../eng/llvm.sh" clang) || exit 3
strip=$("$here/../eng/llvm.sh" llvm-strip) || exit 3

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
