// Single requests that the producers and consumers of @platformatic/kafka do not send, encoded by the client itself.
import { fetchV12, produceV8 } from '@platformatic/kafka'
import { codeOf, createTopic, withConnection, withProducer } from './platformatic-client.mjs'
import { record } from './records.mjs'

export const requests = {
  // A batch with the id of a transaction that does not exist.
  async transactionalBatch (bootstrap) {
    await createTopic(bootstrap, 'ordered', 1)
    return await withConnection(bootstrap, async connection => {
      try {
        const messages = [{ topic: 'ordered', partition: 0, key: Buffer.from('key'), value: Buffer.from('value') }]
        await produceV8.api.async(connection, -1, 10_000, messages, { transactionalId: 'orders', producerId: 7n, producerEpoch: 0 })
        return { error: null }
      } catch (error) {
        return { error: codeOf(error), retriable: error.errors[0].canRetry }
      }
    })
  },

  // The offsets by partition in the response to each fetch of a session.
  async fetchSession (bootstrap) {
    await createTopic(bootstrap, 'session', 2)
    return await withConnection(bootstrap, async connection => {
      const fetch = async (sessionId, sessionEpoch, positions) => {
        const partitions = positions.map(([partition, fetchOffset]) => ({
          partition, currentLeaderEpoch: -1, fetchOffset: BigInt(fetchOffset), lastFetchedEpoch: -1, partitionMaxBytes: 1024 * 1024
        }))
        const topics = partitions.length > 0 ? [{ topicId: 'session', partitions }] : []
        const answer = await fetchV12.api.async(connection, 100, 1, 1024 * 1024, 0, sessionId, sessionEpoch, topics, [], '')
          .catch(error => error.response)
        const changed = answer.responses.flatMap(t => t.partitions.map(p => [
          p.partitionIndex, (p.records ?? []).flatMap(b => b.records.map(r => Number(b.firstOffset) + r.offsetDelta))
        ]))
        return { session: answer.sessionId, error: answer.errorCode, changed: Object.fromEntries(changed) }
      }
      const first = await fetch(0, 0, [[0, 0], [1, 0]])
      await withProducer(bootstrap, {}, producer => producer.send({ messages: [{ topic: 'session', ...record(1, 1) }], acks: -1 }))
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
