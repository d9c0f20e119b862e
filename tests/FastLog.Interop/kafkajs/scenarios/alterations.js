'use strict'
const { ConfigResourceTypes } = require('kafkajs')

// A topic's and the broker's configuration, changed and changed back with alterConfigs, which replaces all that was set.
module.exports = async session => {
  const topic = 'altered'
  const admin = await session.admin()
  await admin.createTopics({ topics: [{ topic, configEntries: [{ name: 'retention.ms', value: '12345000' }] }] })
  const alter = (type, name, configEntries) =>
    admin.alterConfigs({ validateOnly: false, resources: [{ type, name, configEntries }] })
  const describe = async (type, name, configNames) =>
    (await admin.describeConfigs({ includeSynonyms: true, resources: [{ type, name, configNames }] })).resources[0].configEntries
  const refusal = async (type, name, entry) => {
    try {
      await alter(type, name, [entry])
      return null
    } catch (error) {
      return { type: error.type, message: error.message }
    }
  }
  await alter(ConfigResourceTypes.TOPIC, topic, [{ name: 'cleanup.policy', value: 'compact' }])
  const altered = await describe(ConfigResourceTypes.TOPIC, topic, ['retention.ms', 'cleanup.policy'])
  await alter(ConfigResourceTypes.BROKER, '1', [{ name: 'message.max.bytes', value: '2000000' }])
  const inherited = await describe(ConfigResourceTypes.TOPIC, topic, ['max.message.bytes'])
  await alter(ConfigResourceTypes.BROKER, '1', [])
  return {
    altered,
    inherited,
    restored: await describe(ConfigResourceTypes.TOPIC, topic, ['max.message.bytes']),
    unknownKey: await refusal(ConfigResourceTypes.TOPIC, topic, { name: 'nope', value: '1' }),
    badValue: await refusal(ConfigResourceTypes.TOPIC, topic, { name: 'retention.ms', value: 'long' }),
    unknownTopic: await refusal(ConfigResourceTypes.TOPIC, 'nobody', { name: 'retention.ms', value: '1' }),
  }
}
