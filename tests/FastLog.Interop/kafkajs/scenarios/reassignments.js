'use strict'
const { errorOf } = require('../session')

// Replicas on one broker: where they are, they stay.
module.exports = async session => {
  const admin = await session.admin()
  const topic = 'placed'
  await admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 1 }] })
  const alter = (name, partition, replicas) => admin.alterPartitionReassignments({
    topics: [{ topic: name, partitionAssignment: [{ partition, replicas }] }],
  })
  return {
    toWhereItIs: (await errorOf(alter(topic, 0, [1]))) === null,
    elsewhere: await errorOf(alter(topic, 1, [2])),
    nowhere: await errorOf(alter('nobody-made-this', 0, [1])),
    underWay: (await admin.listPartitionReassignments({ topics: [{ topic, partitions: [0, 1] }] })).topics,
  }
}
