import type { CandlestickData, LineData, UTCTimestamp, WhitespaceData } from "lightweight-charts";
import type { Candle } from "./history.js";
import { priceOf, type PriceKind, type Tick } from "./ticks.js";

export type Bar = CandlestickData<UTCTimestamp>;
export type Point = LineData<UTCTimestamp> | WhitespaceData<UTCTimestamp>;

/** The maximum number of blanks for times without a candle. A longer gap, such as a closed market, is not drawn to scale. */
const maxBlanks = 5_000;

const seconds = (ms: number): UTCTimestamp => (ms / 1000) as UTCTimestamp;

/** The candles of a chart, from history and live ticks. */
export class Candles {
  private readonly bars = new Map<number, Bar>();
  private last = 0;

  constructor(private readonly step: number) {}

  get size(): number {
    return this.bars.size;
  }

  get latest(): Bar | undefined {
    return this.bars.get(this.last);
  }

  /** All candles, with blanks for times without a price. */
  load(candles: readonly Candle[]): (Bar | WhitespaceData<UTCTimestamp>)[] {
    this.bars.clear();
    this.last = 0;
    let blanks = 0;
    const all: (Bar | WhitespaceData<UTCTimestamp>)[] = [];
    for (const { timestamp_ms, open, high, low, close } of candles) {
      const time = seconds(timestamp_ms);
      for (let empty = this.last + this.step; this.last > 0 && empty < time && blanks < maxBlanks; empty += this.step, blanks++) {
        all.push({ time: empty as UTCTimestamp });
      }

      const bar: Bar = { time, open, high, low, close };
      this.bars.set(time, bar);
      this.last = time;
      all.push(bar);
    }

    return all;
  }

  /** Adds a price to its candle. Returns what to draw: the candle, after blanks for times without a price. */
  add(timestampMs: number, price: number): { draw: (Bar | WhitespaceData<UTCTimestamp>)[]; isLate: boolean } {
    const time = (Math.floor(timestampMs / 1000 / this.step) * this.step) as UTCTimestamp;
    const draw: (Bar | WhitespaceData<UTCTimestamp>)[] = [];
    const isLate = time < this.last;
    const known = this.bars.get(time);
    if (isLate && !known) {
      return { draw, isLate }; // the chart already has a blank there; the candle appears when the chart is loaded again
    }

    for (let empty = this.last + this.step; this.last > 0 && empty < time && draw.length < maxBlanks; empty += this.step) {
      draw.push({ time: empty as UTCTimestamp });
    }

    const bar: Bar = known
      ? { ...known, high: Math.max(known.high, price), low: Math.min(known.low, price), close: isLate ? known.close : price }
      : { time, open: price, high: price, low: price, close: price };
    this.bars.set(time, bar);
    this.last = Math.max(this.last, time);
    draw.push(bar);
    return { draw, isLate };
  }
}

/** Ticks as points, one for each millisecond that has a price. */
export function pointsOf(ticks: readonly Tick[], kind: PriceKind): Point[] {
  const points = new Map<number, Point>();
  for (const tick of ticks) {
    const value = priceOf(tick, kind);
    if (value !== null) {
      points.set(tick.timestamp_ms, { time: seconds(tick.timestamp_ms), value });
    }
  }

  return [...points].sort(([a], [b]) => a - b).map(([, point]) => point);
}
