import { changeOf, spreadOf, type Quote } from "./quotes.js";

export interface Column {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The sort key; null is last in either direction. */
  readonly value: (quote: Quote) => number | string | null;
  /** Whether the first click sorts in descending order. */
  readonly largestFirst?: boolean;
}

export const columns: readonly Column[] = [
  { name: "symbol", title: "Symbol", description: "Symbol", value: (quote) => quote.symbol },
  { name: "bid", title: "Bid", description: "Best bid", value: (quote) => quote.bid },
  { name: "ask", title: "Ask", description: "Best ask", value: (quote) => quote.ask },
  { name: "spread", title: "Spread", description: "Ask minus bid", value: spreadOf },
  { name: "last", title: "Last", description: "Latest price", value: (quote) => quote.last },
  { name: "change", title: "Change", description: "Change since the session's start", value: changeOf, largestFirst: true },
  { name: "age", title: "Age", description: "Time since the last tick", value: (quote) => -quote.timestamp },
  { name: "rate", title: "Ticks/s", description: "Ticks per second", value: (quote) => quote.perSecond, largestFirst: true },
];

export interface Group {
  readonly market: string;
  readonly size: number;
  readonly open: boolean;
}

export type Item = Quote | Group;

export const isGroup = (item: Item): item is Group => "size" in item;

export interface Order {
  readonly filter: string;
  readonly sort: string;
  readonly descending: boolean;
  readonly grouped: boolean;
  readonly closed: ReadonlySet<string>;
}

/** The items of the list: the filtered quotes, sorted, with a header before each market. */
export function arrange(quotes: Iterable<Quote>, order: Order): Item[] {
  const terms = order.filter.toLowerCase().split(/\s+/).filter((term) => term.length > 0);
  const passed = [...quotes].filter((quote) => terms.every((term) => quote.searchText.includes(term)));
  const { value } = columns.find((column) => column.name === order.sort) ?? columns[0]!;
  const keyed = passed.map((quote) => ({ quote, key: value(quote) }));
  keyed.sort((a, b) => compare(a.key, b.key, order.descending) || (a.quote.symbol < b.quote.symbol ? -1 : 1));
  const sorted = keyed.map((entry) => entry.quote);
  if (!order.grouped) {
    return sorted;
  }

  const markets = new Map<string, Quote[]>();
  for (const quote of sorted) {
    const market = markets.get(quote.market);
    if (market) {
      market.push(quote);
    } else {
      markets.set(quote.market, [quote]);
    }
  }

  return [...markets].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([market, members]): Item[] => {
    const open = !order.closed.has(market);
    return [{ market, size: members.length, open }, ...(open ? members : [])];
  });
}

function compare(a: number | string | null, b: number | string | null, descending: boolean): number {
  if (a === null || b === null) {
    return a === b ? 0 : a === null ? 1 : -1;
  }

  return (a < b ? -1 : a > b ? 1 : 0) * (descending ? -1 : 1);
}
