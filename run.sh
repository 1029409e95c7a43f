#!/usr/bin/env bash
# Builds the agent and shows it at work on a demo shop:
#
#   ./run.sh                       the shop on DEMO_PORT (8080), with customers, observed until Ctrl-C or for DEMO_SECONDS
#   OPEN_PORT=9090 ./run.sh        no shop: observes what listens on port 9090 (EXECUTABLE_NAME likewise)
#   ./run.sh --help                arguments go to the agent
#
# Spans are printed; metrics are at BEYLA_PROMETHEUS_PORT (8999). Needs root to run, not to build.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
agent=artifacts/agent/beyla
demo=artifacts/demo/demo-shop

# Whether a source is newer than what was built of it; what is missing is older than everything.
outdated() {
  local built=$1
  shift
  [ ! -e "$built" ] || [ -n "$(find "$@" -type d \( -name bin -o -name obj \) -prune -o -type f -newer "$built" -print -quit)" ]
}

eng/setup.sh >&2
if outdated "$agent" src bpf Directory.Build.props Directory.Packages.props; then
  echo "run: publishing the agent; this takes a minute or two" >&2
  dotnet publish src/Beyla.Agent -c Release -r linux-x64 -o artifacts/agent -v quiet --nologo
  touch "$agent"
fi

started=()
finish() {
  local process
  for process in "${started[@]}"; do
    kill "$process" 2>/dev/null || true
  done
  wait
}
trap finish EXIT

# Processes are started in sessions of their own: Ctrl-C reaches this script alone, which ends them in order.
start() {
  setsid "$@" &
  started+=($!)
}

export PRINT_TRACES=${PRINT_TRACES:-true}
export BEYLA_PROMETHEUS_PORT=${BEYLA_PROMETHEUS_PORT:-8999}
selected=${OPEN_PORT:-}${BEYLA_OPEN_PORT:-}${OTEL_EBPF_OPEN_PORT:-}${EXECUTABLE_NAME:-}${BEYLA_EXECUTABLE_NAME:-}
selected+=${OTEL_EBPF_EXECUTABLE_NAME:-}${BEYLA_AUTO_TARGET_EXE:-}${BEYLA_TARGET_PID:-}
if [ -z "$selected" ] && [ $# -eq 0 ]; then
  port=${DEMO_PORT:-8080}
  if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "run: port $port is in use; set DEMO_PORT to another, or OPEN_PORT=$port to observe what is there" >&2
    exit 1
  fi

  if outdated "$demo" samples/DemoService; then
    dotnet publish samples/DemoService -c Release -o artifacts/demo -v quiet --nologo
    touch "$demo"
  fi

  start "$demo" --port "$port"
  for ((i = 0; i < 100; i++)); do
    if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    sleep 0.1
  done

  start "$demo" --traffic --port "$port"
  export OPEN_PORT=$port
  echo "run: the shop is at http://127.0.0.1:$port/ and has customers" >&2
fi

if [ -n "${DEMO_SECONDS:-}" ]; then
  set -- --duration "$DEMO_SECONDS" "$@"
fi

echo "run: metrics: curl http://127.0.0.1:$BEYLA_PROMETHEUS_PORT/metrics" >&2
setsid "$agent" "$@" &
observer=$!
trap 'kill "$observer" 2>/dev/null || true' INT TERM

# A trapped signal ends a wait early; the exit code is that of the wait that saw the agent end.
code=0
wait "$observer" || code=$?
while kill -0 "$observer" 2>/dev/null; do
  code=0
  wait "$observer" || code=$?
done
exit "$code"
