#!/usr/bin/env bash
# Checks what the compiler does not: the layout of the BPF sources, the shell scripts, and that generated bindings are what
# their generator makes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# One release of clang-format, since each has ideas of its own.
git ls-files -z 'bpf/*.c' 'bpf/*.h' | xargs -0 clang-format-19 --dry-run --Werror

# SC2154: shellcheck 0.9 does not see what a trap assigns.
{
  git ls-files -z '*.sh'
  printf '.ci/run\0'
} | xargs -0 shellcheck --severity=warning --exclude=SC2154
eng/bindings/generate.sh --check
echo "format: clean"
