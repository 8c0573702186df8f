// Polygon's own client through the less usual parts of a session; prints what it got as JSON.
import { existsSync } from 'node:fs'
import { websocketClient } from '@polygon.io/client-js'

const [scenario, address, key, channels, rest] = process.argv.slice(2)
const statuses = []
const ticks = []
const socket = websocketClient(key, address.replace('http', 'ws')).stocks()
const send = (action, params) => socket.send(JSON.stringify({ action, params }))

// Blocks the only thread until a file is there: nothing is read from the socket meanwhile.
const sleepUntil = file => {
  while (!existsSync(file)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
}

const steps = {
  // Gives one channel back at its first tick, and ends at the last one.
  unsubscribe: event => {
    if (event.q === 1) send('unsubscribe', rest)
    return event.q === 3
  },
  // Reads nothing from its first tick on until it has been disconnected, and then what is left.
  slow: event => {
    if (event.q === 0) sleepUntil(rest)
    return false
  },
  // Reads until it is killed, or the server is.
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
