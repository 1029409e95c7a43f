#!/usr/bin/env bash
# Installs what building and testing need (Debian or Ubuntu) and builds the native library. Does nothing but look when all
# of it is there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { echo "setup: $*" >&2; }

sdk=$(dotnet --list-sdks 2>/dev/null | grep -c '^10\.' || true)
if [ "$sdk" -eq 0 ]; then
  say "the .NET 10 SDK is missing; install it first (package dotnet-sdk-10.0 of your distribution, or Microsoft's)"
  exit 1
fi

have() { command -v "$1" >/dev/null; }

missing=()
"$root/eng/llvm.sh" clang >/dev/null 2>&1 || missing+=(clang-19)
"$root/eng/llvm.sh" llvm-strip >/dev/null 2>&1 || missing+=(llvm-19)
have clang-format-19 || missing+=(clang-format-19)
have python3 || missing+=(python3)
have curl || missing+=(curl)
have setsid || missing+=(util-linux)
have promtool || missing+=(prometheus)
have shellcheck || missing+=(shellcheck)

# The linker of NativeAOT.
have gcc || missing+=(gcc)
[ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
[ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)

if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    say "missing: ${missing[*]}; run this as root, or: apt-get install ${missing[*]}"
    exit 1
  fi

  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update

  say "installing ${missing[*]}"
  apt-get -qq -y --no-install-recommends install "${missing[@]}" >/dev/null
fi

"$root/eng/native/build-libbpf.sh"
