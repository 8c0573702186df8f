import { h, setText } from "../page/elements.js";

export interface Bar {
  readonly name: string;
  readonly text: string;
  /** The fill level, 0 to 1; absent without a limit. */
  readonly share?: number;
  readonly state?: string;
}

/** Named bars with a figure and a fill level. */
export class Bars {
  readonly element = h("ul", { class: "bars" });
  private readonly known = new Map<string, { item: HTMLElement; text: HTMLElement; fill: HTMLElement }>();

  set(bars: readonly Bar[]): void {
    for (const [name, { item }] of this.known) {
      if (!bars.some((bar) => bar.name === name)) {
        item.remove();
        this.known.delete(name);
      }
    }

    for (const bar of bars) {
      const { item, text, fill } = this.known.get(bar.name) ?? this.add(bar.name);
      setText(text, bar.text);
      item.classList.toggle("endless", bar.share === undefined);
      item.dataset["state"] = bar.state ?? (bar.share !== undefined && bar.share > 0.8 ? "degraded" : "healthy");
      fill.style.width = `${Math.max(0, Math.min(1, bar.share ?? 0)) * 100}%`;
    }
  }

  private add(name: string): { item: HTMLElement; text: HTMLElement; fill: HTMLElement } {
    const text = h("span", { class: "value" });
    const fill = h("span", { class: "fill" });
    const item = h("li", {}, h("span", { class: "name", text: name }), text, h("span", { class: "track", "aria-hidden": "true" }, fill));
    const made = { item, text, fill };
    this.known.set(name, made);
    this.element.append(item);
    return made;
  }
}
