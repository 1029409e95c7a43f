#!/usr/bin/env bash
# Builds everything and runs all tests. The last line says "N passed, N failed, N skipped"; the exit code is not 0 when a
# test failed or none ran.
#
#   ./test.sh                      all tests/*/
#   ./test.sh Beyla.Core.Tests     these only
#
# Tests that need root, a kernel feature or a runtime skip with a reason where it is missing. With
# BEYLA_REQUIRE_RUNTIMES=1 a missing runtime is a failure.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"

# One project must not be able to use up all the time there is.
limit=20m

eng/setup.sh
if [ -x eng/fleet/install.sh ] && [ "$(id -u)" -eq 0 ]; then
  eng/fleet/install.sh
fi

# Go releases and TLS libraries whose binaries differ from the machine's.
eng/fleet/toolchains.sh
eng/fleet/rust.sh
eng/fleet/grpc.sh

# Message definitions to decode with, and a back end to send to, that the distribution has in its newest suite.
eng/debian/unpack.sh sid artifacts/otlp-proto opentelemetry-proto
eng/debian/unpack.sh sid artifacts/victoria-metrics victoria-metrics

if [ $# -eq 0 ]; then
  for project in tests/*/*.csproj; do
    set -- "$@" "$(basename "$project" .csproj)"
  done
fi

dotnet build Beyla.sln --nologo -v quiet

results=artifacts/tests
mkdir -p "$results"
passed=0 failed=0 skipped=0

# An attribute of the first <assembly> element of a result file.
attribute() { grep -m1 -o "<assembly [^>]*" "$1" | grep -oP " $2=\"\K[0-9]+" || echo 0; }

for name in "$@"; do
  result=$results/$name.xml
  rm -f "$result"
  code=0
  timeout --kill-after=30s "$limit" "tests/$name/bin/Debug/net10.0/$name" -noColor -noLogo -result-xml "$result" 2>&1 |
    tee "$results/$name.log" || code=$?
  if [ -s "$result" ]; then
    bad=$(($(attribute "$result" failed) + $(attribute "$result" errors)))
    passed=$((passed + $(attribute "$result" passed)))
    failed=$((failed + bad))
    skipped=$((skipped + $(attribute "$result" skipped)))
  else
    bad=0
  fi

  # A run that broke off, or never began, has no failed test to show for it.
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "test: $name ended with exit code $code" >&2
    failed=$((failed + 1))
  fi
done

if [ "$skipped" -gt 0 ]; then
  echo "Skipped:"
  for name in "$@"; do
    grep -h -A1 -F '[SKIP]' "$results/$name.log" | grep -v '^--$' || true
  done
fi

if [ "$passed" -eq 0 ] && [ "$failed" -eq 0 ]; then
  echo "test: no test ran" >&2
  failed=1
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
