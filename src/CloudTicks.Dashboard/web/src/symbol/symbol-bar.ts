import { h, setText } from "../page/elements.js";
import { go } from "../page/router.js";
import { settings } from "../page/settings.js";
import { request } from "../server/requests.js";
import { counted, decimalsAmong, fixed } from "../text/numbers.js";
import { intervals, needsLake, ranges, type Interval, type Span } from "./span.js";
import type { Tick } from "./ticks.js";

interface Choices {
  readonly interval: (interval: Interval) => void;
  readonly range: (range: string, custom: Span | undefined) => void;
}

export interface SymbolBar {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly link: HTMLAnchorElement;
  choose(interval: Interval): void;
  /** Shows an interval as selected, without loading it. */
  mark(interval: Interval): void;
  chooseRange(by: number): void;
  /** Shows a range as selected, without loading it. */
  markRange(range: string): void;
  /** Shows the ranges that need a lake, which are hidden initially. */
  offerLake(): void;
  latest(tick: Tick, leftOut: number): void;
  download(href: string, name: string): void;
}

const customRange = "custom";

/** The bar above the chart: the latest prices, and the choice of symbol, interval and range. */
export function symbolBar(symbol: string, interval: Interval, choices: Choices): SymbolBar {
  const names = h("datalist", { id: "symbol-names" });
  const input = h("input", { type: "search", list: "symbol-names", placeholder: "Another symbol ( / )", "aria-label": "Show another symbol",
    autocomplete: "off", spellcheck: "false" });
  const quote = h("span", { class: "quote", "aria-live": "off" });
  const link = h("a", { class: "button", text: "Download CSV", title: "Download the chart's data as CSV (d)" });
  const radios = new Map<string, HTMLInputElement>();
  const choice = (group: string, label: string, values: readonly string[], chosen: string, pick: (value: string) => void): HTMLElement =>
    h("fieldset", { class: "choice" }, h("legend", { class: "unseen", text: label }), ...values.map((value) => {
      const radio = h("input", { type: "radio", name: group, value, id: `${group}-${value}`, on: { change: () => pick(value) } });
      radio.checked = value === chosen;
      radios.set(`${group}-${value}`, radio);
      const isHidden = group === "range" && needsLake(value);
      return h("span", { hidden: isHidden }, radio, h("label", { for: `${group}-${value}`, text: value }));
    }));
  const from = h("input", { type: "datetime-local", "aria-label": "From (UTC)" });
  const to = h("input", { type: "datetime-local", "aria-label": "To (UTC), empty for now" });
  const customBox = h("span", { class: "custom" }, from, " – ", to, " UTC");
  const rangeNames = [...Object.keys(ranges), customRange];
  const pickRange = (range: string): void => {
    customBox.hidden = range !== customRange;
    if (range === customRange) {
      const start = Date.parse(`${from.value}Z`);
      const end = Date.parse(`${to.value}Z`);
      if (!Number.isNaN(start) && !(end <= start)) {
        choices.range(settings.range, Number.isNaN(end) ? { from: start } : { from: start, to: end });
      }
    } else {
      choices.range(range, undefined);
    }
  };
  customBox.hidden = true;
  [from, to].forEach((box) => box.addEventListener("change", () => pickRange(customRange)));
  input.addEventListener("change", () => {
    const name = input.value.trim();
    if (name) {
      go(`/symbol/${encodeURIComponent(/^[a-z]+$/.test(name) ? name.toUpperCase() : name)}`);
    }
  });
  request<{ symbol: string }[]>("/api/v1/symbols").then(
    ({ body }) => names.replaceChildren(...body.slice(0, 2_000).map((entry) => h("option", { value: entry.symbol }))),
    () => {}); // only suggestions: any symbol can be entered
  let decimals = 0;
  let isLakeOffered = false;
  const press = (id: string): void => {
    const radio = radios.get(id);
    if (radio && !radio.checked) {
      radio.checked = true;
      radio.dispatchEvent(new Event("change"));
    }
  };
  return {
    input,
    link,
    element: h("div", { class: "symbol-bar" },
      h("div", { class: "headline" }, h("h1", { text: symbol }), quote),
      h("div", { class: "toolbar" },
        choice("interval", "Interval", intervals, interval, (value) => choices.interval(value as Interval)),
        choice("range", "Range", rangeNames, settings.range, pickRange), customBox, link, input, names)),
    choose: (value) => press(`interval-${value}`),
    mark: (value) => {
      radios.get(`interval-${value}`)!.checked = true;
    },
    chooseRange: (by) => {
      const known = Object.keys(ranges).filter((range) => isLakeOffered || !needsLake(range));
      press(`range-${known[Math.max(0, Math.min(known.length - 1, known.indexOf(settings.range) + by))]}`);
    },
    markRange: (range) => {
      radios.get(`range-${range}`)!.checked = true;
    },
    offerLake: () => {
      isLakeOffered = true;
      rangeNames.filter(needsLake).forEach((range) => {
        radios.get(`range-${range}`)!.parentElement!.hidden = false;
      });
    },
    latest: (tick, leftOut) => {
      decimals = Math.max(decimals, decimalsAmong([tick.bid, tick.ask, tick.price]));
      const sides = ([["bid", tick.bid], ["ask", tick.ask], ["last", tick.price]] as const).filter(([, value]) => value !== undefined);
      const prices = sides.map(([side, value]) => `${side} ${fixed(value, decimals)}`);
      setText(quote, [...prices, ...(leftOut > 0 ? [`${counted(leftOut, "tick")} not shown`] : [])].join("  ·  "));
    },
    download: (href, name) => {
      link.href = href;
      link.download = name;
    },
  };
}
