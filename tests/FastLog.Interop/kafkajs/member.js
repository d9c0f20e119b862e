'use strict'
// node member.js HOST:PORT GROUP TOPIC SESSION_TIMEOUT_MS
// A member of a group that reads until it is asked to end (SIGTERM). One line on stdout for each thing that happens:
//   assigned GENERATION PARTITION,PARTITION...
//   read GENERATION PARTITION OFFSET=VALUE OFFSET=VALUE...
// Generations are counted here, from 1. Lines are written before their offsets are committed, so that whatever was
// committed was told.
const { Kafka, logLevel } = require('kafkajs')

const [address, groupId, topic, sessionTimeout] = process.argv.slice(2)
const tell = line => process.stdout.write(`${line}\n`)

const kafka = new Kafka({
  clientId: 'fastlog-interop',
  brokers: [address],
  retry: { retries: 50, initialRetryTime: 50, maxRetryTime: 500 },
  logLevel: logLevel.ERROR,
})
const consumer = kafka.consumer({
  groupId,
  sessionTimeout: Number(sessionTimeout),
  rebalanceTimeout: 10000,
  heartbeatInterval: 200,
  maxWaitTimeInMs: 200,
  allowAutoTopicCreation: false,
})

let generation = 0
consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
  generation++
  tell(`assigned ${generation} ${(payload.memberAssignment[topic] || []).join(',')}`)
})

async function main() {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 2,
    eachBatch: async ({ batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, uncommittedOffsets }) => {
      const records = batch.messages.map(message => `${message.offset}=${message.value}`)
      tell(`read ${generation} ${batch.partition} ${records.join(' ')}`)
      resolveOffset(batch.lastOffset())
      await commitOffsetsIfNecessary(uncommittedOffsets())
      await heartbeat()
    },
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
