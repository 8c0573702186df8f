// node kafka-ts.mjs SCENARIO HOST:PORT [ARGUMENT]: runs a scenario with kafka-ts, which uses fetch sessions, and prints the result as JSON.
import kafkaTs from 'kafka-ts'
import { main, partitions, patience, record, until } from './records.mjs'

const { API, createKafkaClient, LogLevel, saslPlain, setLogLevel } = kafkaTs
const topicResource = 2
const set = 0

setLogLevel(LogLevel.ERROR) // lower levels go to standard output, which must contain only the JSON

function connect (bootstrap, options = {}) {
  const [host, port] = bootstrap.split(':')
  return createKafkaClient({ clientId: 'kafka-ts', bootstrapServers: [{ host, port: Number(port) }], connectTimeout: patience, ...options })
}

async function withCluster (kafka, use) {
  const cluster = kafka.createCluster()
  await cluster.connect()
  try {
    return await use(cluster)
  } finally {
    await cluster.disconnect()
  }
}

// The client's encoding of a given version of an API; by default the client uses the newest version that both sides support.
function versioned (api, version) {
  while (api.apiVersion > version) {
    api = api.fallback
  }
  return api
}

async function createTopic (cluster, name, numPartitions) {
  await cluster.sendRequest(API.CREATE_TOPICS, { topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }] })
}

async function produce (kafka, messages) {
  const producer = kafka.createProducer({})
  await producer.send(messages)
  await producer.close()
}

await main({
  async records (bootstrap) {
    const count = 300
    const kafka = connect(bootstrap)
    await withCluster(kafka, cluster => createTopic(cluster, 'records', partitions))
    const seen = []
    const consumer = await kafka.startConsumer({
      groupId: 'read-records',
      topics: ['records'],
      fromBeginning: true,
      maxWaitMs: 50,
      onBatch: messages => seen.push(...messages.map(m => ({ ...m, offset: Number(m.offset), timestamp: Number(m.timestamp) })))
    })
    for (let i = 0; i < count; i += 50) {
      const messages = []
      for (let n = i; n < i + 50; n++) {
        for (let p = 0; p < partitions; p++) {
          messages.push({ topic: 'records', ...record(p, n) })
        }
      }
      await produce(kafka, messages)
    }
    await until(() => seen.length >= count * partitions, 'all records')
    await consumer.close()
    return seen
  },

  // The response of each version of DescribeLogDirs for the same topic.
  async logDirs (bootstrap) {
    const kafka = connect(bootstrap)
    return await withCluster(kafka, async cluster => {
      await createTopic(cluster, 'stored', 2)
      await produce(kafka, [{ topic: 'stored', ...record(0, 1) }])
      const seen = []
      for (let version = 1; version <= 4; version++) {
        const api = versioned(API.DESCRIBE_LOG_DIRS, version)
        const [dir] = (await cluster.sendRequest(api, { topics: [{ topic: 'stored', partitions: [0, 1] }] })).results
        const bytes = Object.fromEntries(dir.topics[0].partitions.map(p => [p.partitionIndex, Number(p.partitionSize)]))
        seen.push({ version: api.apiVersion, bytes, room: version < 4 || (dir.totalBytes >= dir.usableBytes && dir.usableBytes > 0) })
      }
      return seen
    })
  },

  // The versions of SaslAuthenticate that log the client in, and the errors of the others.
  async sasl (bootstrap, username, password) {
    const seen = { loggedIn: [], refused: [] }
    for (let version = 0; version <= 2; version++) {
      const { mechanism, authenticate } = saslPlain({ username, password })
      const sendVersion = sendRequest => async (api, data) => await sendRequest(versioned(api, version), data).catch(error => {
        seen.refused.push(error.errorMessage)
        throw error
      })
      const sasl = { mechanism, authenticate: async ({ sendRequest }) => await authenticate({ sendRequest: sendVersion(sendRequest) }) }
      const login = withCluster(connect(bootstrap, { sasl }), cluster => cluster.sendRequest(API.LIST_GROUPS, {}))
      await login.then(() => seen.loggedIn.push(version), () => {})
    }
    return seen
  },

  async tools (bootstrap) {
    return await withCluster(connect(bootstrap), async cluster => {
      await createTopic(cluster, 'administered', 1)
      const topics = offset => [{ name: 'administered', topicId: '', partitions: [{ partitionIndex: 0, ...offset }] }]
      await cluster.sendRequest(API.INCREMENTAL_ALTER_CONFIGS, {
        resources: [{
          resourceType: topicResource,
          resourceName: 'administered',
          configs: [{ name: 'retention.ms', configOperation: set, value: '60000' }]
        }],
        validateOnly: false
      })
      const { results } = await cluster.sendRequest(API.DESCRIBE_CONFIGS, {
        resources: [{ resourceType: topicResource, resourceName: 'administered', configurationKeys: ['retention.ms'] }],
        includeSynonyms: false
      })
      const { brokers, clusterAuthorizedOperations } =
        await cluster.sendRequest(API.DESCRIBE_CLUSTER, { includeClusterAuthorizedOperations: true })
      return {
        retention: results[0].configs.map(c => c.value),
        ports: brokers.map(b => b.port),
        operations: clusterAuthorizedOperations,
        group: await groupOf(cluster, topics)
      }
    })
  }
})

// The state of a group without members, and its only offset before and after its deletion.
async function groupOf (cluster, topics) {
  const offsets = async () => {
    const requested = [{ groupId: 'stored', topics: [{ name: 'administered', topicId: '', partitionIndexes: [0] }] }]
    const { groups } = await cluster.sendRequest(API.OFFSET_FETCH, { groups: requested, requireStable: false })
    return Number(groups[0].topics[0].partitions[0].committedOffset)
  }
  await cluster.sendRequest(API.OFFSET_COMMIT, {
    groupId: 'stored',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    topics: topics({ committedOffset: 5n, committedLeaderEpoch: -1, committedMetadata: null })
  })
  const empty = (await cluster.sendRequest(API.LIST_GROUPS, { statesFilter: ['Empty'] })).groups.map(g => g.groupId)
  const committed = await offsets()
  await cluster.sendRequest(API.OFFSET_DELETE, { groupId: 'stored', topics: topics({}) })
  return { empty, committed, deleted: await offsets() }
}
