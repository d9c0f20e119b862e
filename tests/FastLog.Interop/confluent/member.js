'use strict'
// node member.js HOST:PORT GROUP TOPIC SESSION_TIMEOUT_MS PROTOCOL
// A member of a group, in either protocol, that reads until it is asked to end (SIGTERM). It writes the same lines as
// kafkajs/member.js.
const { KafkaJS: { Kafka, ErrorCodes, logLevel } } = require('@confluentinc/kafka-javascript')

const [address, groupId, topic, sessionTimeout, groupProtocol] = process.argv.slice(2)
const tell = line => process.stdout.write(`${line}\n`)

const owned = new Set()
let generation = 0
function onRebalance(error, partitions) {
  const assigned = error.code === ErrorCodes.ERR__ASSIGN_PARTITIONS
  for (const { partition } of partitions) assigned ? owned.add(partition) : owned.delete(partition)
  tell(`assigned ${++generation} ${[...owned].sort().join(',')}`)
}

const kafka = new Kafka({ kafkaJS: { clientId: 'fastlog-interop', brokers: [address], logLevel: logLevel.ERROR } })
const consumer = kafka.consumer({
  'group.id': groupId,
  'group.protocol': groupProtocol,
  'auto.offset.reset': 'earliest',
  'auto.commit.interval.ms': 200,
  'fetch.wait.max.ms': 200,
  'reconnect.backoff.max.ms': 500,
  rebalance_cb: onRebalance,
  // In the new protocol these are the broker's to say.
  ...(groupProtocol === 'classic' ? { 'session.timeout.ms': Number(sessionTimeout), 'heartbeat.interval.ms': 200 } : {}),
})

async function main() {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic] })
  await consumer.run({
    eachMessage: async ({ partition, message }) => tell(`read ${generation} ${partition} ${message.offset}=${message.value}`),
  })
}

process.once('SIGTERM', () => consumer.disconnect().then(() => process.exit(0), error => {
  console.error(error)
  process.exit(1)
}))

main().catch(error => {
  console.error(error)
  process.exit(1)
})
