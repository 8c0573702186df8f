import { h, setText } from "../page/elements.js";
import { settings } from "../page/settings.js";
import { measured, percent, price } from "../text/numbers.js";
import { ageText } from "../text/times.js";
import { changeOf, spreadOf, staleAfter, type Quote } from "./quotes.js";
import { isGroup, type Group, type Item } from "./ordering.js";
import { drawSparkline } from "./sparkline.js";

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const flashes = { up: "var(--flash-up)", down: "var(--flash-down)" };

/** One line of the list; scrolling reuses its elements for another symbol. */
export class Row {
  readonly element: HTMLElement;
  private readonly cells: Record<"symbol" | "bid" | "ask" | "spread" | "last" | "change" | "age" | "rate", HTMLElement>;
  private readonly canvas = h("canvas", { class: "spark", "aria-hidden": "true" });
  private readonly market = h("span", { class: "market" });
  private readonly name = h("span", { class: "name" });
  private shown: Item | undefined;
  private version = -1;
  private sparkVersion = -1;
  private prices: Pick<Quote, "bid" | "ask" | "last"> = { bid: null, ask: null, last: null };

  constructor() {
    const cell = (name: string, ...children: Node[]): HTMLElement => h("div", { class: `cell ${name}`, role: "gridcell" }, ...children);
    this.cells = {
      symbol: cell("symbol", this.name, this.market), bid: cell("bid"), ask: cell("ask"), spread: cell("spread"), last: cell("last"),
      change: cell("change"), age: cell("age"), rate: cell("rate"),
    };
    this.element = h("div", { class: "row", role: "row" },
      ...Object.values(this.cells), h("div", { class: "cell sparkline", role: "gridcell" }, this.canvas));
  }

  /** Shows an item at its position in the list. */
  show(item: Item, index: number, top: number, active: boolean, now: number): void {
    const other = this.shown !== item;
    this.shown = item;
    this.element.hidden = false;
    this.element.id = `row-${index}`;
    this.element.setAttribute("aria-rowindex", String(index + 2));
    this.element.style.transform = `translateY(${top}px)`;
    this.element.classList.toggle("active", active);
    this.element.setAttribute("aria-selected", String(active));
    if (isGroup(item)) {
      this.showGroup(item);
    } else {
      this.showQuote(item, other, now);
    }
  }

  /** Hides the line until it is used again. */
  hide(): void {
    this.shown = undefined;
    this.element.hidden = true;
    for (const name of ["id", "data-symbol", "data-market"]) {
      this.element.removeAttribute(name);
    }
  }

  private showGroup(group: Group): void {
    this.element.className = `row group ${this.element.classList.contains("active") ? "active" : ""}`;
    this.element.removeAttribute("data-symbol");
    this.element.dataset["market"] = group.market;
    this.element.setAttribute("aria-expanded", String(group.open));
    setText(this.name, `${group.open ? "▾" : "▸"} ${group.market}`);
    setText(this.market, `${group.size}`);
    this.version = -1;
    for (const [name, cell] of Object.entries(this.cells)) {
      if (name !== "symbol") {
        setText(cell, "");
      }
    }
  }

  private showQuote(quote: Quote, other: boolean, now: number): void {
    const cells = this.cells;
    if (other) {
      this.element.classList.remove("group");
      this.element.removeAttribute("aria-expanded");
      this.element.removeAttribute("data-market");
      this.element.dataset["symbol"] = quote.symbol;
      setText(this.name, quote.symbol);
      setText(this.market, quote.market);
      [this.version, this.sparkVersion] = [-1, -1];
    }

    if (quote.version !== this.version) {
      const fresh = this.version >= 0;
      this.version = quote.version;
      setText(cells.bid, price(quote.bid, quote.decimals));
      setText(cells.ask, price(quote.ask, quote.decimals));
      setText(cells.spread, price(spreadOf(quote), quote.decimals));
      setText(cells.last, price(quote.last, quote.decimals));
      const change = changeOf(quote);
      setText(cells.change, change === null ? "–" : percent(change));
      cells.change.dataset["direction"] = !change || Math.abs(change) < 0.000_05 ? "flat" : change > 0 ? "up" : "down";
      setText(cells.rate, measured(quote.perSecond));
      for (const name of ["bid", "ask", "last"] as const) {
        this.flash(cells[name], fresh ? this.prices[name] : null, quote[name]);
        this.prices[name] = quote[name];
      }
    }

    if (quote.sparkVersion !== this.sparkVersion) {
      this.sparkVersion = quote.sparkVersion;
      drawSparkline(this.canvas, quote.spark);
    }

    const age = now - quote.timestamp;
    setText(cells.age, ageText(age));
    this.element.classList.toggle("stale", age > staleAfter);
  }

  /** Redraws the line in the current colours. */
  recolour(): void {
    this.sparkVersion = -1;
  }

  private flash(cell: HTMLElement, before: number | null, after: number | null): void {
    if (before !== null && after !== null && before !== after && settings.flash && !reducedMotion.matches) {
      cell.animate([{ backgroundColor: after > before ? flashes.up : flashes.down }, { backgroundColor: "transparent" }],
        { duration: 700, easing: "ease-out" });
    }
  }
}
