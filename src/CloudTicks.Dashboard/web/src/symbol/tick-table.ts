import { DataTable } from "../page/data-table.js";
import { timeOfDayMs } from "../text/times.js";
import type { Tick } from "./ticks.js";

const most = 25;

const text = (value: number | undefined): string => (value === undefined ? "" : String(value));

function cells(tick: Tick): string[] {
  return [
    timeOfDayMs(tick.timestamp_ms), text(tick.bid), text(tick.bid_size), text(tick.ask), text(tick.ask_size), text(tick.price), text(tick.size),
    tick.received_ms === undefined ? "" : `${tick.received_ms - tick.timestamp_ms} ms`, tick.source ?? "live",
  ];
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
    this.latest = [...ticks.slice(-most).toReversed(), ...this.latest].slice(0, most);
    this.table.set(this.latest.map(cells));
  }
}
