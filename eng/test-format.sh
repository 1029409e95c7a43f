#!/usr/bin/env bash
# Checks what the compiler does not: the layout of the BPF sources, the shell scripts, and that generated bindings are what
# their generator makes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# One release of clang-format, since each has ideas of its own.
git ls-files -z 'bpf/*.c' 'bpf/*.h' | xargs -0 clang-format-19 --dry-run --Werror
{
  git ls-files -z '*.sh'
  printf '.ci/run\0'
} | xargs -0 shellcheck
eng/bindings/generate.sh --check
echo "format: clean"
