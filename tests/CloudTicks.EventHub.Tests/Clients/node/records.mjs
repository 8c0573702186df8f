// The records that the scripts of all clients produce and print; SeenRecord in the C# tests expects the same.
export const partitions = 3

// Milliseconds for connecting and for sessions: the clients' defaults of one to ten seconds are too short on a loaded machine.
export const patience = 60_000

// Record i of partition p; every fifth has no key, every seventh no value.
export function record (p, i) {
  return {
    partition: p,
    key: i % 5 === 0 ? null : `key ${p}`,
    value: i % 7 === 0 ? null : `value ${p} ${i}`,
    headers: { feed: 'simulated', number: `${i}` }
  }
}

export function text (bytes) {
  return bytes === null || bytes === undefined ? null : bytes.toString()
}

// Collects the first eight characters of the newest value of each key, until the key "last" has the given value.
export function newestValues (last) {
  const values = {}
  const seen = { ended: false }
  let offset = -1
  let backwards = false
  seen.add = (at, key, value) => {
    backwards ||= at <= offset
    offset = at
    values[key] = value === null || value === undefined ? null : value.subarray(0, 8).toString()
    seen.ended = key === 'last' && values[key] === last
  }
  seen.result = () => ({ values, backwards })
  return seen
}

// Polls until a condition holds: the clients send no signal for it.
export async function until (holds, what) {
  const end = Date.now() + 60_000
  while (!await holds()) {
    if (Date.now() > end) {
      throw new Error(`waited a minute for ${what}`)
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

export async function main (scenarios) {
  const [scenario, bootstrap, ...rest] = process.argv.slice(2)
  try {
    const seen = await scenarios[scenario](bootstrap, ...rest)
    process.stdout.write(JSON.stringify(seen) + '\n', () => process.exit(0))
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}
