'use strict'
const { readAll, plain } = require('../reading')

const partitions = 6
const count = 3000
const perSend = 250

// Messages with keys spread over partitions by kafkajs, many in flight: each key in one partition, in order.
module.exports = async session => {
  const topic = 'keys'
  const admin = await session.admin()
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] })
  const producer = await session.producer()
  for (let from = 0; from < count; from += perSend) {
    const messages = Array.from({ length: perSend }, (_, index) => ({
      key: `key-${(from + index) % 50}`,
      value: String(from + index),
    }))
    await producer.send({ topic, messages })
  }

  const cluster = await session.cluster()
  const found = []
  for (let partition = 0; partition < partitions; partition++) {
    found.push((await readAll(cluster, topic, partition)).map(plain))
  }
  return { count, found }
}
