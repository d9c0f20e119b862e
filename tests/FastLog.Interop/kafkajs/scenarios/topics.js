'use strict'

// A topic's life as an admin client sees it.
module.exports = async session => {
  const admin = await session.admin()
  const topic = 'life'
  const create = options => admin.createTopics({ topics: [{ topic, numPartitions: 3, replicationFactor: 1 }], ...options })
  const partitions = async () => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions
  const seen = {}

  seen.validated = await create({ validateOnly: true, waitForLeaders: false })
  seen.listedAfterValidation = await admin.listTopics()
  seen.created = await create()
  seen.createdAgain = await create()
  seen.listed = await admin.listTopics()
  seen.partitions = await partitions()
  await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] })
  seen.partitionsAfterGrowth = (await partitions()).length
  await admin.deleteTopics({ topics: [topic] })
  seen.listedAfterDeletion = await admin.listTopics()
  return seen
}
