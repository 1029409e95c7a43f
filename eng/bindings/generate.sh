#!/bin/bash
# Writes the C# bindings of the libbpf functions listed in functions.txt.
#
#   eng/bindings/generate.sh            writes them
#   eng/bindings/generate.sh --check    fails with a diff when they are not what the headers and the list say
set -euo pipefail
root=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
"$root/eng/native/build-libbpf.sh" >&2
clang=$("$root/eng/llvm.sh" clang)

bindings=src/Beyla.Native/Interop/LibBpf.g.cs
layout=tests/Beyla.Native.Tests/LibBpfLayout.g.cs
to=$(mktemp -d)
trap 'rm -rf "$to"' EXIT
python3 "$root/eng/bindings/generate.py" "$clang" "$root/artifacts/native/include" "$root/eng/bindings/functions.txt" \
  "$to/bindings.cs" "$to/layout.cs"
if [ "${1:-}" = --check ]; then
  diff -u "$root/$bindings" "$to/bindings.cs" && diff -u "$root/$layout" "$to/layout.cs" && echo "the bindings are up to date"
else
  cp "$to/bindings.cs" "$root/$bindings"
  cp "$to/layout.cs" "$root/$layout"
fi
