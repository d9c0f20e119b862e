#!/usr/bin/env bash
# Kills a broker in the middle of producing, many times over, and prints after every round how many records were
# acknowledged, found and lost so far, and at the end the sums over all topics. Four ways of writing share the rounds:
# plain, idempotent, with deletes, and with keys into a compacted topic. In some rounds the broker is killed again while
# it recovers. Fails with the first record lost, doubled or out of order.
#
#   ./tools/kill-rounds.sh [rounds, default 1000] [seed]
set -uo pipefail
cd "$(dirname "$0")/.."

export FASTLOG_KILL_ROUNDS="${1:-1000}" FASTLOG_KILL_LINES
if [ "$#" -gt 1 ]; then export FASTLOG_TEST_SEED="$2"; fi
FASTLOG_KILL_LINES=$(mktemp)
trap 'kill "$tail_pid" 2>/dev/null; rm -f "$FASTLOG_KILL_LINES"' EXIT

# The test host keeps a test's output until its end; the rounds are read as they come from a file.
tail -n +1 -f "$FASTLOG_KILL_LINES" &
tail_pid=$!
dotnet test tests/FastLog.Interop -c Release --nologo -v q --filter FullyQualifiedName~KillTests \
  --logger "console;verbosity=normal"
code=$?

awk '{ rounds++; acknowledged[$1] = $3; found[$1] = $5; lost[$1] = $7 }
  END { for (topic in acknowledged) { a += acknowledged[topic]; f += found[topic]; l += lost[topic] }
        printf "\n%d rounds: %d acknowledged, %d found, %d lost\n", rounds, a, f, l }' "$FASTLOG_KILL_LINES"
exit "$code"
