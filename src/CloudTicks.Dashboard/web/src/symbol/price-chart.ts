import { CandlestickSeries, ColorType, createChart, LineSeries, type IChartApi, type ISeriesApi,
  type UTCTimestamp } from "lightweight-charts";
import { h } from "../page/elements.js";
import { colour, onTheme } from "../page/theme.js";
import { counted, decimalsOf } from "../text/numbers.js";
import { dateTime, timeOfDay, timeOfDayMs } from "../text/times.js";
import type { GapRow } from "../pipeline/picture.js";
import { GapBands } from "./gap-bands.js";
import type { History } from "./history.js";
import { Candles, pointsOf } from "./series.js";
import { secondsOf, type Interval } from "./span.js";
import { priceOf, type Tick } from "./ticks.js";

/** A chart with at most this many candles shows all of them, until the user scrolls or zooms. */
const maxFitted = 300;

/** The chart of one symbol: live candles, or a line of single ticks. */
export class PriceChart {
  readonly element = h("div", { class: "chart", role: "img", "aria-label": "Price chart" });
  private readonly chart: IChartApi;
  private readonly untheme: () => void;
  private series: ISeriesApi<"Candlestick"> | ISeriesApi<"Line"> | undefined;
  private bands = new GapBands();
  private candles: Candles | undefined;
  private history: History | undefined;
  private lastPoint = 0;
  private points = 0;
  private isClosed = false;
  private isUserMoved = false;

  constructor(private readonly interval: Interval) {
    const format = (time: unknown): string => (interval === "ticks" ? timeOfDayMs(Number(time) * 1000) : dateTime(Number(time) * 1000));
    this.chart = createChart(this.element, {
      autoSize: true,
      localization: { locale: "en-GB", timeFormatter: format },
      timeScale: {
        timeVisible: true, secondsVisible: secondsOf[interval] < 60, rightOffset: 4, borderVisible: false,
        // Small enough that the whole range fits, also on a phone.
        minBarSpacing: 0.02, maxBarSpacing: 64,
        ...(interval === "ticks" ? { tickMarkFormatter: (time: unknown) => timeOfDay(Number(time) * 1000) } : {}),
      },
      rightPriceScale: { borderVisible: false },
      // The library's credit is in the list of shortcuts: its style element here would violate the content security policy.
      layout: { attributionLogo: false },
    });
    for (const event of ["wheel", "pointerdown", "touchstart"]) {
      this.element.addEventListener(event, () => { this.isUserMoved = true; }, { passive: true });
    }

    this.colours();
    this.untheme = onTheme(() => this.colours());
  }

  load(history: History): void {
    this.history = history;
    if (this.series) {
      this.chart.removeSeries(this.series);
    }

    this.bands = new GapBands();
    const decimals = decimalsIn(history);
    const priceFormat = { type: "price" as const, precision: decimals, minMove: 10 ** -decimals };
    if (this.interval === "ticks") {
      const line = this.chart.addSeries(LineSeries, { lineWidth: 2, priceFormat });
      const points = pointsOf(history.ticks, history.price);
      line.setData(points);
      [this.series, this.points, this.lastPoint] = [line, points.length, Number(points.at(-1)?.time ?? 0)];
    } else {
      const candlesticks = this.chart.addSeries(CandlestickSeries, { priceFormat });
      this.candles = new Candles(secondsOf[this.interval]);
      candlesticks.setData(this.candles.load(history.candles));
      this.series = candlesticks;
    }

    this.series.attachPrimitive(this.bands);
    this.bands.set(history.gaps);
    this.colours();
    this.fitOnceSized();
    this.describe();
  }

  /** Waits until the chart has its width, and then fits the content. */
  private fitOnceSized(): void {
    const sized = new ResizeObserver(() => {
      if (this.element.clientWidth > 0) {
        sized.disconnect();
        requestAnimationFrame(() => this.isClosed || this.fit());
      }
    });
    sized.observe(this.element);
  }

  add(ticks: readonly Tick[]): void {
    if (!this.series || !this.history) {
      return;
    }

    const before = this.count;
    for (const tick of ticks) {
      const price = priceOf(tick, this.history.price);
      if (price === null) {
        continue;
      }

      if (this.candles) {
        const { draw, isLate } = this.candles.add(tick.timestamp_ms, price);
        draw.forEach((bar) => (this.series as ISeriesApi<"Candlestick">).update(bar, isLate));
      } else if (tick.timestamp_ms / 1000 >= this.lastPoint) {
        this.points += tick.timestamp_ms / 1000 > this.lastPoint ? 1 : 0;
        this.lastPoint = tick.timestamp_ms / 1000;
        (this.series as ISeriesApi<"Line">).update({ time: this.lastPoint as UTCTimestamp, value: price });
      }
    }

    if (!this.isUserMoved && this.count > before && this.count <= maxFitted) {
      this.fit();
    }

    this.describe();
  }

  /** Updates the gaps, which are detected and filled some time after they began. */
  setGaps(gaps: readonly GapRow[]): void {
    if (this.history) {
      this.history = { ...this.history, gaps };
      this.bands.set(gaps);
      this.describe();
    }
  }

  private get count(): number {
    return this.candles?.size ?? this.points;
  }

  fit(): void {
    this.chart.timeScale().fitContent();
  }

  follow(): void {
    this.chart.timeScale().scrollToRealTime();
  }

  close(): void {
    this.isClosed = true;
    this.untheme();
    this.chart.remove();
  }

  /** The description for screen readers. */
  private describe(): void {
    const count = this.count;
    this.element.dataset["count"] = String(count);
    const bar = this.candles?.latest;
    if (bar) {
      Object.assign(this.element.dataset, { time: String(bar.time), close: String(bar.close) });
    }

    const gaps = this.history?.gaps.length ?? 0;
    const content = counted(count, this.candles ? "candle" : "tick") + (gaps > 0 ? `, ${counted(gaps, "gap")}` : "");
    this.element.setAttribute("aria-label", `Price chart: ${content}; the table below has the latest ticks`);
  }

  private colours(): void {
    this.chart.applyOptions({
      layout: { background: { type: ColorType.Solid, color: colour("surface") }, textColor: colour("muted") },
      grid: { vertLines: { color: colour("raised") }, horzLines: { color: colour("raised") } },
    });
    const [up, down] = [colour("up"), colour("down")];
    this.series?.applyOptions(this.interval === "ticks"
      ? { color: colour("accent") }
      : { upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false });
  }
}

function decimalsIn({ candles, ticks, price }: History): number {
  const prices = candles.length > 0 ? candles.slice(-50).flatMap((candle) => [candle.open, candle.close])
    : ticks.slice(-50).map((tick) => priceOf(tick, price) ?? 0);
  return Math.min(6, Math.max(2, ...prices.map((value) => decimalsOf(Number(value.toPrecision(10))))));
}
