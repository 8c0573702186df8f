export const intervals = ["ticks", "1s", "1m", "5m", "1h"] as const;
export type Interval = (typeof intervals)[number];

export const secondsOf: Record<Interval, number> = { ticks: 0, "1s": 1, "1m": 60, "5m": 300, "1h": 3600 };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
export const ranges: Readonly<Record<string, number>> = {
  "15m": 15 * minute, "1h": hour, "6h": 6 * hour, "1d": day, "3d": 3 * day, "1w": 7 * day, "4w": 28 * day,
};

/** The longest range that the table has with its default retention; longer ranges need a lake. */
export const longestTableRange = "3d";

export const needsLake = (range: string): boolean => (ranges[range] ?? 0) > ranges[longestTableRange]!;

/** The maximum number of candles in one response. */
export const maxCandles = 10_000;

/** The maximum number of ticks that the chart loads; a download may have more. */
export const maxTicks = 5_000;

/** More candles than this are narrower than half a pixel on a desktop screen. */
const maxLegible = 2_500;

export interface Span {
  readonly from: number;
  /** The end; absent for a range up to now that continues live. */
  readonly to?: number;
}

export const isInterval = (text: string): text is Interval => (intervals as readonly string[]).includes(text);

/** The requested time range, limited to the newest part that fits in one response. */
export function spanOf(range: string, interval: Interval, custom: Span | undefined, now: number): { span: Span; isCut: boolean } {
  const requested: Span = custom ?? { from: now - (ranges[range] ?? ranges["6h"]!) };
  const end = requested.to ?? now;
  const earliest = secondsOf[interval] === 0 ? 0 : end - (maxCandles - 2) * secondsOf[interval] * 1000;
  const from = Math.max(requested.from, earliest);
  return { span: requested.to === undefined ? { from } : { from, to: requested.to }, isCut: from > requested.from };
}

/**
 * The interval for a range: the chosen one. If its candles would be illegible for a range of the lake, the next longer interval with
 * legible candles.
 */
export function intervalFor(range: string, chosen: Interval): Interval {
  const fits = (interval: Interval): boolean => secondsOf[interval] * maxLegible * 1000 >= ranges[range]!;
  return needsLake(range) ? intervals.slice(intervals.indexOf(chosen)).find(fits) ?? chosen : chosen;
}

/** The URL of the history, without the format. */
export function historyPath(symbol: string, interval: Interval, span: Span, price: "mid" | "trade", limit: number): string {
  const name = encodeURIComponent(symbol);
  // Without an end the API chooses one that depends on the limit.
  const end = span.to ?? Date.now() + secondsOf[interval] * 1000;
  const query = new URLSearchParams({ from: String(Math.round(span.from)), to: String(Math.round(end)), limit: String(limit) });
  if (interval === "ticks") {
    return `/api/v1/ticks/${name}?${query}`;
  }

  query.set("interval", interval);
  query.set("price", price);
  return `/api/v1/candles/${name}?${query}`;
}
