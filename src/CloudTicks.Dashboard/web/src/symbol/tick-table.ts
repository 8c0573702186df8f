import { DataTable } from "../page/data-table.js";
import { decimalsAmong, fixed } from "../text/numbers.js";
import { milliseconds, timeOfDayMs } from "../text/times.js";
import type { Tick } from "./ticks.js";

const maxRows = 25;

/** Formats the ticks. All prices have the same number of decimals, and so do all sizes. */
function rows(ticks: readonly Tick[]): string[][] {
  const prices = decimalsAmong(ticks.flatMap((tick) => [tick.bid, tick.ask, tick.price]));
  const sizes = decimalsAmong(ticks.flatMap((tick) => [tick.bid_size, tick.ask_size, tick.size]));
  return ticks.map((tick) => [
    timeOfDayMs(tick.timestamp_ms), fixed(tick.bid, prices), fixed(tick.bid_size, sizes), fixed(tick.ask, prices),
    fixed(tick.ask_size, sizes),
    fixed(tick.price, prices), fixed(tick.size, sizes),
    tick.received_ms === undefined ? "" : milliseconds(tick.received_ms - tick.timestamp_ms),
    tick.source ?? "live",
  ]);
}

/** The latest ticks, the newest first. */
export class TickTable {
  private readonly table = new DataTable("Latest ticks", [
    { title: "Time (UTC)" },
    ...["Bid", "Bid size", "Ask", "Ask size", "Price", "Size", "Delay"].map((title) => ({ title, isNumber: true })),
    { title: "Source" },
  ], "None yet.");
  private latest: Tick[] = [];

  readonly element = this.table.element;

  load(ticks: readonly Tick[]): void {
    this.latest = [];
    this.add(ticks);
  }

  add(ticks: readonly Tick[]): void {
    this.latest = [...ticks.slice(-maxRows).toReversed(), ...this.latest].slice(0, maxRows);
    this.table.set(rows(this.latest));
  }
}
