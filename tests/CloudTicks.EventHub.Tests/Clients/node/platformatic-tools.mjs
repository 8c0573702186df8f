// Requests of tools, sent by the admin client of @platformatic/kafka.
import { describeClusterV0, metadataV9 } from '@platformatic/kafka'
import { codeOf, createTopic, newConsumer, read, withAdmin, withConnection, withProducer } from './platformatic-client.mjs'
import { record } from './records.mjs'

const topicResource = 2
const setOperation = 0
const deleteOperation = 1

async function joinGroup (bootstrap, group, topic) {
  const consumer = newConsumer(bootstrap, group)
  await consumer.topics.trackAll(topic)
  await consumer.joinGroup()
  return consumer
}

export const tools = {
  // The operations that a client may perform on the cluster, a topic and a group, as the bits of Kafka's operations.
  async operations (bootstrap) {
    await createTopic(bootstrap, 'seen', 1)
    const consumer = await joinGroup(bootstrap, 'seen', 'seen')
    const [cluster, metadata] = await withConnection(bootstrap, async connection => [
      await describeClusterV0.api.async(connection, true), await metadataV9.api.async(connection, ['seen'], false, true)
    ])
    const groups = await withAdmin(bootstrap, admin => admin.describeGroups({ groups: ['seen'], includeAuthorizedOperations: true }))
    const group = groups.get('seen')
    await consumer.close(true)
    return {
      id: cluster.clusterId, ports: cluster.brokers.map(b => b.port), controller: cluster.controllerId === cluster.brokers[0].brokerId,
      cluster: cluster.clusterAuthorizedOperations, topic: metadata.topics[0].topicAuthorizedOperations,
      state: group.state, members: group.members.size, group: group.authorizedOperations
    }
  },

  // Changes two settings, resets one to its default, replaces all, and sets an invalid value.
  async changes (bootstrap) {
    await createTopic(bootstrap, 'changed', 1)
    const topic = { resourceType: topicResource, resourceName: 'changed' }
    return await withAdmin(bootstrap, async admin => {
      const change = async (...configs) => await admin.incrementalAlterConfigs({ resources: [{ ...topic, configs }] })
      const set = (name, value) => ({ name, configOperation: setOperation, value })
      const described = async () => {
        const [{ configs }] = await admin.describeConfigs({ resources: [topic], includeSynonyms: true, includeDocumentation: true })
        return configs
      }
      const chosen = async () => Object.fromEntries((await described()).filter(c => c.configSource === 1).map(c => [c.name, c.value]))
      await change(set('retention.ms', '60000'), set('segment.ms', '5000'))
      const incremental = await chosen()
      await change({ name: 'retention.ms', configOperation: deleteOperation, value: null })
      const reset = Object.fromEntries((await described()).filter(c => ['retention.ms', 'segment.ms'].includes(c.name))
        .map(c => [c.name, [c.value, c.configSource]]))
      await admin.alterConfigs({ resources: [{ ...topic, configs: [{ name: 'retention.bytes', value: '1000000' }] }] })
      const replaced = await chosen()
      let refused = ''
      try {
        await change(set('cleanup.policy', 'shred'))
      } catch (error) {
        refused = error.errors[0].response.responses[0].errorMessage
      }
      return { incremental, reset, replaced, refused }
    })
  },

  async logDirs (bootstrap) {
    await createTopic(bootstrap, 'stored', 2)
    await withProducer(bootstrap, {}, producer => producer.send({ messages: [{ topic: 'stored', ...record(0, 1) }], acks: -1 }))
    const [dirs] = await withAdmin(bootstrap, admin => admin.describeLogDirs({ topics: [{ name: 'stored', partitions: [0, 1] }] }))
    return {
      bytes: Object.fromEntries(dirs.results[0].topics[0].partitions.map(p => [p.partitionIndex, Number(p.partitionSize)])),
      room: dirs.results[0].totalBytes >= dirs.results[0].usableBytes
    }
  },

  // Lists a group by its state, with and without a member. Its offsets can only be deleted while no member subscribes to the topic.
  async groupStates (bootstrap) {
    await createTopic(bootstrap, 'listed', 1)
    return await withAdmin(bootstrap, async admin => {
      const listed = async () => ({
        stable: [...(await admin.listGroups({ states: ['STABLE'] })).keys()],
        empty: [...(await admin.listGroups({ states: ['EMPTY'] })).keys()]
      })
      const deleteOffset = async () => await admin.deleteConsumerGroupOffsets({ groupId: 'listed', topics: [{ name: 'listed', partitionIndexes: [0] }] })
      const offsets = async () => (await admin.listConsumerGroupOffsets({ groups: ['listed'] }))
        .flatMap(g => g.topics.flatMap(t => t.partitions.map(p => Number(p.committedOffset))))
      const consumer = await joinGroup(bootstrap, 'listed', 'listed')
      await consumer.commit({ offsets: [{ topic: 'listed', partition: 0, offset: 5n, leaderEpoch: 0 }] })
      const joined = await listed()
      let refused = null
      try {
        await deleteOffset()
      } catch (error) {
        refused = codeOf(error)
      }
      await consumer.close(true)
      const left = await listed()
      const committed = await offsets()
      await deleteOffset()
      return { joined, refused, left, committed, deleted: await offsets() }
    })
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
}
