// Runs an unusual session with Polygon's own client, and prints the received statuses and ticks as JSON.
import { existsSync } from 'node:fs'
import { websocketClient } from '@polygon.io/client-js'

const [scenario, address, key, channels, rest] = process.argv.slice(2)
const statuses = []
const ticks = []
const socket = websocketClient(key, address.replace('http', 'ws')).stocks()
const send = (action, params) => socket.send(JSON.stringify({ action, params }))

// Blocks the only thread until a file exists, so that nothing is read from the socket.
const sleepUntil = file => {
  while (!existsSync(file)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
}

const steps = {
  // Unsubscribes from one channel at its first tick, and ends at the last tick.
  unsubscribe: event => {
    if (event.q === 1) send('unsubscribe', rest)
    return event.q === 3
  },
  // Stops reading at the first tick until the server has disconnected, then reads the remaining data.
  slow: event => {
    if (event.q === 0) sleepUntil(rest)
    return false
  },
  // Reads until this process or the server is killed.
  read: () => false
}

await new Promise(resolve => {
  socket.onclose = resolve
  socket.onmessage = ({ data }) => {
    for (const event of JSON.parse(data)) {
      if (event.ev === 'status') {
        statuses.push(`${event.status}: ${event.message}`)
        if (event.status === 'auth_success') send('subscribe', channels)
        continue
      }
      ticks.push(`${event.sym} ${event.q}`)
      if (steps[scenario](event)) resolve()
    }
  }
})
socket.onclose = () => {}
socket.close()
console.log(JSON.stringify({ statuses, ticks }))
