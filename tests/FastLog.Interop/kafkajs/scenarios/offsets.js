'use strict'
const { errorOf } = require('../session')
const { leaderOf, readAll, plain } = require('../reading')

const topic = 'offsets'
const firstTimestamp = 1700000000000
const count = 100

const byPartition = list =>
  list
    .map(({ partition, offset, low, high }) => ({ partition, offset: Number(offset), low: Number(low), high: Number(high) }))
    .sort((a, b) => a.partition - b.partition)

// Ends of partitions, offsets by time, and the removal of the oldest records. Records lie 10 ms apart.
module.exports = async session => {
  const admin = await session.admin()
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
  const producer = await session.producer()
  for (let index = 0; index < count; index++) {
    await producer.send({ topic, messages: [{ partition: 0, value: String(index), timestamp: String(firstTimestamp + 10 * index) }] })
  }

  const at = async timestamp => byPartition(await admin.fetchTopicOffsetsByTimestamp(topic, timestamp))[0].offset
  const seen = {
    before: byPartition(await admin.fetchTopicOffsets(topic)),
    atFirst: await at(firstTimestamp),
    atExact: await at(firstTimestamp + 420),
    atBetween: await at(firstTimestamp + 421),
    atLast: await at(firstTimestamp + 10 * (count - 1)),
    atLater: await at(firstTimestamp + 10 * count),
    atLongAgo: await at(1),
  }
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '30' }] })
  seen.after = byPartition(await admin.fetchTopicOffsets(topic))
  const cluster = await session.cluster()
  seen.firstLeft = plain((await readAll(cluster, topic, 0, '30'))[0])
  seen.belowStart = await errorOf(fetchAt(cluster, '29'))
  seen.behindEnd = await errorOf(fetchAt(cluster, String(count + 1)))
  return seen
}

async function fetchAt(cluster, fetchOffset) {
  const broker = await leaderOf(cluster, topic, 0)
  return broker.fetch({ maxWaitTime: 100, topics: [{ topic, partitions: [{ partition: 0, fetchOffset, maxBytes: 1024 }] }] })
}
