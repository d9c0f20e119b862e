#!/usr/bin/env bash
# Builds @confluentinc/kafka-javascript with the librdkafka inside it, for the group tests: they use it where it is built.
# Not part of ./tools/test.sh, as it compiles for minutes and needs what a clean machine may lack: g++, make, python3,
# the headers of node, OpenSSL and zlib. By default its build downloads and compiles those libraries too; linked
# dynamically it takes the system's. Where node's headers lie elsewhere than under /usr, npm_config_nodedir says so.
#
#   ./tools/build-confluent.sh && ./tools/test.sh Interop
set -euo pipefail
cd "$(dirname "$0")/../tests/FastLog.Interop/confluent"

export CKJS_LINKING=dynamic JOBS="${JOBS:-2}" npm_config_nodedir="${npm_config_nodedir:-/usr}"

npm ci --silent --ignore-scripts
cd node_modules/@confluentinc/kafka-javascript
# Its makefile wants librdkafka's generated files before it has made them: a second run finds them.
npx --no-install node-pre-gyp install --build-from-source || make -C build BUILDTYPE=Release
node -e 'const { librdkafkaVersion } = require("."); console.log(`built with librdkafka ${librdkafkaVersion}`)'
