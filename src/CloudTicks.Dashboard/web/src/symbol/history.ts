import { request } from "../server/requests.js";
import type { GapRow } from "../pipeline/picture.js";
import { historyPath, maxCandles, maxTicks, type Interval, type Span } from "./span.js";
import { defaultPrice, type PriceKind, type Tick } from "./ticks.js";

export interface Candle {
  readonly timestamp_ms: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume?: number | null;
  readonly count?: number;
}

export interface History {
  readonly price: PriceKind;
  readonly candles: readonly Candle[];
  readonly ticks: readonly Tick[];
  readonly gaps: readonly GapRow[];
  /** The command that restores the part of the range that is older than the table; null if there is none. */
  readonly replay: string | null;
  /** The time of the table's first tick, if later than the start of the range; else null. */
  readonly tableFrom: number | null;
}

type Older = Pick<History, "replay" | "tableFrom">;

function olderOf(headers: Headers): Older {
  const begins = Date.parse(headers.get("CloudTicks-Table-From") ?? "");
  return { replay: headers.get("CloudTicks-Replay"), tableFrom: Number.isNaN(begins) ? null : begins };
}

/** The table's ticks or candles of a time range, with the known gaps. @throws RequestError */
export async function readHistory(symbol: string, interval: Interval, span: Span, signal: AbortSignal): Promise<History> {
  const gaps = readGaps(symbol, span, signal);
  if (interval === "ticks") {
    const { ticks, older } = await readTicks(symbol, span, signal);
    return { price: kindOf(symbol, ticks), candles: [], ticks, gaps: await gaps, ...older };
  }

  const first = defaultPrice(symbol);
  const other: PriceKind = first === "mid" ? "trade" : "mid";
  for (const price of [first, other]) {
    const { body, headers } = await request<Candle[]>(historyPath(symbol, interval, span, price, maxCandles), { signal });
    if (body.length > 0 || price === other) {
      return { price: body.length > 0 ? price : first, candles: body, ticks: [], gaps: await gaps, ...olderOf(headers) };
    }
  }

  throw new Error("Unreachable: the loop returns for the last price kind.");
}

/**
 * The first ticks of a time range with an end, or the latest ticks of a range up to now. The server returns the latest ticks only for a
 * request without a start time.
 */
async function readTicks(symbol: string, span: Span, signal: AbortSignal): Promise<{ ticks: Tick[]; older: Older }> {
  if (span.to !== undefined) {
    const { body, headers } = await request<Tick[]>(historyPath(symbol, "ticks", span, "mid", maxTicks), { signal });
    return { ticks: body, older: olderOf(headers) };
  }

  const { body } = await request<Tick[]>(`/api/v1/ticks/${encodeURIComponent(symbol)}?limit=${maxTicks}`, { signal });
  return { ticks: body.filter((tick) => tick.timestamp_ms >= span.from), older: { replay: null, tableFrom: null } };
}

const kindOf = (symbol: string, ticks: readonly Tick[]): PriceKind =>
  ticks.length === 0 ? defaultPrice(symbol) : ticks.some((tick) => tick.price !== undefined) ? "trade" : "mid";

export async function readGaps(symbol: string, span: Span, signal: AbortSignal): Promise<readonly GapRow[]> {
  const query = new URLSearchParams({ symbol, from: String(Math.round(span.from)), limit: "1000" });
  try {
    return (await request<GapRow[]>(`/api/v1/gaps?${query}`, { signal })).body;
  } catch {
    return []; // show the chart without its gap bands
  }
}
