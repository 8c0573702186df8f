/** A tick, with the fields that NATS and the table have. */
export interface Tick {
  readonly symbol: string;
  readonly timestamp_ms: number;
  readonly bid?: number;
  readonly ask?: number;
  readonly bid_size?: number;
  readonly ask_size?: number;
  readonly price?: number;
  readonly size?: number;
  readonly received_ms?: number;
  readonly id: string;
  readonly source?: string;
}

export type PriceKind = "mid" | "trade";

/** The price of a tick for candles: the mid price of a two-sided quote, or the price of a trade. */
export function priceOf(tick: Tick, kind: PriceKind): number | null {
  if (kind === "trade") {
    return tick.price ?? null;
  }

  return tick.bid === undefined || tick.ask === undefined ? null : (tick.bid + tick.ask) / 2;
}

/** The default of the query API: the mid price for currency and metal pairs, trades for all other symbols. */
export const defaultPrice = (symbol: string): PriceKind => (/^(C:)?[A-Z]{3}[-/]?[A-Z]{3}$/.test(symbol) ? "mid" : "trade");
