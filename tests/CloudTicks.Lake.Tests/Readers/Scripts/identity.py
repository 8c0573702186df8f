"""Computes the identity of a tick as docs/contracts.md describes it, independently of the project's code."""
import json
import struct

MASK = (1 << 64) - 1
P1, P2, P3, P4, P5 = (
    0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)


def rotate(x, bits):
    return ((x << bits) | (x >> (64 - bits))) & MASK


def step(total, lane):
    return rotate((total + lane * P2) & MASK, 31) * P1 & MASK


def xx_hash64(data):
    at, value = 0, P5
    if len(data) >= 32:
        sums = [(P1 + P2) & MASK, P2, 0, -P1 & MASK]
        while at + 32 <= len(data):
            sums = [step(*pair) for pair in zip(sums, struct.unpack_from('<4Q', data, at))]
            at += 32
        value = sum(rotate(each, bits) for each, bits in zip(sums, (1, 7, 12, 18))) & MASK
        for each in sums:
            value = ((value ^ step(0, each)) * P1 + P4) & MASK
    value = (value + len(data)) & MASK
    while at + 8 <= len(data):
        value = (rotate(value ^ step(0, struct.unpack_from('<Q', data, at)[0]), 27) * P1 + P4) & MASK
        at += 8
    if at + 4 <= len(data):
        value = (rotate(value ^ (struct.unpack_from('<I', data, at)[0] * P1 & MASK), 23) * P2 + P3) & MASK
        at += 4
    for byte in data[at:]:
        value = rotate(value ^ (byte * P5 & MASK), 11) * P1 & MASK
    value = (value ^ (value >> 33)) * P2 & MASK
    value = (value ^ (value >> 29)) * P3 & MASK
    return value ^ (value >> 32)


def decimal(text):
    """Encodes mantissa and scale of a price, without trailing zeros."""
    whole, _, part = (text or '0').partition('.')
    part = part.rstrip('0')
    return struct.pack('<qB', int(whole + part), len(part))


MARKETS = {'stock': 1, 'option': 2, 'forex': 3, 'crypto': 4}
KINDS = {'quote': 1, 'trade': 2}
LAYOUTS = {
    'stock trade': 'sequence exchange trade_id price size', 'stock quote': 'sequence bid_exchange bid ask_exchange ask',
    'option trade': 'sequence exchange price size', 'option quote': 'sequence bid_exchange bid ask_exchange ask',
    'forex quote': 'bid ask', 'crypto trade': 'exchange trade_id price size', 'crypto quote': 'exchange bid ask bid_size ask_size',
}


def text(value):
    encoded = (value or '').encode()
    return struct.pack('<H', len(encoded)) + encoded


def identity(row):
    """Computes the identity of a row: a dictionary of texts by column name."""
    exact = json.loads(row['exact_text'] or '{}')
    data = struct.pack('<BBBq', 1, MARKETS[row['market']], KINDS[row['kind']], int(row['timestamp_ms'])) + text(row['symbol'])
    for name in LAYOUTS[f"{row['market']} {row['kind']}"].split():
        if name == 'sequence':
            data += struct.pack('<q', int(row[name] or 0))
        elif name == 'trade_id':
            data += text(row[name])
        elif name.endswith('exchange'):
            data += struct.pack('<i', int(row[name] or 0))
        else:
            data += decimal(exact.get(name, row[name]))
    return xx_hash64(data)
