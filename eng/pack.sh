#!/usr/bin/env bash
# Packs the libraries into packages-local, the feed that samples and package tests restore from, and forgets the copies that
# the package cache has of them, since a version that was restored once is never looked at again.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
feed=packages-local

"$root/eng/native/build-libbpf.sh"
rm -f "$feed"/Beyla.*.nupkg "$feed"/Beyla.*.snupkg
for project in src/*/*.csproj; do
  # A project that is not packable is passed over in silence.
  dotnet pack "$project" -c Release -o "$feed" -v quiet --nologo
done

cache=$(dotnet nuget locals global-packages --list | sed -n 's/^global-packages: //p')
for package in "$feed"/Beyla.*.nupkg; do
  name=$(basename "$package" .nupkg)
  id=$(sed -E 's/\.[0-9]+\.[0-9]+\.[0-9]+.*$//' <<<"$name")
  version=${name#"$id".}
  rm -rf "${cache:?}/${id,,}/$version"
  echo "$package"
done
