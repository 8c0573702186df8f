// Polygon's own client against a server on this machine; prints what it got as JSON.
import { restClient, websocketClient } from '@polygon.io/client-js'

const [scenario, address, ...rest] = process.argv.slice(2)

// Connects, waits for each answer as the client's manual does it, and takes ticks until there are enough.
async function stream (market, channels, count) {
  const statuses = []
  const ticks = []
  const socket = websocketClient('key', address.replace('http', 'ws'))[market]()
  await new Promise((resolve, reject) => {
    socket.onerror = reject
    socket.onclose = () => reject(new Error('the server closed the connection'))
    socket.onmessage = message => {
      for (const event of JSON.parse(message.data)) {
        if (event.ev !== 'status') {
          ticks.push(event)
          continue
        }
        statuses.push(`${event.status}: ${event.message}`)
        if (event.status === 'auth_success') {
          socket.send(JSON.stringify({ action: 'subscribe', params: channels }))
        }
      }
      // Ticks may come before the acknowledgement of their channel: connected, authenticated, and one for each channel.
      if (ticks.length >= Number(count) && statuses.length >= 2 + channels.split(',').length) {
        resolve()
      }
    }
  })
  socket.onclose = () => {}
  socket.close()
  return { statuses, ticks }
}

// All pages of a stock's trades, by the client's own following of next_url.
async function trades (ticker, limit) {
  const rest = restClient('key', address, { pagination: true })
  const page = await rest.getStocksTrades(ticker, undefined, undefined, undefined, undefined, undefined, 'asc', Number(limit), 'timestamp')
  return page.results.length
}

const scenarios = { stream, trades }
console.log(JSON.stringify(await scenarios[scenario](...rest)))
