#!/usr/bin/env bash
# Measures FastLog on this machine: builds broker and load generator, starts a broker on a fresh directory, runs the
# scenarios, stops it, and leaves perf-reports/<date>-<commit>/ and a line in perf-reports/history.jsonl.
#
#   ./runbench.sh [--quick] [--scenario NAME] [--peer NAME=HOST:PORT[,pid=N]] ...      (--help says all, --list the scenarios)
#
# Needs the .NET SDK and Linux.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

publish() { dotnet publish "$1" -c Release --use-current-runtime -o "artifacts/bench/$2" -v q --nologo </dev/null >&2; }

printf '== building\n' >&2
publish bench/FastLog.LoadGen loadgen
case " $* " in
  *" --help "* | *" -h "* | *" --list "*) ;;
  *) publish src/FastLog.Server server ;;
esac

# In this shell's place, so that a signal to it reaches the program that cleans up.
exec artifacts/bench/loadgen/FastLog.LoadGen suite "$@"
