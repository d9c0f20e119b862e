#!/usr/bin/env bash
# Fills a large log through a broker and prints how the broker starts on it, cleanly and after a SIGKILL under load, with
# the memory and the open files it has then. Not part of the test run; leaves nothing behind.
#
#   ./tools/big-log.sh [GB, default 10] [partitions, default 6] [folder, default artifacts]
set -euo pipefail
cd "$(dirname "$0")/.."

readonly gigabytes="${1:-10}" partitions="${2:-6}" parent="${3:-$PWD/artifacts}"
readonly record_bytes=100 seconds_to_start=900
say() { printf '== %s\n' "$*" >&2; }
give_up() { printf 'big-log: %s\n' "$*" >&2; exit 1; }
[[ $gigabytes =~ ^[0-9]+(\.[0-9]+)?$ ]] || give_up "the size must be a number of GB, not '$gigabytes'"
[[ $partitions =~ ^[1-9][0-9]*$ ]] || give_up "the number of partitions must be 1 or more, not '$partitions'"

say "build"
for project in src/FastLog.Server bench/FastLog.LoadGen; do
  dotnet build "$project" -c Release -v q --nologo </dev/null >&2 || give_up "the build of $project failed"
done

mkdir -p "$parent"
data=$(mktemp -d -p "$parent")
broker='' load=''
clean_up() {
  for process in $load $broker; do kill -KILL "$process" 2>/dev/null || true; done
  rm -rf "$data"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$((20000 + RANDOM % 10000))
while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((20000 + RANDOM % 10000)); done
readonly address="127.0.0.1:$port"

# Starts the broker and sets start_ms: from the process's start to the line that says it is ready.
start_broker() {
  local begin deadline
  : >"$data/broker.out"
  begin=$(date +%s%N)
  artifacts/bin/FastLog.Server/release/fastlog server --override "listeners=PLAINTEXT://$address" \
    --override "log.dirs=$data/log" >"$data/broker.out" 2>"$data/broker.err" </dev/null &
  broker=$!
  deadline=$((SECONDS + seconds_to_start))
  until grep -q ' ready on ' "$data/broker.out"; do
    kill -0 "$broker" 2>/dev/null || { tail -5 "$data/broker.err" >&2; give_up "the broker did not start"; }
    [ "$SECONDS" -lt "$deadline" ] || give_up "the broker was not ready after $seconds_to_start s"
    sleep 0.01
  done
  start_ms=$((($(date +%s%N) - begin) / 1000000))
}

# "exec" where the generator is to take the place of its subshell.
produce() {
  ${exec_produce:-} artifacts/bin/FastLog.LoadGen/release/FastLog.LoadGen produce --bootstrap-server "$address" --topic big \
    --partitions "$partitions" --record-size-bytes "$record_bytes" --acks all --records "$1" --json </dev/null
}

# A row of the table for the broker as it is now.
row() {
  local resident files
  resident=$(awk '/^VmRSS:/ { printf "%.0f", $2 / 1024 }' "/proc/$broker/status")
  files=$(find "/proc/$broker/fd" -mindepth 1 | wc -l)
  rows+=("$(printf '%-34s %12s %16s %12s' "$1" "$2" "$resident" "$files")")
}

records=$(awk -v gb="$gigabytes" -v size="$record_bytes" 'BEGIN { printf "%d", gb * 1e9 / size }')
rows=()
say "writing $gigabytes GB in $records records"
start_broker
row "first start, empty" "$start_ms"
produce "$records" >"$data/produce.json" 2>"$data/produce.err" || { cat "$data/produce.err" >&2; give_up "producing failed"; }
row "after writing" "-"
kill -TERM "$broker"
wait "$broker" || give_up "the broker did not stop cleanly"

say "starting after a clean stop"
start_broker
row "start after a clean stop" "$start_ms"

say "SIGKILL under load"
before=$(du -sb "$data/log" | cut -f1)
# In the place of the subshell, so that $! is the generator's own process and ends when it is told to.
(exec_produce=exec; produce "$records") >"$data/load.json" 2>"$data/load.err" &
load=$!
deadline=$((SECONDS + 120))
# Killed only once a few MB have gone in, so that the kill is under load on any machine.
until [ "$(du -sb "$data/log" | cut -f1)" -gt $((before + 20000000)) ] || ! kill -0 "$load" 2>/dev/null; do
  [ "$SECONDS" -lt "$deadline" ] || give_up "the load did not begin"
  sleep 0.05
done
kill -KILL "$broker"
wait "$broker" 2>/dev/null || true
kill -KILL "$load" 2>/dev/null || true
wait "$load" 2>/dev/null || true
load=''
start_broker
row "start after a SIGKILL under load" "$start_ms"
size=$(du -sb "$data/log" | awk '{ printf "%.2f", $1 / 1e9 }')
kill -TERM "$broker"
wait "$broker" || give_up "the broker did not stop cleanly"
broker=''

printf '\n%s GB on disk, %s partition(s), records of %s bytes\n' "$size" "$partitions" "$record_bytes"
printf '%-34s %12s %16s %12s\n' "" "start (ms)" "resident (MiB)" "open files"
printf '%s\n' "${rows[@]}"
