// node member.js HOST:PORT GROUP TOPIC SESSION_TIMEOUT_MS PROTOCOL
// A member of a group, in either protocol, that reads until it is asked to end (SIGTERM). It writes the same lines as
// kafkajs/member.js.
import { kafka, options } from './client.js'

const [address, groupId, topic, sessionTimeout, groupProtocol] = process.argv.slice(2)
const ownedCheckMs = 50
const tell = line => process.stdout.write(`${line}\n`)

const consumer = new kafka.Consumer({
  ...options(address),
  groupId,
  groupProtocol,
  autocommit: false,
  maxWaitTime: 200,
  retries: 50,
  retryDelay: 200,
  deserializers: kafka.stringDeserializers,
  // In the new protocol these are the broker's to say.
  ...(groupProtocol === 'classic' ? { sessionTimeout: Number(sessionTimeout), rebalanceTimeout: 10000, heartbeatInterval: 200 } : {}),
})

// It has no event for every change of an assignment.
let generation = 0
let owned = null
function tellOwned() {
  const now = (consumer.assignments ?? []).filter(assignment => assignment.topic === topic)
    .flatMap(({ partitions }) => partitions).sort((a, b) => a - b).join(',')
  if (now === owned || consumer.assignments === null) return
  owned = now
  tell(`assigned ${++generation} ${owned}`)
}
const watch = setInterval(tellOwned, ownedCheckMs)
for (const event of ['consumer:heartbeat:error', 'consumer:group:rejoin', 'consumer:group:rebalance']) {
  consumer.on(event, payload => console.error(event, payload?.error ?? ''))
}

let ending = false
const stream = await consumer.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest' })
process.once('SIGTERM', async () => {
  ending = true
  clearInterval(watch)
  await stream.close()
  await consumer.close()
  process.exit(0)
})

for await (const message of stream) {
  tellOwned()
  tell(`read ${generation} ${message.partition} ${message.offset}=${message.value}`)
  // A partition that has moved on meanwhile is committed by its new owner.
  message.commit()?.catch?.(error => console.error('commit', error.message))
}
if (!ending) throw new Error('The stream ended by itself.')
