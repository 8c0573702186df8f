// node platformatic.mjs SCENARIO HOST:PORT [ARGUMENT]: runs a scenario with @platformatic/kafka, which uses flexible versions.
import { Consumer, MessagesStreamModes, Producer, stringSerializers } from '@platformatic/kafka'
import { clientId, codeOf, createTopic, newConsumer, read, withAdmin, withProducer } from './platformatic-client.mjs'
import { requests } from './platformatic-requests.mjs'
import { tools } from './platformatic-tools.mjs'
import { main, newestValues, partitions, patience, record, until } from './records.mjs'

await main({
  ...requests,
  ...tools,

  async transaction (bootstrap) {
    try {
      await withProducer(bootstrap, { idempotent: true, transactionalId: 'orders' }, producer => producer.beginTransaction())
      return { error: null }
    } catch (error) {
      return { error: codeOf(error) }
    }
  },

  // The newest value of each key, up to the record with the key "last" and a value that begins with the argument.
  async compacted (bootstrap, topic, last) {
    const consumer = new Consumer({ clientId, groupId: `platformatic-${topic}`, bootstrapBrokers: [bootstrap], connectTimeout: patience, maxWaitTime: 50 })
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

  // With a codec all records are in one batch, in which the client must find the right one.
  async time (bootstrap, codec) {
    await createTopic(bootstrap, 'timed', 1)
    const start = Date.UTC(2020, 0, 1)
    const messages = Array.from({ length: 20 }, (_, i) => ({ topic: 'timed', value: `${i}`, timestamp: BigInt(start + i * 1000) }))
    await withProducer(bootstrap, {}, async producer => {
      for (const batch of codec === 'none' ? messages.map(m => [m]) : [messages]) {
        await producer.send({ messages: batch, compression: codec, acks: -1 })
      }
    })
    const consumer = newConsumer(bootstrap, 'times')
    const found = await consumer.listOffsetsWithTimestamps({ topics: ['timed'], timestamp: BigInt(start + 6500) })
    await consumer.close(true)
    const { offset } = found.get('timed').get(0)
    const [first] = await read(bootstrap, 'timed', 1, { mode: MessagesStreamModes.MANUAL, offsets: [{ topic: 'timed', partition: 0, offset }] })
    return { found: Number(offset), first: first.value }
  },

  // Creates a topic with settings (name=value), and writes a record whose timestamp is long past.
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
      clientId, groupId: 'sessions', bootstrapBrokers: [bootstrap], connectTimeout: patience, sessionTimeout: Number(milliseconds),
      rebalanceTimeout: Number(milliseconds), heartbeatInterval: 300
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

  async sasl (bootstrap, username, password) {
    const producer = new Producer({
      clientId, bootstrapBrokers: [bootstrap], connectTimeout: patience, serializers: stringSerializers, retries: 0,
      sasl: { mechanism: 'PLAIN', username, password }
    })
    try {
      await producer.send({ messages: [{ topic: 'secured', ...record(0, 1) }], acks: -1, autocreateTopics: true })
      return { loggedIn: true }
    } catch (error) {
      return { loggedIn: false, error: error.message }
    } finally {
      await producer.close()
    }
  }
})
