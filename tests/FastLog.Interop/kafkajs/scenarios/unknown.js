'use strict'
const { errorOf } = require('../session')

// What is said about a topic that nobody made.
module.exports = async session => {
  const topic = 'nobody-made-this'
  const admin = await session.admin()
  const producer = await session.producer()
  const cluster = await session.cluster()
  await cluster.refreshMetadata()
  const broker = await cluster.findControllerBroker()
  const produce = () =>
    broker.produce({
      topicData: [{ topic, partitions: [{ partition: 0, firstSequence: 0, messages: [{ value: 'x' }] }] }],
    })
  const fetch = () =>
    broker.fetch({
      maxWaitTime: 100,
      topics: [{ topic, partitions: [{ partition: 0, fetchOffset: '0', maxBytes: 1024 }] }],
    })
  return {
    metadata: await errorOf(admin.fetchTopicMetadata({ topics: [topic] })),
    send: await errorOf(producer.send({ topic, messages: [{ value: 'x' }] })),
    produce: await errorOf(produce()),
    fetch: await errorOf(fetch()),
    topics: await admin.listTopics(),
  }
}
