// Functions that the @platformatic/kafka scripts share.
import { Admin, Connection, Consumer, MessagesStreamModes, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { patience } from './records.mjs'

export const clientId = 'platformatic'

export async function withAdmin (bootstrap, use) {
  const admin = new Admin({ clientId, bootstrapBrokers: [bootstrap], connectTimeout: patience })
  try {
    return await use(admin)
  } finally {
    await admin.close()
  }
}

export async function createTopic (bootstrap, topic, partitions) {
  await withAdmin(bootstrap, admin => admin.createTopics({ topics: [topic], partitions, replicas: 1 }))
}

export async function withProducer (bootstrap, options, use) {
  const producer = new Producer({ clientId, bootstrapBrokers: [bootstrap], connectTimeout: patience, serializers: stringSerializers, ...options })
  try {
    return await use(producer)
  } finally {
    await producer.close()
  }
}

// A connection for single requests.
export async function withConnection (bootstrap, use) {
  const [host, port] = bootstrap.split(':')
  const connection = new Connection(clientId, { connectTimeout: patience })
  await connection.connect(host, Number(port))
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

export function newConsumer (bootstrap, groupId) {
  return new Consumer({
    clientId, groupId, bootstrapBrokers: [bootstrap], deserializers: stringDeserializers, maxWaitTime: 50, maxBytes: 16 * 1024 * 1024,
    connectTimeout: patience, sessionTimeout: patience, heartbeatInterval: 200, rebalanceTimeout: patience
  })
}

export async function read (bootstrap, topic, count, options = {}) {
  const consumer = newConsumer(bootstrap, `read-${topic}`)
  const stream = await consumer.consume({ autocommit: false, topics: [topic], mode: MessagesStreamModes.EARLIEST, ...options })
  const seen = []
  for await (const message of stream) {
    seen.push({
      partition: message.partition,
      offset: Number(message.offset),
      key: message.key ?? null,
      value: message.value ?? null,
      timestamp: Number(message.timestamp),
      headers: Object.fromEntries(message.headers)
    })
    if (seen.length === count) {
      await message.commit()
      break
    }
  }
  await consumer.close(true)
  return seen
}

// The client wraps the protocol's error in its own errors.
export function codeOf (error) {
  return error.apiId ?? [error.cause, ...(error.errors ?? [])].filter(Boolean).map(codeOf).find(Boolean)
}
