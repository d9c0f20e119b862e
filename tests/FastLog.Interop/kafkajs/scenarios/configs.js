'use strict'
const { ConfigResourceTypes } = require('kafkajs')

// Configuration of a topic with one property of its own, and of the broker.
module.exports = async session => {
  const topic = 'configured'
  const admin = await session.admin()
  await admin.createTopics({ topics: [{ topic, configEntries: [{ name: 'retention.ms', value: '12345000' }] }] })
  const describe = async (type, name, configNames) =>
    (await admin.describeConfigs({ includeSynonyms: false, resources: [{ type, name, configNames }] })).resources[0]
  return {
    all: (await describe(ConfigResourceTypes.TOPIC, topic)).configEntries,
    some: (await describe(ConfigResourceTypes.TOPIC, topic, ['retention.ms', 'cleanup.policy'])).configEntries,
    broker: (await describe(ConfigResourceTypes.BROKER, '1')).configEntries,
  }
}
