// Single requests that kafkajs's producers and consumers do not send, encoded by the client itself.
import { createRequire } from 'node:module'
import { connect, createTopic, read, withAdmin, withProducer } from './kafkajs-client.mjs'
import { record } from './records.mjs'

const require = createRequire(import.meta.url)
const Broker = require('kafkajs/src/broker')
const { requests: protocols } = require('kafkajs/src/protocol/requests')
const fetchKey = 1
const offsetCommitKey = 8

// Calls a function with the client's own connection to the event hub.
async function withBroker (kafka, use) {
  const connectBroker = Broker.prototype.connect
  let broker
  Broker.prototype.connect = async function () {
    broker = this
    return await connectBroker.call(this)
  }
  return await withAdmin(kafka, async () => await use(broker))
}

export const requests = {
  // Reads and commits with an early version of OffsetCommit.
  async commit (bootstrap, version) {
    const advertised = Broker.prototype.apiVersions
    Broker.prototype.apiVersions = async function () {
      return { ...await advertised.call(this), [offsetCommitKey]: { minVersion: 0, maxVersion: Number(version) } }
    }
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'committed', 1)
    await withProducer(kafka, {}, producer => producer.send({ topic: 'committed', messages: [record(0, 1), record(0, 2), record(0, 3)] }))
    await read(kafka, 'committed', 3)
    return await withAdmin(kafka, async admin => {
      const fetched = async () => Number((await admin.fetchOffsets({ groupId: 'read-committed', topics: ['committed'] }))[0].partitions[0].offset)
      const read = await fetched()
      await admin.setOffsets({ groupId: 'read-committed', topic: 'committed', partitions: [{ partition: 0, offset: '1' }] })
      return { read, set: await fetched() }
    })
  },

  // A batch with the id of a transaction that does not exist.
  async transactionalBatch (bootstrap) {
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'ordered', 1)
    return await withBroker(kafka, async broker => {
      try {
        await broker.produce({
          transactionalId: 'orders', producerId: 7, producerEpoch: 0,
          topicData: [{ topic: 'ordered', partitions: [{ partition: 0, firstSequence: 0, messages: [record(0, 1)] }] }]
        })
        return { error: null }
      } catch (error) {
        return { error: error.type, retriable: error.retriable }
      }
    })
  },

  // The offsets by partition in the response to each fetch of a session.
  async fetchSession (bootstrap) {
    const kafka = connect(bootstrap)
    await createTopic(kafka, 'session', 2)
    return await withBroker(kafka, async broker => {
      const protocol = protocols.Fetch.protocol({ version: broker.versions[fetchKey].maxVersion > 11 ? 11 : broker.versions[fetchKey].maxVersion })
      const fetch = async (sessionId, sessionEpoch, positions) => {
        const partitions = positions.map(([partition, fetchOffset]) => ({ partition, fetchOffset, maxBytes: 1024 * 1024 }))
        const answer = await broker.connectionPool.send(protocol({
          maxWaitTime: 100, minBytes: 1, maxBytes: 1024 * 1024, rackId: '', sessionId, sessionEpoch,
          topics: partitions.length > 0 ? [{ topic: 'session', partitions }] : []
        }))
        const changed = answer.responses.flatMap(t => t.partitions.map(p => [p.partition, p.messages.map(m => Number(m.offset))]))
        return { session: answer.sessionId, error: answer.errorCode, changed: Object.fromEntries(changed) }
      }
      const first = await fetch(0, 0, [[0, 0], [1, 0]])
      await withProducer(kafka, {}, producer => producer.send({ topic: 'session', messages: [record(1, 1)] }))
      const second = await fetch(first.session, 1, [])
      const third = await fetch(first.session, 2, [[1, 1]])
      const lost = await fetch(first.session, 2, [])
      const unknown = await fetch(first.session + 1, 1, [])
      return {
        began: first.session !== 0, first: first.changed, second: second.changed, third: third.changed,
        lost: lost.error, unknown: unknown.error
      }
    })
  }
}
