// Computes the identity of a tick as docs/contracts.md describes it, independently of the project's code.
const mask = (1n << 64n) - 1n
const [p1, p2, p3, p4, p5] = [
  0x9E3779B185EBCA87n, 0xC2B2AE3D27D4EB4Fn, 0x165667B19E3779F9n, 0x85EBCA77C2B2AE63n, 0x27D4EB2F165667C5n,
]
const rotate = (x, bits) => ((x << bits) | (x >> (64n - bits))) & mask
const step = (sum, lane) => (rotate((sum + lane * p2) & mask, 31n) * p1) & mask
const merge = (hash, sum) => (((hash ^ step(0n, sum)) * p1) + p4) & mask

export function xxHash64(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  let hash = p5
  if (bytes.length >= 32) {
    let [a, b, c, d] = [(p1 + p2) & mask, p2, 0n, (mask + 1n - p1) & mask]
    for (; at + 32 <= bytes.length; at += 32) {
      a = step(a, view.getBigUint64(at, true))
      b = step(b, view.getBigUint64(at + 8, true))
      c = step(c, view.getBigUint64(at + 16, true))
      d = step(d, view.getBigUint64(at + 24, true))
    }
    hash = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & mask
    hash = [a, b, c, d].reduce(merge, hash)
  }
  hash = (hash + BigInt(bytes.length)) & mask
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (rotate(hash ^ step(0n, view.getBigUint64(at, true)), 27n) * p1 + p4) & mask
  }
  if (at + 4 <= bytes.length) {
    hash = (rotate(hash ^ ((BigInt(view.getUint32(at, true)) * p1) & mask), 23n) * p2 + p3) & mask
    at += 4
  }
  for (; at < bytes.length; at++) hash = (rotate(hash ^ ((BigInt(bytes[at]) * p5) & mask), 11n) * p1) & mask
  hash = ((hash ^ (hash >> 33n)) * p2) & mask
  hash = ((hash ^ (hash >> 29n)) * p3) & mask
  return hash ^ (hash >> 32n)
}

const markets = { stock: 1, option: 2, forex: 3, crypto: 4 }
const kinds = { quote: 1, trade: 2 }
const layouts = {
  'stock trade': 'sequence exchange trade_id price size', 'stock quote': 'sequence bid_exchange bid ask_exchange ask',
  'option trade': 'sequence exchange price size', 'option quote': 'sequence bid_exchange bid ask_exchange ask',
  'forex quote': 'bid ask', 'crypto trade': 'exchange trade_id price size', 'crypto quote': 'exchange bid ask bid_size ask_size',
}
const encoder = new TextEncoder()

/** Returns mantissa and scale, without trailing zeros, of a decimal(38,18) or of the exact text that replaces it. */
function price(integer, text) {
  let [mantissa, scale] = [integer ?? 0n, 18]
  if (text !== undefined) {
    const point = text.indexOf('.')
    scale = point < 0 ? 0 : text.length - point - 1
    mantissa = BigInt(text.replace('.', ''))
  }
  for (; scale > 0 && mantissa % 10n === 0n; scale--) mantissa /= 10n
  return [mantissa, scale]
}

/** Computes the identity of a row, whose decimals are given as the stored integers. */
export function identity(kind, market, row) {
  const bytes = new Uint8Array(512)
  const view = new DataView(bytes.buffer)
  let length = 0
  const byte = value => { bytes[length++] = value }
  const int32 = value => { view.setInt32(length, Number(value ?? 0), true); length += 4 }
  const int64 = value => { view.setBigInt64(length, BigInt(value ?? 0), true); length += 8 }
  const text = value => {
    const encoded = encoder.encode(value ?? '')
    view.setUint16(length, encoded.length, true)
    bytes.set(encoded, length + 2)
    length += 2 + encoded.length
  }
  byte(1)
  byte(markets[market])
  byte(kinds[kind])
  int64(row.timestamp_ms)
  text(row.symbol)
  const exact = row.exact_text ? JSON.parse(row.exact_text) : {}
  for (const name of layouts[`${market} ${kind}`].split(' ')) {
    if (name === 'sequence') int64(row[name])
    else if (name === 'trade_id') text(row[name])
    else if (name.endsWith('exchange')) int32(row[name])
    else {
      const [mantissa, scale] = price(row[name], exact[name])
      int64(mantissa)
      byte(scale)
    }
  }
  return xxHash64(bytes.subarray(0, length))
}
