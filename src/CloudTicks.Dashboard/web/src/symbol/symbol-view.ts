import { h, setText } from "../page/elements.js";
import type { Shortcut } from "../page/keyboard.js";
import { notice, dismiss } from "../page/notices.js";
import { change, settings } from "../page/settings.js";
import type { View } from "../page/view.js";
import { ServerEvents } from "../server/events.js";
import { sentenceOf } from "../server/requests.js";
import { dateTime, duration } from "../text/times.js";
import { readGaps, readHistory } from "./history.js";
import { hasLake } from "./lake.js";
import { PriceChart } from "./price-chart.js";
import {
  historyPath, intervalFor, intervals, isInterval, longestTableRange, maxCandles, needsLake, spanOf, type Interval, type Span,
} from "./span.js";
import { symbolBar } from "./symbol-bar.js";
import { TickTable } from "./tick-table.js";
import { missingOf } from "../pipeline/missing-of.js";
import type { GapRow } from "../pipeline/picture.js";
import { priceOf, defaultPrice, type Tick } from "./ticks.js";

const gapPollInterval = 10_000;

/** With fewer candles, the first chart of a new table uses a shorter interval. */
const minCandles = 20;

/** Shows the chart, the gaps and the latest ticks of one symbol. */
export function symbolView(symbol: string): View {
  change({ symbol });
  let interval: Interval = isInterval(settings.interval) ? settings.interval : "1m";
  let custom: Span | undefined;
  let chart = new PriceChart(interval);
  let loading = new AbortController();
  let buffered: Tick[] | undefined;
  let isFirst = true;

  const place = h("div", { class: "chart-place" }, chart.element);
  const note = h("p", { class: "note fine", role: "status" });
  const gapList = h("ul", { class: "gap-list" });
  const gapCard = h("section", { class: "card", "aria-label": "Gaps" }, h("h2", { text: "Gaps" }), gapList);
  const table = new TickTable();
  const bar = symbolBar(symbol, interval, {
    interval: (next) => {
      interval = next;
      change({ interval });
      load();
    },
    range: (range, span) => {
      custom = span;
      interval = span ? interval : intervalFor(range, interval);
      bar.mark(interval);
      change({ range, interval });
      load();
    },
  });

  const showGaps = (gaps: readonly GapRow[]): void => {
    gapList.replaceChildren(...gaps.slice(-20).toReversed().map(gapLine));
    gapCard.hidden = gaps.length === 0;
  };
  const refreshGaps = (): void => {
    const { signal } = loading;
    readGaps(symbol, spanOf(settings.range, interval, custom, Date.now()).span, signal).then((gaps) => {
      if (!signal.aborted && !buffered && gaps.length > 0) {
        chart.setGaps(gaps);
        showGaps(gaps);
      }
    }, () => {}); // load() reports failures
  };
  const load = (): void => {
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    buffered = [];
    const { span, isCut } = spanOf(settings.range, interval, custom, Date.now());
    bar.download(`${historyPath(symbol, interval, span, defaultPrice(symbol), interval === "ticks" ? 100_000 : maxCandles)}&format=csv`,
      `${symbol}-${interval}.csv`.replace(/[^\w.-]/g, "_"));
    place.setAttribute("aria-busy", "true");
    readHistory(symbol, interval, span, signal).then((history) => {
      const finer = intervals[intervals.indexOf(interval) - 1];
      if (isFirst && history.tableFrom !== null && history.candles.length < minCandles && finer !== undefined && finer !== "ticks") {
        interval = finer;
        bar.mark(interval);
        load();
        return;
      }

      isFirst = false;
      const next = new PriceChart(interval);
      place.replaceChildren(next.element);
      chart.close();
      chart = next;
      chart.load(history);
      if (history.ticks.length > 0) {
        table.load(history.ticks);
      }

      showGaps(history.gaps);
      setText(note, [
        history.candles.length + history.ticks.length === 0 ? "There are no prices in this range." : "",
        isCut && !(history.tableFrom !== null && history.tableFrom >= span.from)
          ? `The range is too long for one request: the chart starts at ${dateTime(span.from)}.` : "",
        history.replay ? `Part of the range is older than the table; restore it with: ${history.replay}` : "",
      ].join(" ").trim());
      dismiss("history");
      if (custom?.to === undefined && buffered) {
        chart.add(buffered);
      }
    }).catch((error: unknown) => {
      if (!signal.aborted) {
        notice("history", "trouble", "The history cannot be shown.", sentenceOf(error));
      }
    }).finally(() => {
      if (!signal.aborted) {
        buffered = undefined;
        place.removeAttribute("aria-busy");
      }
    });
  };
  let wasLost = false;
  const live = new ServerEvents(`/api/page/live/${encodeURIComponent(symbol)}`, {
    events: {
      ticks: (data) => {
        const { ticks, left_out } = data as { ticks: Tick[]; left_out: number };
        table.add(ticks);
        const priced = ticks.findLast((tick) => priceOf(tick, "trade") !== null || priceOf(tick, "mid") !== null);
        if (priced) {
          bar.latest(priced, left_out);
        }

        if (buffered) {
          buffered.push(...ticks);
        } else if (custom?.to === undefined) {
          chart.add(ticks);
        }
      },
    },
    state: (state) => {
      if (!state.connected) {
        wasLost = true;
        notice("live", "trouble", `Live ticks of ${symbol} do not arrive.`, `${state.sentence} The page reconnects automatically.`);
      } else if (wasLost) {
        wasLost = false;
        notice("live", "good", `Live ticks of ${symbol} are arriving again.`);
        load(); // loads the missed ticks from the table
      }
    },
  });
  const step = (by: number): void => bar.choose(intervals[Math.max(0, Math.min(intervals.length - 1, intervals.indexOf(interval) + by))]!);
  const shortcuts: Shortcut[] = [
    { keys: ["]"], label: "]", description: "longer interval", run: () => step(1) },
    { keys: ["["], label: "[", description: "shorter interval", run: () => step(-1) },
    { keys: ["+", "="], label: "+", description: "longer range", run: () => bar.chooseRange(1) },
    { keys: ["-"], label: "-", description: "shorter range", run: () => bar.chooseRange(-1) },
    { keys: ["e"], label: "e", description: "show the whole range", run: () => chart.fit() },
    { keys: ["l"], label: "l", description: "scroll to the latest prices", run: () => chart.follow() },
    { keys: ["d"], label: "d", description: "download as CSV", run: () => bar.link.click() },
    { keys: ["/"], label: "/", description: "select another symbol", run: () => bar.input.focus() },
  ];
  const offered = hasLake().then((isOffered) => {
    if (isOffered) {
      bar.offerLake();
    } else if (needsLake(settings.range)) {
      change({ range: longestTableRange });
      bar.markRange(settings.range);
    }
  });
  if (needsLake(settings.range)) {
    place.setAttribute("aria-busy", "true");
    void offered.then(() => loading.signal.aborted || load());
  } else {
    load();
  }

  const gapClock = setInterval(refreshGaps, gapPollInterval);
  return {
    element: h("section", { class: "symbol-view", "aria-label": `Symbol ${symbol}` },
      bar.element, note, place, gapCard, h("section", { class: "card" }, h("h2", { text: "Latest ticks" }), table.element)),
    title: symbol,
    shortcuts,
    leave: () => {
      clearInterval(gapClock);
      loading.abort();
      live.close();
      chart.close();
      dismiss("live");
      dismiss("history");
    },
  };
}

const gapLine = (gap: GapRow): HTMLElement => h("li", {
  text: `${dateTime(gap.from_ms)}, ${typeof gap.to_ms === "number" ? `for ${duration(gap.to_ms - gap.from_ms)}` : "still open"}: `
    + `${gap.kind}s, ${gap.cause}, ${gap.state}${gap.recovered ? `, ${gap.recovered} recovered` : ""}`
    + `${missingOf(gap) ? `, missing ${missingOf(gap)}` : ""}${gap.state === "unfillable" && gap.detail ? `: ${gap.detail}` : ""}`,
});
