'use strict'
const { errorOf } = require('../session')
const { leaderOf, readAll, plain } = require('../reading')

const topic = 'idempotence'

// kafkajs's own idempotent producer, then its low-level requests with sequences chosen here.
module.exports = async session => {
  const admin = await session.admin()
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
  const producer = await session.producer({ idempotent: true, maxInFlightRequests: 1 })
  for (let batch = 0; batch < 20; batch++) {
    const messages = Array.from({ length: 10 }, (_, index) => ({ partition: 0, value: String(batch * 10 + index) }))
    await producer.send({ topic, messages })
  }

  const cluster = await session.cluster()
  return {
    produced: (await readAll(cluster, topic, 0)).map(sequenced),
    repeated: await repeat(cluster),
    stored: (await readAll(cluster, topic, 1)).map(plain),
  }
}

const sequenced = message => ({
  value: message.value.toString(),
  producerId: Number(message.batchContext.producerId),
  sequence: message.batchContext.firstSequence + Number(BigInt(message.offset) - BigInt(message.batchContext.firstOffset)),
})

async function repeat(cluster) {
  const broker = await leaderOf(cluster, topic, 1)
  const { producerId, producerEpoch } = await broker.initProducerId({ transactionalId: null, transactionTimeout: 60000 })
  const produce = (firstSequence, value) =>
    broker.produce({
      acks: -1,
      producerId,
      producerEpoch,
      topicData: [{ topic, partitions: [{ partition: 1, firstSequence, messages: [{ value }] }] }],
    })
  const offsetOf = answer => Number(answer.topics[0].partitions[0].baseOffset)
  const first = offsetOf(await produce(0, 'a'))
  const second = offsetOf(await produce(1, 'b'))
  return {
    first,
    second,
    firstAgain: offsetOf(await produce(0, 'a')),
    secondAgain: offsetOf(await produce(1, 'b')),
    gap: await errorOf(produce(7, 'too far')),
    third: offsetOf(await produce(2, 'c')),
  }
}
