import { decimalsOf } from "../text/numbers.js";

/**
 * A row of the board's frames: symbol, market, bid, ask, last, first, timestamp_ms, per_second and, for a
 * symbol that the page does not have yet, the latest prices of its sparkline. */
export type FrameRow = [string, string, number | null, number | null, number | null, number | null, number, number, number[]?];

export interface Frame {
  readonly stream: string;
  readonly seq: number;
  readonly now_ms: number;
  readonly full: boolean;
  readonly rows: readonly FrameRow[];
}

export interface Quote {
  readonly symbol: string;
  readonly market: string;
  /** The text that the filter searches: lower case, without separators. */
  readonly searchText: string;
  bid: number | null;
  ask: number | null;
  last: number | null;
  first: number | null;
  timestamp: number;
  perSecond: number;
  decimals: number;
  /** Counts updates, so that a row knows whether it is up to date. */
  version: number;
  readonly spark: number[];
  sparkVersion: number;
}

/** A symbol without a tick for this long is shown as stale. */
export const staleAfter = 30_000;
export const sparkPoints = 40;
export const sparkEvery = 3_000;

/** The state of each symbol, from the board's frames. */
export class Quotes {
  readonly all = new Map<string, Quote>();
  /** Counts added and removed symbols; a change rebuilds the list. */
  generation = 0;
  /** The server's clock minus this browser's, ms. */
  clock = 0;

  now(): number {
    return Date.now() + this.clock;
  }

  apply(frame: Frame): void {
    this.clock = frame.now_ms - Date.now();
    if (frame.full) {
      const named = new Set(frame.rows.map((row) => row[0]));
      for (const symbol of [...this.all.keys()].filter((symbol) => !named.has(symbol))) {
        this.all.delete(symbol);
        this.generation++;
      }
    }

    frame.rows.forEach((row) => this.applyRow(row));
  }

  /** Adds a point to every sparkline. */
  sample(): void {
    for (const quote of this.all.values()) {
      if (quote.last !== null) {
        quote.spark.push(quote.last);
        if (quote.spark.length > sparkPoints) {
          quote.spark.shift();
        }

        quote.sparkVersion++;
      }
    }
  }

  private applyRow([symbol, market, bid, ask, last, first, timestamp, perSecond, spark]: FrameRow): void {
    let quote = this.all.get(symbol);
    if (!quote) {
      quote = {
        symbol, market, searchText: `${symbol} ${symbol.replace(/[^a-z0-9]/gi, "")} ${market}`.toLowerCase(), bid, ask, last, first,
        timestamp, perSecond,
        decimals: 2, version: 0, spark: [], sparkVersion: 0,
      };
      this.all.set(symbol, quote);
      this.generation++;
    }

    Object.assign(quote, { bid, ask, last, first, timestamp, perSecond });
    for (const price of [bid, ask, bid === null && ask === null ? last : null]) {
      quote.decimals = price === null ? quote.decimals : Math.max(quote.decimals, decimalsOf(price));
    }

    if (spark) {
      quote.spark.splice(0, quote.spark.length, ...spark.slice(-sparkPoints));
      quote.sparkVersion++;
    }

    quote.version++;
  }
}

export const spreadOf = (quote: Quote): number | null => (quote.bid === null || quote.ask === null ? null : quote.ask - quote.bid);
export const changeOf = (quote: Quote): number | null => (quote.last === null || !quote.first ? null : quote.last / quote.first - 1);
