import { h } from "../page/elements.js";
import type { Item } from "./ordering.js";
import { Row } from "./row.js";

const spareRows = 4;

/** A list in which only the lines in view have elements, which are reused. */
export class VirtualList {
  readonly scroller: HTMLElement;
  readonly header: HTMLElement;
  private readonly inner = h("div", { class: "rows", role: "rowgroup" });
  private readonly pool: Row[] = [];
  private items: readonly Item[] = [];
  private frameRequest = 0;
  private rowHeight = 34;

  active = -1;

  constructor(header: HTMLElement, label: string, private readonly now: () => number) {
    this.header = header;
    this.scroller = h("div", { class: "list", role: "grid", tabindex: "0", "aria-label": label, "aria-readonly": "true" },
      h("div", { class: "head-group", role: "rowgroup" }, header), this.inner);
    this.scroller.addEventListener("scroll", () => this.refresh(), { passive: true });
  }

  /** The indexes of the first line in view and of the line after the last one in view. */
  range(): [number, number] {
    const room = this.scroller.clientHeight - this.header.offsetHeight;
    const first = Math.floor(this.scroller.scrollTop / this.rowHeight);
    return [Math.max(0, first), Math.min(this.items.length, first + Math.ceil(room / this.rowHeight) + 1)];
  }

  set(items: readonly Item[]): void {
    this.items = items;
    this.scroller.setAttribute("aria-rowcount", String(items.length + 1));
    this.refresh();
  }

  /** Draws the list with the next animation frame. Several calls before that frame draw it only once. */
  refresh(): void {
    this.frameRequest ||= requestAnimationFrame(() => {
      this.frameRequest = 0;
      this.draw();
    });
  }

  /** Reads the line height, which depends on the screen's width. */
  measure(): void {
    this.rowHeight = parseFloat(getComputedStyle(this.scroller).getPropertyValue("--row-height")) || this.rowHeight;
    this.refresh();
  }

  recolour(): void {
    this.pool.forEach((row) => row.recolour());
    this.refresh();
  }

  /** Moves the active line and scrolls it into view. */
  activate(index: number): void {
    if (this.items.length === 0) {
      return;
    }

    this.active = Math.max(0, Math.min(this.items.length - 1, index));
    const top = this.active * this.rowHeight;
    const room = this.scroller.clientHeight - this.header.offsetHeight;
    if (top < this.scroller.scrollTop) {
      this.scroller.scrollTop = top;
    } else if (top + this.rowHeight > this.scroller.scrollTop + room) {
      this.scroller.scrollTop = top + this.rowHeight - room;
    }

    this.refresh();
  }

  close(): void {
    cancelAnimationFrame(this.frameRequest);
  }

  private draw(): void {
    const [first, end] = this.range();
    const from = Math.max(0, first - spareRows);
    const to = Math.min(this.items.length, end + spareRows);
    const height = `${this.items.length * this.rowHeight}px`;
    if (this.inner.style.height !== height) {
      this.inner.style.height = height;
    }

    while (this.pool.length < to - from) {
      const row = new Row();
      this.pool.push(row);
      this.inner.append(row.element);
    }

    // A line keeps its element while it is in view: its index selects the element.
    const now = this.now();
    const used = new Set<number>();
    for (let index = from; index < to; index++) {
      const slot = index % this.pool.length;
      const row = this.pool[slot]!;
      used.add(slot);
      row.show(this.items[index]!, index, index * this.rowHeight, index === this.active, now);
    }

    this.pool.filter((_, slot) => !used.has(slot)).forEach((row) => row.hide());
    if (this.active >= from && this.active < to) {
      this.scroller.setAttribute("aria-activedescendant", `row-${this.active}`);
    } else {
      this.scroller.removeAttribute("aria-activedescendant");
    }
  }
}
