// Decodes the frames of a file: node decode.mjs FILE parse|client [digest]
//   parse   JSON.parse of each frame's text
//   client  Polygon's client: its socket object receives the bytes of the WebSocket frames and calls a handler with each
//           message, which this script decodes with JSON.parse, as the client's README recommends
// digest prints the SHA-256 of all values instead of the time.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const WARM_PASSES = 2;
const [file, mode, digest] = process.argv.slice(2);
const frames = readFrames(file);
const hash = digest ? createHash('sha256') : null;
let ticks = 0;
let sum = 0;

const pass = mode === 'client' ? await clientPass() : parsePass;
if (digest) {
  await pass();
  console.log(JSON.stringify({ digest: hash.digest('hex') }));
} else {
  for (let warm = 0; warm < WARM_PASSES; warm++) await pass();
  ticks = 0;
  const started = process.hrtime.bigint();
  await pass();
  const nanoseconds = String(process.hrtime.bigint() - started);
  console.log(JSON.stringify({ nanoseconds, ticks, sum }));
}
process.exit(0);

function readFrames(path) {
  const bytes = readFileSync(path);
  const list = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    list.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return list;
}

async function parsePass() {
  for (const frame of frames) take(JSON.parse(frame.toString('utf8')));
}

function take(events) {
  for (const event of events) {
    ticks++;
    sum += event.t;
    if (hash) hash.update(line(event));
  }
}

function line(e) {
  const values = e.ev === 'C' ? [e.ev, e.p.replace('/', ''), e.t, e.b, e.a, e.x]
    : e.ev === 'Q' ? [e.ev, e.sym, e.t, e.bp, e.bs, e.bx, e.ap, e.as, e.ax, e.c, e.q, e.z]
    : [e.ev, e.sym, e.t, e.p, e.s, e.x, e.i, (e.c ?? []).join(','), e.q, e.z];
  return values.map(value => value ?? '').join('|') + '\n';
}

// The WebSocket server only completes the handshake; the frames are passed directly to the client's connection object.
async function clientPass() {
  const { websocketClient } = await import('@polygon.io/client-js');
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on('error', () => {});
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const client = websocketClient('key', `ws://127.0.0.1:${server.address().port}`).stocks();
  await new Promise(resolve => {
    const greet = client.onopen;
    client.onopen = () => { greet(); resolve(); };
  });
  const messages = frames.map(webSocketFrame);
  let left = 0;
  let done = null;
  client.onmessage = message => {
    take(JSON.parse(message.data));
    if (--left === 0) done();
  };
  return () => new Promise(resolve => {
    left = messages.length;
    done = resolve;
    // Passes as many frames at a time as one 64 KiB read from a busy socket would return.
    let next = 0;
    const feed = () => {
      for (let bytes = 0; next < messages.length && bytes < 65536; next++) {
        bytes += messages[next].length;
        client._connection.handleSocketData(messages[next]);
      }
      if (next < messages.length) setImmediate(feed);
    };
    feed();
  });
}

function webSocketFrame(payload) {
  const head = payload.length < 126 ? Buffer.from([0x81, payload.length])
    : payload.length < 65536 ? Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255])
    : Buffer.from([0x81, 127, 0, 0, 0, 0, payload.length >>> 24, (payload.length >> 16) & 255, (payload.length >> 8) & 255, payload.length & 255]);
  return Buffer.concat([head, payload]);
}
