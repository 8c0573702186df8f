// node kafkajs.mjs SCENARIO HOST:PORT [ARGUMENT]: runs a scenario with kafkajs and prints the result as JSON.
import kafkajs from 'kafkajs'
import { connect, createTopic, read, withAdmin, withProducer } from './kafkajs-client.mjs'
import { requests } from './kafkajs-requests.mjs'
import { main, newestValues, partitions, patience, record, text, until } from './records.mjs'

const { CompressionCodecs, CompressionTypes, ConfigResourceTypes } = kafkajs

await main({
  ...requests,

  async sasl (bootstrap, username, password) {
    const kafka = connect(bootstrap, { retry: { retries: 0 }, sasl: { mechanism: 'plain', username, password } })
    try {
      await withProducer(kafka, {}, producer => producer.send({ topic: 'secured', messages: [record(0, 1)] }))
      return { loggedIn: true, values: (await read(kafka, 'secured', 1)).map(r => r.value) }
    } catch (error) {
      return { loggedIn: false, error: error.name }
    }
  },

  // Logs in with tokens of an issuer, and writes until the client has used the given number of tokens.
  async token (bootstrap, endpoint, tokens) {
    let shown = 0
    const oauthBearerProvider = async () => {
      shown++
      return { value: (await (await fetch(endpoint, { method: 'POST' })).json()).access_token }
    }
    const kafka = connect(bootstrap, { retry: { retries: 0 }, sasl: { mechanism: 'oauthbearer', oauthBearerProvider } })
    const offsets = []
    await withProducer(kafka, {}, async producer => {
      while (shown < Number(tokens)) {
        const [sent] = await producer.send({ topic: 'secured', messages: [record(0, offsets.length)] })
        offsets.push(Number(sent.baseOffset))
      }
    })
    return { offsets, shown }
  },

  // Uses the client's default retries: the test would take minutes if the client retried the error.
  async transaction (bootstrap) {
    try {
      await withProducer(connect(bootstrap), { transactionalId: 'orders', idempotent: true, maxInFlightRequests: 1 }, producer => producer.transaction())
      return { error: null }
    } catch (error) {
      return { error: error.message, type: error.type, retriable: error.retriable }
    }
  },

  // The newest value of each key, up to the record with the key "last" and a value that begins with the argument.
  async compacted (bootstrap, topic, last) {
    const consumer = connect(bootstrap).consumer({ groupId: `kafkajs-${topic}`, maxWaitTimeInMs: 50 })
    const seen = newestValues(last)
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({ eachMessage: async ({ message }) => seen.add(Number(message.offset), text(message.key), message.value) })
    await until(() => seen.ended, `the end of ${topic}`)
    await consumer.disconnect()
    return seen.result()
  },

  async records (bootstrap, codec) {
    const kafka = connect(bootstrap)
    const count = 300
    await createTopic(kafka, 'records', partitions)
    await withProducer(kafka, {}, async producer => {
      for (let i = 0; i < count; i += 50) {
        const messages = []
        for (let n = i; n < i + 50; n++) {
          for (let p = 0; p < partitions; p++) {
            messages.push(record(p, n))
          }
        }
        await producer.send({ topic: 'records', messages, compression: CompressionTypes[codec] })
      }
    })
    return await read(kafka, 'records', count * partitions)
  },

  async big (bootstrap, bytes) {
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'big', 1)
    await withProducer(kafka, {}, producer => producer.send({ topic: 'big', messages: [{ value: 'b'.repeat(Number(bytes)) }] }))
    const [one] = await read(kafka, 'big', 1)
    return { length: one.value.length, same: one.value === 'b'.repeat(Number(bytes)) }
  },

  async idempotent (bootstrap) {
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'once', 1)
    const offsets = []
    await withProducer(kafka, { idempotent: true, maxInFlightRequests: 1 }, async producer => {
      for (let i = 0; i < 50; i++) {
        const [sent] = await producer.send({ topic: 'once', acks: -1, messages: [record(0, i)] })
        offsets.push(Number(sent.baseOffset))
      }
    })
    return offsets
  },

  // With a codec all records are in one batch, in which the client must find the right one.
  async time (bootstrap, codec) {
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'timed', 1)
    const start = Date.UTC(2020, 0, 1)
    const messages = Array.from({ length: 20 }, (_, i) => ({ value: `${i}`, timestamp: `${start + i * 1000}` }))
    await withProducer(kafka, {}, async producer => {
      for (const batch of codec === 'gzip' ? [messages] : messages.map(m => [m])) {
        await producer.send({ topic: 'timed', messages: batch, compression: codec === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None })
      }
    })
    const found = await withAdmin(kafka, admin => admin.fetchTopicOffsetsByTimestamp('timed', start + 6500))
    const [first] = await read(kafka, 'timed', 1, { topic: 'timed', partition: 0, offset: found[0].offset })
    return { found: Number(found[0].offset), first: first.value }
  },

  // Creates a topic with settings (name=value), and writes a record whose timestamp is long past.
  async settings (bootstrap, topic, ...settings) {
    const kafka = connect(bootstrap)
    const configEntries = settings.map(s => ({ name: s.split('=')[0], value: s.split('=')[1] }))
    try {
      await withAdmin(kafka, admin => admin.createTopics({
        topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }], waitForLeaders: true, timeout: patience
      }))
    } catch (error) {
      return { refused: error.errors.map(e => e.type) }
    }
    await withProducer(kafka, {}, producer => producer.send({ topic, messages: [{ value: 'x', headers: {}, timestamp: '1000' }] }))
    const [one] = await read(kafka, topic, 1)
    return { timestamp: one.timestamp }
  },

  // Joins a group with a session timeout.
  async session (bootstrap, milliseconds) {
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'sessions', 1)
    const consumer = kafka.consumer({ groupId: 'sessions', sessionTimeout: Number(milliseconds), heartbeatInterval: 300, maxWaitTimeInMs: 50 })
    const outcome = new Promise(resolve => {
      consumer.on(consumer.events.GROUP_JOIN, () => resolve({ joined: true }))
      consumer.on(consumer.events.CRASH, ({ payload }) => resolve({ joined: false, error: (payload.error.cause ?? payload.error).type, restart: payload.restart }))
    })
    await consumer.connect()
    await consumer.subscribe({ topic: 'sessions' })
    await consumer.run({ eachMessage: async () => {} })
    return await outcome
  },

  // Sends a batch that is marked as compressed but is not.
  async garbage (bootstrap) {
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'garbage', 1)
    CompressionCodecs[CompressionTypes.Snappy] = () => ({ compress: async () => Buffer.from('this was never compressed'), decompress: async b => b })
    try {
      await withProducer(kafka, {}, producer => producer.send({ topic: 'garbage', messages: [record(0, 1)], compression: CompressionTypes.Snappy }))
      return { error: null }
    } catch (error) {
      return { error: error.type, retriable: error.retriable }
    }
  },

  async group (bootstrap) {
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'shared', 4)
    const assigned = {}
    const start = async name => {
      const consumer = kafka.consumer({ groupId: 'group', heartbeatInterval: 200, sessionTimeout: patience, rebalanceTimeout: patience, maxWaitTimeInMs: 50 })
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => { assigned[name] = payload.memberAssignment.shared ?? [] })
      await consumer.connect()
      await consumer.subscribe({ topic: 'shared', fromBeginning: true })
      await consumer.run({ eachMessage: async () => {} })
      return consumer
    }
    const steps = []
    const first = await start('first')
    await until(() => assigned.first?.length === 4, 'all partitions for the first')
    steps.push({ ...assigned })
    const second = await start('second')
    await until(() => assigned.first.length === 2 && assigned.second?.length === 2, 'two partitions for each')
    steps.push({ ...assigned })
    await second.disconnect()
    await until(() => assigned.first.length === 4, 'all partitions for the first again')
    await first.disconnect()
    return { shared: [...steps[1].first, ...steps[1].second].sort(), steps: steps.length }
  },

  async admin (bootstrap) {
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'administered', 2)
    await withProducer(kafka, {}, producer => producer.send({ topic: 'administered', messages: [record(0, 1), record(0, 2), record(1, 1)] }))
    await read(kafka, 'administered', 3)
    return await withAdmin(kafka, async admin => {
      await admin.setOffsets({ groupId: 'read-administered', topic: 'administered', partitions: [{ partition: 0, offset: '1' }] })
      const { groups } = await admin.listGroups()
      const described = await admin.describeGroups(['read-administered'])
      const configs = await admin.describeConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name: 'administered' }], includeSynonyms: false })
      const topic = { type: ConfigResourceTypes.TOPIC, name: 'administered' }
      await admin.alterConfigs({ validateOnly: false, resources: [{ ...topic, configEntries: [{ name: 'retention.ms', value: '60000' }] }] })
      const changed = await admin.describeConfigs({ resources: [topic], includeSynonyms: true })
      const refused = await admin.alterConfigs({ validateOnly: false, resources: [{ ...topic, configEntries: [{ name: 'min.insync.replicas', value: '3' }] }] })
        .then(() => '', error => error.message)
      const offsets = await admin.fetchOffsets({ groupId: 'read-administered', topics: ['administered'] })
      const ends = await admin.fetchTopicOffsets('administered')
      const metadata = await admin.fetchTopicMetadata({ topics: ['administered'] })
      await admin.createPartitions({ topicPartitions: [{ topic: 'administered', count: 3 }] })
      await admin.deleteTopicRecords({ topic: 'administered', partitions: [{ partition: 0, offset: '1' }] })
      const left = await admin.fetchTopicOffsets('administered')
      await admin.deleteGroups(['read-administered'])
      await admin.deleteTopics({ topics: ['administered'] })
      const cluster = await admin.describeCluster()
      return {
        groups: groups.map(g => g.groupId),
        state: described.groups[0].state,
        retention: configs.resources[0].configEntries.find(e => e.configName === 'retention.ms').configValue,
        changed: changed.resources[0].configEntries.find(e => e.configName === 'retention.ms'),
        refused,
        committed: Object.fromEntries(offsets[0].partitions.map(p => [p.partition, Number(p.offset)])),
        ends: Object.fromEntries(ends.map(p => [p.partition, Number(p.offset)])),
        partitions: metadata.topics[0].partitions.length,
        starts: Object.fromEntries(left.map(p => [p.partition, Number(p.low)])),
        brokers: cluster.brokers.length,
        topicsAfter: await admin.listTopics(),
        groupsAfter: (await admin.listGroups()).groups.length
      }
    })
  }
})
