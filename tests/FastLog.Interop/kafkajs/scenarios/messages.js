'use strict'
const { CompressionTypes } = require('kafkajs')
const { readAll, plain } = require('../reading')

const messages = [
  { partition: 1, key: 'first', value: 'one', timestamp: '1700000000001', headers: { trace: 'abc', many: ['x', 'y'] } },
  { partition: 1, key: null, value: 'no key', timestamp: '1700000000002' },
  { partition: 1, key: 'gone', value: null, timestamp: '1700000000003' },
  { partition: 1, key: '', value: '', timestamp: '1700000000004', headers: { empty: '' } },
  { partition: 1, key: 'ключ', value: 'значение – 値', timestamp: '1700000000005' },
]

// The same messages uncompressed and in the codec that kafkajs brings along.
module.exports = async session => {
  const admin = await session.admin()
  const producer = await session.producer()
  const cluster = await session.cluster()
  const seen = {}
  for (const codec of ['None', 'GZIP']) {
    const topic = `messages-${codec}`
    await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
    const answers = await producer.send({ topic, messages, acks: -1, compression: CompressionTypes[codec] })
    seen[codec] = {
      baseOffset: Number(answers[0].baseOffset),
      other: (await readAll(cluster, topic, 0)).length,
      messages: (await readAll(cluster, topic, 1)).map(plain),
    }
  }
  return seen
}
