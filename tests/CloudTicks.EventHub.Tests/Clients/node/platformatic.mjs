// node platformatic.mjs SCENARIO HOST:PORT [ARGUMENT]: what @platformatic/kafka sees of a hub, as JSON. It speaks the flexible versions.
import {
  Admin, Connection, Consumer, describeClusterV0, MessagesStreamModes, metadataV9, Producer, stringDeserializers, stringSerializers
} from '@platformatic/kafka'
import { main, newestValues, partitions, record, until } from './records.mjs'

const clientId = 'platformatic'

async function withAdmin (bootstrap, use) {
  const admin = new Admin({ clientId, bootstrapBrokers: [bootstrap] })
  try {
    return await use(admin)
  } finally {
    await admin.close()
  }
}

async function createTopic (bootstrap, topic, partitions) {
  await withAdmin(bootstrap, admin => admin.createTopics({ topics: [topic], partitions, replicas: 1 }))
}

async function withProducer (bootstrap, options, use) {
  const producer = new Producer({ clientId, bootstrapBrokers: [bootstrap], serializers: stringSerializers, ...options })
  try {
    return await use(producer)
  } finally {
    await producer.close()
  }
}

function newConsumer (bootstrap, groupId) {
  return new Consumer({
    clientId, groupId, bootstrapBrokers: [bootstrap], deserializers: stringDeserializers, maxWaitTime: 50, maxBytes: 16 * 1024 * 1024,
    sessionTimeout: 10_000, heartbeatInterval: 200, rebalanceTimeout: 10_000
  })
}

async function read (bootstrap, topic, count, options = {}) {
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

// The protocol's error lies within the client's own ones.
function codeOf (error) {
  return error.apiId ?? [error.cause, ...(error.errors ?? [])].filter(Boolean).map(codeOf).find(Boolean)
}

await main({
  async transaction (bootstrap) {
    try {
      await withProducer(bootstrap, { idempotent: true, transactionalId: 'orders' }, producer => producer.beginTransaction())
      return { error: null }
    } catch (error) {
      return { error: codeOf(error) }
    }
  },

  // Reads a topic up to the record whose key is "last" and whose value begins as told: the newest value of each key.
  async compacted (bootstrap, topic, last) {
    const consumer = new Consumer({ clientId, groupId: `platformatic-${topic}`, bootstrapBrokers: [bootstrap], maxWaitTime: 50 })
    const stream = await consumer.consume({ autocommit: false, topics: [topic], mode: MessagesStreamModes.EARLIEST })
    const seen = newestValues(last)
    for await (const message of stream) {
      seen.add(Number(message.offset), message.key.toString(), message.value)
      if (seen.ended) {
        break
      }
    }
    await consumer.close(true)
    return seen.result()
  },

  async records (bootstrap, compression) {
    const count = 300
    await createTopic(bootstrap, 'records', partitions)
    await withProducer(bootstrap, {}, async producer => {
      for (let i = 0; i < count; i += 50) {
        const messages = []
        for (let n = i; n < i + 50; n++) {
          for (let p = 0; p < partitions; p++) {
            messages.push({ topic: 'records', ...record(p, n) })
          }
        }
        await producer.send({ messages, compression, acks: -1 })
      }
    })
    return await read(bootstrap, 'records', count * partitions)
  },

  async big (bootstrap, bytes) {
    await createTopic(bootstrap, 'big', 1)
    await withProducer(bootstrap, {}, producer => producer.send({ messages: [{ topic: 'big', value: 'b'.repeat(Number(bytes)) }], acks: -1 }))
    const [one] = await read(bootstrap, 'big', 1)
    return { length: one.value.length, same: one.value === 'b'.repeat(Number(bytes)) }
  },

  async idempotent (bootstrap) {
    await createTopic(bootstrap, 'once', 1)
    const offsets = []
    await withProducer(bootstrap, { idempotent: true }, async producer => {
      for (let i = 0; i < 50; i++) {
        const sent = await producer.send({ messages: [{ topic: 'once', ...record(0, i) }], acks: -1 })
        offsets.push(Number(sent.offsets[0].offset))
      }
    })
    return offsets
  },

  // With a codec all records are in one batch, and the client has to find the right one in it.
  async time (bootstrap, codec) {
    await createTopic(bootstrap, 'timed', 1)
    const start = Date.UTC(2020, 0, 1)
    const messages = Array.from({ length: 20 }, (_, i) => ({ topic: 'timed', value: `${i}`, timestamp: BigInt(start + i * 1000) }))
    await withProducer(bootstrap, {}, async producer => {
      for (const together of codec === 'none' ? messages.map(m => [m]) : [messages]) {
        await producer.send({ messages: together, compression: codec, acks: -1 })
      }
    })
    const consumer = newConsumer(bootstrap, 'times')
    const found = await consumer.listOffsetsWithTimestamps({ topics: ['timed'], timestamp: BigInt(start + 6500) })
    await consumer.close(true)
    const { offset } = found.get('timed').get(0)
    const [first] = await read(bootstrap, 'timed', 1, { mode: MessagesStreamModes.MANUAL, offsets: [{ topic: 'timed', partition: 0, offset }] })
    return { found: Number(offset), first: first.value }
  },

  // A topic with settings, each name=value; the record's time is long past.
  async settings (bootstrap, topic, ...settings) {
    const configs = settings.map(s => ({ name: s.split('=')[0], value: s.split('=')[1] }))
    try {
      await withAdmin(bootstrap, admin => admin.createTopics({ topics: [topic], partitions: 1, replicas: 1, configs }))
    } catch (error) {
      return { refused: [codeOf(error)] }
    }
    await withProducer(bootstrap, {}, producer => producer.send({ messages: [{ topic, value: 'x', timestamp: 1000n }], acks: -1 }))
    const [one] = await read(bootstrap, topic, 1)
    return { timestamp: one.timestamp }
  },

  // Joins a group with a session timeout.
  async session (bootstrap, milliseconds) {
    await createTopic(bootstrap, `sessions-${milliseconds}`, 1)
    const consumer = new Consumer({
      clientId, groupId: 'sessions', bootstrapBrokers: [bootstrap], sessionTimeout: Number(milliseconds), rebalanceTimeout: Number(milliseconds),
      heartbeatInterval: 300
    })
    try {
      await consumer.topics.trackAll(`sessions-${milliseconds}`)
      await consumer.joinGroup()
      await consumer.close(true)
      return { joined: true }
    } catch (error) {
      return { joined: false, error: codeOf(error) }
    }
  },

  // What a client may do with the cluster, a topic and a group, as the bits of Kafka's operations.
  async operations (bootstrap) {
    await createTopic(bootstrap, 'seen', 1)
    const consumer = newConsumer(bootstrap, 'seen')
    await consumer.topics.trackAll('seen')
    await consumer.joinGroup()
    const [host, port] = bootstrap.split(':')
    const connection = new Connection(clientId)
    await connection.connect(host, Number(port))
    const cluster = await describeClusterV0.api.async(connection, true)
    const metadata = await metadataV9.api.async(connection, ['seen'], false, true)
    await connection.close()
    const groups = await withAdmin(bootstrap, admin => admin.describeGroups({ groups: ['seen'], includeAuthorizedOperations: true }))
    await consumer.close(true)
    return {
      brokers: cluster.brokers.map(b => b.port), controller: cluster.controllerId === cluster.brokers[0].brokerId,
      cluster: cluster.clusterAuthorizedOperations, topic: metadata.topics[0].topicAuthorizedOperations,
      group: groups.get('seen').authorizedOperations
    }
  },

  async group (bootstrap) {
    await createTopic(bootstrap, 'shared', 4)
    const start = async () => {
      const consumer = newConsumer(bootstrap, 'group')
      const stream = await consumer.consume({ topics: ['shared'], mode: MessagesStreamModes.EARLIEST })
      stream.on('data', () => {})
      return consumer
    }
    const mine = consumer => consumer.assignments?.find(a => a.topic === 'shared')?.partitions ?? []
    const first = await start()
    await until(() => mine(first).length === 4, 'all partitions for the first')
    const second = await start()
    await until(() => mine(first).length === 2 && mine(second).length === 2, 'two partitions for each')
    const shared = [...mine(first), ...mine(second)].sort()
    await second.close(true)
    await until(() => mine(first).length === 4, 'all partitions for the first again')
    await first.close(true)
    return { shared }
  },

  // What tools ask for: settings, log dirs, groups by state, offsets that are deleted.
  async tools (bootstrap) {
    await createTopic(bootstrap, 'tools', 2)
    await withProducer(bootstrap, {}, producer => producer.send({ messages: [{ topic: 'tools', ...record(0, 1) }], acks: -1 }))
    await read(bootstrap, 'tools', 1)
    const topic = { resourceType: 2, resourceName: 'tools' }
    const chosen = async admin => {
      const [described] = await admin.describeConfigs({ resources: [topic], includeSynonyms: true, includeDocumentation: true })
      return Object.fromEntries(described.configs.filter(c => c.configSource === 1).map(c => [c.name, c.value]))
    }
    return await withAdmin(bootstrap, async admin => {
      await admin.incrementalAlterConfigs({
        resources: [{ ...topic, configs: [{ name: 'retention.ms', configOperation: 0, value: '60000' }, { name: 'segment.ms', configOperation: 0, value: '5000' }] }]
      })
      const incremental = await chosen(admin)
      await admin.alterConfigs({ resources: [{ ...topic, configs: [{ name: 'retention.bytes', value: '1000000' }] }] })
      const replaced = await chosen(admin)
      let refused = ''
      try {
        await admin.incrementalAlterConfigs({ resources: [{ ...topic, configs: [{ name: 'cleanup.policy', configOperation: 0, value: 'shred' }] }] })
      } catch (error) {
        refused = error.errors[0].response.responses[0].errorMessage
      }
      const [dirs] = await admin.describeLogDirs({ topics: [{ name: 'tools', partitions: [0, 1] }] })
      const empty = await admin.listGroups({ states: ['EMPTY'] })
      const stable = await admin.listGroups({ states: ['STABLE'] })
      await admin.deleteConsumerGroupOffsets({ groupId: 'read-tools', topics: [{ name: 'tools', partitionIndexes: [0] }] })
      const offsets = await admin.listConsumerGroupOffsets({ groups: ['read-tools'] })
      return {
        incremental, replaced, refused,
        bytes: Object.fromEntries(dirs.results[0].topics[0].partitions.map(p => [p.partitionIndex, Number(p.partitionSize)])),
        room: dirs.results[0].totalBytes >= dirs.results[0].usableBytes,
        empty: [...empty.keys()], stable: [...stable.keys()],
        offsets: offsets.flatMap(g => g.topics.flatMap(t => t.partitions.map(p => p.partitionIndex)))
      }
    })
  },

  async sasl (bootstrap, username, password) {
    const producer = new Producer({
      clientId, bootstrapBrokers: [bootstrap], serializers: stringSerializers, retries: 0, sasl: { mechanism: 'PLAIN', username, password }
    })
    try {
      await producer.send({ messages: [{ topic: 'secured', ...record(0, 1) }], acks: -1, autocreateTopics: true })
      return { loggedIn: true }
    } catch (error) {
      return { loggedIn: false, error: error.message }
    } finally {
      await producer.close()
    }
  },

  async admin (bootstrap) {
    await createTopic(bootstrap, 'administered', 2)
    await withProducer(bootstrap, {}, producer => producer.send({
      messages: [record(0, 1), record(0, 2), record(1, 1)].map(r => ({ topic: 'administered', ...r })), acks: -1
    }))
    await read(bootstrap, 'administered', 3)
    return await withAdmin(bootstrap, async admin => {
      const metadata = await admin.metadata({ topics: ['administered'] })
      const described = await admin.describeGroups({ groups: ['read-administered'] })
      await admin.deleteGroups({ groups: ['read-administered'] })
      await admin.deleteTopics({ topics: ['administered'] })
      return {
        state: described.get('read-administered').state,
        partitions: metadata.topics.get('administered').partitionsCount,
        brokers: metadata.brokers.size,
        topicsAfter: await admin.listTopics()
      }
    })
  }
})
