// What the scripts of all clients produce and print; the tests in C# know it too.
export const partitions = 3

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

// The newest value of each key, by its first eight characters, up to the key "last" with a value.
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

// Waits until something holds; the client's own calls report what it waits for, which take their time.
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
