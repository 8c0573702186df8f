// Functions that the kafkajs scripts share.
import kafkajs from 'kafkajs'
import { patience, text, until } from './records.mjs'

const { Kafka, logLevel } = kafkajs

export function connect (bootstrap, options = {}) {
  return new Kafka({
    clientId: 'kafkajs', brokers: [bootstrap], logLevel: logLevel.NOTHING, connectionTimeout: patience, authenticationTimeout: patience, ...options
  })
}

export async function withAdmin (kafka, use) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}

export async function createTopic (kafka, topic, numPartitions) {
  await withAdmin(kafka, admin => admin.createTopics({
    topics: [{ topic, numPartitions, replicationFactor: 1 }], waitForLeaders: true, timeout: patience
  }))
}

export async function withProducer (kafka, options, use) {
  const producer = kafka.producer(options)
  await producer.connect()
  try {
    return await use(producer)
  } finally {
    await producer.disconnect()
  }
}

// Reads a number of records of a topic, from its beginning or from the offset of a seek.
export async function read (kafka, topic, count, seek) {
  const consumer = kafka.consumer({ groupId: `read-${topic}`, maxBytesPerPartition: 8 * 1024 * 1024, maxWaitTimeInMs: 50 })
  const seen = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      seen.push({
        partition,
        offset: Number(message.offset),
        key: text(message.key),
        value: text(message.value),
        timestamp: Number(message.timestamp),
        headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, text(value)]))
      })
    }
  })
  if (seek) {
    consumer.seek(seek)
  }
  await until(() => seen.length >= count, `${count} records of ${topic}`)
  await consumer.disconnect()
  return seen
}
