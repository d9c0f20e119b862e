'use strict'

// The broker that leads a partition.
exports.leaderOf = async (cluster, topic, partition) => {
  await cluster.addTargetTopic(topic)
  await cluster.refreshMetadataIfNecessary()
  const leaders = cluster.findLeaderForPartitions(topic, [partition])
  return cluster.findBroker({ nodeId: Object.keys(leaders)[0] })
}

// All messages of a partition from an offset up to its high watermark, decoded by kafkajs.
exports.readAll = async (cluster, topic, partition, fromOffset = '0') => {
  const broker = await exports.leaderOf(cluster, topic, partition)
  const messages = []
  for (let next = BigInt(fromOffset); ; ) {
    const { errorCode, highWatermark, found } = await fetchOnce(broker, topic, partition, next)
    if (errorCode !== 0) throw new Error(`Fetch answered error ${errorCode}`)
    const fresh = found.filter(message => BigInt(message.offset) >= next)
    messages.push(...fresh)
    if (fresh.length > 0) next = BigInt(fresh[fresh.length - 1].offset) + 1n
    if (next >= BigInt(highWatermark)) return messages
    if (fresh.length === 0) throw new Error(`Nothing at ${next} although the high watermark is ${highWatermark}`)
  }
}

async function fetchOnce(broker, topic, partition, offset) {
  const { responses } = await broker.fetch({
    maxWaitTime: 100,
    minBytes: 1,
    maxBytes: 1048576,
    topics: [{ topic, partitions: [{ partition, fetchOffset: offset.toString(), maxBytes: 1048576 }] }],
  })
  const { errorCode, highWatermark, messages } = responses[0].partitions[0]
  return { errorCode, highWatermark, found: messages }
}

const text = bytes => (bytes === null || bytes === undefined ? null : bytes.toString())

// A message as plain data. A header that was sent several times is a list.
exports.plain = message => ({
  offset: Number(message.offset),
  timestamp: Number(message.timestamp),
  key: text(message.key),
  value: text(message.value),
  headers: Object.entries(message.headers).map(([name, value]) => ({
    name,
    values: (Array.isArray(value) ? value : [value]).map(text),
  })),
})
