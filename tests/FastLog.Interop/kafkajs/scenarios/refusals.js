'use strict'
const { errorOf } = require('../session')

// What an admin client may not do.
module.exports = async session => {
  const admin = await session.admin()
  const create = topic => admin.createTopics({ topics: [{ topic: 'refused', numPartitions: 3, replicationFactor: 1, ...topic }] })
  await create({})
  return {
    shrinking: await errorOf(admin.createPartitions({ topicPartitions: [{ topic: 'refused', count: 2 }] })),
    badName: await errorOf(create({ topic: 'a/b' })),
    badReplication: await errorOf(create({ topic: 'wide', replicationFactor: 9 })),
    badConfig: await errorOf(create({ topic: 'odd', configEntries: [{ name: 'no.such.thing', value: '1' }] })),
    deletedNothing: await errorOf(admin.deleteTopics({ topics: ['nobody-made-this'] })),
    topics: await admin.listTopics(),
  }
}
