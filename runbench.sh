#!/usr/bin/env bash
# Measures FastLog on this machine; see --help.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'HELP'
Builds FastLog, starts a broker on a fresh directory, loads it, stops it, and says what it did and what that cost.

  ./runbench.sh [options]

  --quick           a tenth of the records: under a minute, building aside; the figures say less
  --records N       records of each scenario (10000000; with --quick 1000000)
  --warmup N        records moved before the clock starts (2000000; with --quick 500000)
  --data-dir DIR    keep the broker's log in a fresh folder below DIR (artifacts/bench)
  --no-report       print the table only; leave perf-reports/ alone
  --help            this

Scenarios, all with records of 100 bytes, acks=all, idempotence, and fsync before every acknowledgement:
  produce-1p        into one partition
  produce-6p        over six partitions, record by record
  consume-1p        what produce-1p left, from its start
  consume-6p        what produce-6p left

Needs the .NET SDK and Linux. Leaves perf-reports/<date>-<commit>/ with report.md, results.json and raw output, and one
more line in perf-reports/history.jsonl.
HELP
}

say() { printf '== %s\n' "$*" >&2; }
give_up() { printf 'runbench: %s\n' "$*" >&2; exit 1; }
is_count() { [[ $1 =~ ^[1-9][0-9]*$ ]] || give_up "$2 must be a number of 1 or more, not '$1'"; }

readonly command_line="./runbench.sh${*:+ $*}"
records='' warmup='' quick=no report=yes data_parent="$PWD/artifacts/bench"
while [ "$#" -gt 0 ]; do
  case $1 in
    --quick) quick=yes ;;
    --no-report) report=no ;;
    --help | -h) usage; exit 0 ;;
    --records | --warmup | --data-dir)
      [ "$#" -ge 2 ] || give_up "$1 needs a value"
      case $1 in
        --records) records=$2 ;;
        --warmup) warmup=$2 ;;
        --data-dir) data_parent=$2 ;;
      esac
      shift
      ;;
    *) give_up "unknown option '$1'; --help lists them" ;;
  esac
  shift
done
if [ "$quick" = yes ]; then
  : "${records:=1000000}" "${warmup:=500000}"
fi
: "${records:=10000000}" "${warmup:=2000000}"
is_count "$records" --records
is_count "$warmup" --warmup

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
readonly server="$PWD/artifacts/bench/server" load="$PWD/artifacts/bench/loadgen"
readonly raw="$PWD/artifacts/bench/raw"

load_average=$(cut -d' ' -f1-3 /proc/loadavg)
say "building"
dotnet publish src/FastLog.Server -c Release -o "$server" -v q --nologo </dev/null >&2
dotnet publish bench/FastLog.LoadGen -c Release -o "$load" -v q --nologo </dev/null >&2

mkdir -p "$data_parent"
rm -rf "$raw" && mkdir -p "$raw"
data=$(mktemp -d -p "$data_parent")
broker=''

# Whatever happens, no broker and no data stay behind.
clean_up() {
  if [ -n "$broker" ]; then kill -KILL "$broker" 2>/dev/null || true; fi
  rm -rf "$data"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

file_system="$(df --output=fstype "$data" | tail -1) ($(df --output=source "$data" | tail -1))"
say "log on $file_system, below $data_parent"
case $file_system in
  tmpfs* | ramfs*) say "that is memory, not a disk: fsync costs nothing there, and the figures say nothing about it" ;;
esac

# A port that nobody listens on.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 10000))
    if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
  give_up "no free port found"
}

start_broker() {
  local port
  port=$(free_port)
  address="127.0.0.1:$port"
  broker_command=(fastlog server --override "listeners=PLAINTEXT://$address" --override "log.dirs=$data/log"
    --override log.flush.interval.messages=1)
  : >"$raw/broker.out"
  "$server/${broker_command[0]}" "${broker_command[@]:1}" >"$raw/broker.out" 2>"$raw/broker.err" </dev/null &
  broker=$!
  for _ in $(seq 300); do
    if grep -q ready "$raw/broker.out"; then return; fi
    kill -0 "$broker" 2>/dev/null || break
    sleep 0.1
  done
  cat "$raw/broker.err" >&2
  give_up "the broker did not start"
}

stop_broker() {
  local code=0
  kill -TERM "$broker"
  wait "$broker" || code=$?
  broker=''
  [ "$code" -eq 0 ] || { cat "$raw/broker.err" >&2; give_up "the broker ended with exit code $code"; }
}

# run NAME produce|consume [options]: one scenario, its result in raw/NAME.json
results=()
run() {
  local name=$1 kind=$2
  shift 2
  say "$name: $records records"
  "$load/FastLog.LoadGen" "$kind" --bootstrap-server "$address" --scenario "$name" --broker-pid "$broker" \
    --records "$records" --warmup-records "$warmup" --json "$@" >"$raw/$name.json" </dev/null ||
    { cat "$raw/broker.err" >&2; give_up "$name failed"; }
  results+=("$raw/$name.json")
}

start_broker
run produce-1p produce --topic load-1p --partitions 1 --record-size-bytes 100 --acks all
run produce-6p produce --topic load-6p --partitions 6 --record-size-bytes 100 --acks all
run consume-1p consume --topic load-1p
run consume-6p consume --topic load-6p
stop_broker

commit=$(git rev-parse --short=10 HEAD 2>/dev/null || echo no-commit)
changes=''
if [ -n "$(git status --porcelain -- src bench runbench.sh Directory.Build.props Directory.Packages.props 2>/dev/null)" ]; then
  changes=' with uncommitted changes'
fi
facts=(--commit "$commit$changes" --command "$command_line" --broker-command "${broker_command[*]//$data/DIR}"
  --file-system "$file_system" --load-average "$load_average")
if [ "$report" = no ]; then
  "$load/FastLog.LoadGen" report "${results[@]}" "${facts[@]}"
  exit
fi

folder="perf-reports/$(date -u +%Y-%m-%d)-$commit"
"$load/FastLog.LoadGen" report "${results[@]}" "${facts[@]}" --out "$folder" --history perf-reports/history.jsonl
rm -rf "$folder/raw" && cp -r "$raw" "$folder/raw"
# The reports are kept: no path of this machine in them.
sed -i "s#$data#DIR#g" "$folder"/raw/*
say "report in $folder"
