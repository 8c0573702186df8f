// Runs Polygon's own client against a server on this machine, and prints the result as JSON.
import { restClient, websocketClient } from '@polygon.io/client-js'

const [scenario, address, ...rest] = process.argv.slice(2)

// Connects, waits for each response as the client's manual describes, and collects ticks until there are enough.
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
      // Ticks may arrive before the acknowledgement of their channel. Two statuses precede the acknowledgements: connected, authenticated.
      if (ticks.length >= Number(count) && statuses.length >= 2 + channels.split(',').length) {
        resolve()
      }
    }
  })
  socket.onclose = () => {}
  socket.close()
  return { statuses, ticks }
}

// Counts the trades of a stock on all pages; the client follows next_url itself.
async function trades (ticker, limit) {
  const rest = restClient('key', address, { pagination: true })
  const page = await rest.getStocksTrades(ticker, undefined, undefined, undefined, undefined, undefined, 'asc', Number(limit), 'timestamp')
  return page.results.length
}

const scenarios = { stream, trades }
console.log(JSON.stringify(await scenarios[scenario](...rest)))
