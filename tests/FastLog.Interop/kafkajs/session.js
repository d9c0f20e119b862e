'use strict'
const { Kafka, logLevel, Partitioners } = require('kafkajs')
const Cluster = require('kafkajs/src/cluster')
const { createLogger } = require('kafkajs/src/loggers')
const LoggerConsole = require('kafkajs/src/loggers/console')
const socketFactory = require('kafkajs/src/network/socketFactory')

const clientId = 'fastlog-interop'
const retry = { retries: 2, initialRetryTime: 50 }

// Clients of one broker, closed together.
exports.open = address => {
  const kafka = new Kafka({ clientId, brokers: [address], retry, logLevel: logLevel.NOTHING })
  const opened = []

  const keep = async client => {
    opened.push(client)
    await client.connect()
    return client
  }

  return {
    admin: () => keep(kafka.admin()),
    producer: options =>
      keep(kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false, ...options })),
    consumer: options => keep(kafka.consumer({ heartbeatInterval: 200, maxWaitTimeInMs: 200, ...options })),
    // kafkajs offers reading through consumer groups; its own connection to a broker can fetch without one.
    cluster: () => keep(newCluster(address)),
    close: async () => {
      for (const client of opened.reverse()) {
        await client.disconnect()
      }
    },
  }
}

// What a rejected promise was rejected with, in the words of the protocol.
exports.errorOf = async promise => {
  try {
    await promise
    return null
  } catch (error) {
    const ofGroup = error.groups && error.groups[0] && error.groups[0].error
    const cause = ofGroup || (error.errors && error.errors[0]) || error.cause || error
    return { type: cause.type || null, name: cause.name, message: cause.message }
  }
}

function newCluster(address) {
  return new Cluster({
    clientId,
    retry,
    brokers: [address],
    socketFactory: socketFactory(),
    logger: createLogger({ level: logLevel.NOTHING, logCreator: LoggerConsole }),
    connectionTimeout: 5000,
    metadataMaxAge: 300000,
    allowAutoTopicCreation: false,
    enforceRequestTimeout: true,
  })
}
