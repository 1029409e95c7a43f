#!/usr/bin/env bash
# Publishes the agent as native code and fails on any warning of the trimmer or the compiler. Then the result must start.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
log=artifacts/publish.log
mkdir -p artifacts

# Warnings are told once and not again for what is up to date, hence from the start.
rm -rf artifacts/agent src/Beyla.Agent/obj/Release src/Beyla.Agent/bin/Release
dotnet publish src/Beyla.Agent -c Release -r linux-x64 -o artifacts/agent --nologo -v minimal 2>&1 | tee "$log"
if grep -E 'warning|IL[23][0-9]{3}' "$log"; then
  echo "aot: the publish is not free of warnings" >&2
  exit 1
fi

artifacts/agent/beyla --version
# The configuration must be read and written without reflection: what it prints of the sample it must understand.
artifacts/agent/beyla config --config samples/beyla-config.yml >artifacts/effective.yml
artifacts/agent/beyla config --config artifacts/effective.yml >artifacts/again.yml
diff <(sed 's/  # .*//' artifacts/effective.yml) <(sed 's/  # .*//' artifacts/again.yml)
artifacts/agent/beyla config schema >artifacts/schema.json
echo "aot: $(stat -c %s artifacts/agent/beyla) bytes, no warnings"
