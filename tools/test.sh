#!/usr/bin/env bash
# Builds everything with warnings as errors, checks the formatting, runs every test project one after another and
# closes with one line: "N passed, M failed". Needs the .NET SDK; installs with apt and npm, or unpacks, what the interop
# tests need where it is missing. Exit code 0 only when every project ran and nothing failed.
#
#   ./tools/test.sh                 everything
#   ./tools/test.sh Storage Interop only the test projects whose names contain one of the words
set -uo pipefail
cd "$(dirname "$0")/.."

export PATH="$PATH:/usr/sbin:/sbin"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
readonly configuration=Release
readonly results="$PWD/artifacts/test-results"
readonly project_seconds_max=600

say() { printf '\n== %s\n' "$*"; }
give_up() { printf '\n%s\n0 passed, 1 failed\n' "$*"; exit 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# Debian packages that are missing here: the clients we did not write, and the libraries of two codecs.
missing_packages() {
  local libraries
  libraries=$(ldconfig -p)
  command -v kcat >/dev/null || echo kcat
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  [[ $libraries == *libzstd.so.1* ]] || echo libzstd1
  [[ $libraries == *liblz4.so.1* ]] || echo liblz4-1
}

install_clients() {
  local packages
  packages=$(missing_packages)
  if [ -n "$packages" ]; then
    say "installing" $packages
    as_root apt-get update -qq </dev/null || give_up "apt-get update failed"
    # shellcheck disable=SC2086 # a list of package names
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages \
      </dev/null >/dev/null || give_up "apt-get install failed for:" $packages
  fi
  local folder
  for folder in kafkajs platformatic; do
    (cd "tests/FastLog.Interop/$folder" && npm ci --silent </dev/null) || give_up "npm ci failed in $folder"
  done
}

# Debian's Prometheus without its service: the package is unpacked where the build puts things, not installed.
unpack_prometheus() {
  local folder="$PWD/artifacts/prometheus"
  export PATH="$folder/usr/bin:$PATH"
  command -v prometheus >/dev/null && command -v promtool >/dev/null && return
  say "unpacking prometheus"
  mkdir -p "$folder"
  (cd "$folder" && { apt-get download -qq prometheus || { as_root apt-get update -qq && apt-get download -qq prometheus; }; } \
    </dev/null 2>/dev/null && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb) || give_up "prometheus could not be unpacked"
}

build() {
  dotnet restore FastLog.sln -v q --nologo </dev/null &&
    dotnet build FastLog.sln -c "$configuration" --no-restore --disable-build-servers -warnaserror -v q --nologo </dev/null
}

# Sum of one counter over all trx files written so far.
counter() {
  cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*>' | grep -o " $1=\"[0-9]*\"" |
    grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'
}

wanted() {
  [ "$#" -eq 1 ] && return 0
  local name=$1 word
  shift
  for word in "$@"; do [[ $name == *"$word"* ]] && return 0; done
  return 1
}

# One project: its trx tells what ran; a project that crashed, hung or ran nothing counts as one failure.
run_project() {
  local name=$1 before after code
  before=$(counter executed)
  timeout --kill-after=30 "$project_seconds_max" dotnet test "artifacts/bin/$name/${configuration,,}/$name.dll" \
    --nologo --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
    --results-directory "$results" </dev/null
  code=$?
  after=$(counter executed)
  if [ "$after" -eq "$before" ]; then
    echo "$name ran no test (exit code $code)"
    broken=$((broken + 1))
  elif [ "$code" -ne 0 ] && ! grep -q 'outcome="Failed"' "$results/$name.trx"; then
    echo "$name did not end as it should (exit code $code)"
    broken=$((broken + 1))
  fi
}

say "clients for the interop tests"
install_clients
unpack_prometheus
say "build"
build || give_up "the build failed"
say "formatting"
# The formatter compiles too, and finds the source generator only where the build put it.
Configuration="$configuration" dotnet format FastLog.sln --verify-no-changes --no-restore </dev/null || give_up "dotnet format would change files"

rm -rf "$results" && mkdir -p "$results"
broken=0
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  if wanted "$name" "$@"; then
    say "$name"
    run_project "$name"
  fi
done

passed=$(counter passed)
failed=$(($(counter failed) + $(counter error) + $(counter timeout) + $(counter aborted) + broken))
skipped=$(counter notExecuted)
printf '\n%d passed, %d failed%s\n' "$passed" "$failed" "$([ "$skipped" -gt 0 ] && echo ", $skipped skipped")"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
