#!/usr/bin/env bash
# Unpacks packages of any Debian suite into a folder of one's own; installs nothing and needs no root.
#
#   eng/debian/unpack.sh SUITE FOLDER PACKAGE…
#
# Only the packages named, without their dependencies. They come from the archive that this machine's apt uses. What was
# unpacked before is not asked for again; a download is kept in ~/.cache/beyla-debian.
set -euo pipefail

[ $# -ge 3 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
suite=$1 folder=$2
shift 2

stamp=$folder/.unpacked
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$suite $*" ]; then
  exit 0
fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/beyla-debian/$suite
mkdir -p "$cache/lists/partial" "$cache/archives/partial" "$cache/packages"

# The archive of the distribution itself, as opposed to its security or third-party ones.
# shellcheck disable=SC2016 # $(REPO_URI) is for apt-get
archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u | grep -m 1 -E '/debian/?$') ||
  { echo "debian: apt knows no Debian archive here; run apt-get update, or use Debian" >&2; exit 1; }

# Lists of its own and an empty package database, so that nothing of the machine's state plays a part.
: >"$cache/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $suite main" >"$cache/sources.list"
options=(-q=2 -o "Dir::Etc::SourceList=$cache/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$cache/lists" -o "Dir::State::status=$cache/status" -o "Dir::Cache::archives=$cache/archives"
  -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Acquire::Languages=none -o Debug::NoLocking=1)
if [ "$(id -u)" -eq 0 ]; then
  options+=(-o APT::Sandbox::User=root)
fi

mkdir -p "$folder"
for package in "$@"; do
  deb=$(find "$cache/packages" -name "${package}_*.deb" | sort | tail -n 1)
  if [ -z "$deb" ]; then
    [ -f "$cache/updated" ] || { apt-get "${options[@]}" update && touch "$cache/updated"; }
    (cd "$cache/packages" && apt-get "${options[@]}" download "$package")
    deb=$(find "$cache/packages" -name "${package}_*.deb" | sort | tail -n 1)
  fi

  dpkg -x "$deb" "$folder"
done

echo "$suite $*" >"$stamp"
