#!/usr/bin/env bash
# Kills a broker in the middle of producing, many times over, and prints after every round how many records were
# acknowledged, found and lost so far. Fails with the first record lost, doubled or out of order.
#
#   ./tools/kill-rounds.sh [rounds, default 200] [seed]
set -euo pipefail
cd "$(dirname "$0")/.."

export FASTLOG_KILL_ROUNDS="${1:-200}"
if [ "$#" -gt 1 ]; then export FASTLOG_TEST_SEED="$2"; fi
exec dotnet test tests/FastLog.Interop -c Release --nologo -v q --filter FullyQualifiedName~KillTests \
  --logger "console;verbosity=detailed"
