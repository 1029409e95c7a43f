#!/usr/bin/env bash
# Packs, checks what is in the packages, and builds the samples that use them as a stranger would.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
eng/pack.sh

fail() {
  echo "packages: $*" >&2
  exit 1
}

expect() {
  local package=$1 entry
  shift
  local entries
  entries=$(python3 -m zipfile -l "$(ls packages-local/"$package".[0-9]*.nupkg)" | awk 'NR > 1 { print $1 }')
  for entry in "$@"; do
    grep -qxF "$entry" <<<"$entries" || fail "$package lacks $entry"
  done

  # Nothing of the build machine, no tests and no other native library slips in.
  local extra
  extra=$(grep -vE '^(_rels/|package/|\[Content_Types\]\.xml|[^/]+\.nuspec|LICENSE|README\.md|THIRD-PARTY-NOTICES\.md|lib/net10\.0/Beyla\.[A-Za-z.]+\.(dll|xml)|build(Transitive)?/|runtimes/linux-x64/native/libbpf\.so\.1$)' <<<"$entries" || true)
  [ -z "$extra" ] || fail "$package has what it should not have: $extra"
}

for package in Beyla.Core Beyla.Native Beyla.Extensions.Hosting Beyla.Exporters.Prometheus Beyla.Exporters.Otlp; do
  expect "$package" "lib/net10.0/$package.dll" "lib/net10.0/$package.xml" "$package.nuspec"
done
expect Beyla.Native runtimes/linux-x64/native/libbpf.so.1
grep -q beyla.bpf.o src/Beyla.Core/bin/Release/net10.0/Beyla.Core.dll || fail "Beyla.Core has no BPF programs in it"

# From nothing, so that no earlier restore can stand in for these packages.
for sample in EmbeddedAgent OpenTelemetryHost; do
  rm -rf "samples/$sample/bin" "samples/$sample/obj"
  dotnet build "samples/$sample" -v quiet --nologo
  find "samples/$sample/bin" -name libbpf.so.1 | grep -q . || fail "the output of $sample lacks libbpf"
done
echo "packages: all as they should be"
