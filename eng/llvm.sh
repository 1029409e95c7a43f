#!/usr/bin/env bash
# Prints the path of a tool of LLVM: the newest release from 19 on.
#
#   eng/llvm.sh clang        eng/llvm.sh llvm-strip
#
# Older releases compile the programs, too, but merge loads through different pointers into one instruction, which the
# kernel's verifier refuses ("same insn cannot be used with different pointers"), and lack signed enums in BTF.
set -euo pipefail

tool=$1
for version in 21 20 19; do
  command -v "$tool-$version" && exit
done

# A distribution may have a new release under the plain name only.
if path=$(command -v "$tool") && "$path" --version | grep -qE 'version (19|[2-9][0-9])\.'; then
  echo "$path"
  exit
fi

echo "$tool 19 or later is missing; install it (Debian: apt-get install clang-19 llvm-19)" >&2
exit 1
