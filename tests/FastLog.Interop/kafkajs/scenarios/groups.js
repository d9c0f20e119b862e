'use strict'
const { errorOf } = require('../session')

const topic = 'grouped'
const groupId = 'admired'
const count = 30

// What an admin client sees of a group and does to it: while it has a member, and when it has none.
module.exports = async session => {
  const admin = await session.admin()
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] })
  const producer = await session.producer()
  await producer.send({ topic, messages: Array.from({ length: count }, (_, index) => ({ value: String(index), partition: index % 3 })) })

  const consumer = await session.consumer({ groupId })
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await readAll(consumer)
  const withMember = {
    described: await describe(admin),
    listed: (await admin.listGroups()).groups,
    deleted: await errorOf(admin.deleteGroups([groupId])),
    set: await errorOf(admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '3' }] })),
  }
  await consumer.disconnect()

  const read = await offsets(admin)
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '3' }, { partition: 2, offset: '7' }] })
  const set = await offsets(admin)
  await admin.resetOffsets({ groupId, topic, earliest: true })
  const reset = await offsets(admin, true)
  const empty = await describe(admin)
  const deleted = await admin.deleteGroups([groupId])
  return {
    withMember,
    read,
    set,
    reset,
    empty,
    deleted,
    listedAfterDeletion: (await admin.listGroups()).groups,
    offsetsAfterDeletion: await offsets(admin),
    dead: await describe(admin),
    deletedAgain: await errorOf(admin.deleteGroups([groupId])),
  }
}

async function readAll(consumer) {
  let seen = 0
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    consumer.run({ eachMessage: async () => { if (++seen === count) resolve() } }).catch(reject)
  })
}

async function describe(admin) {
  const { groups: [{ state, protocolType, protocol, members, errorCode }] } = await admin.describeGroups([groupId])
  return { state, protocolType, protocol, errorCode, members: members.map(({ clientId, clientHost }) => ({ clientId, clientHost })) }
}

async function offsets(admin, resolveOffsets = false) {
  const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [topic], resolveOffsets })
  return partitions.map(({ offset }) => Number(offset))
}
