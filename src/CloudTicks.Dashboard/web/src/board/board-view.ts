import { h, setText, toggle } from "../page/elements.js";
import { go } from "../page/router.js";
import { change, settings } from "../page/settings.js";
import { onTheme } from "../page/theme.js";
import type { View } from "../page/view.js";
import { count, counted, measured } from "../text/numbers.js";
import { boardHeader } from "./board-header.js";
import { boardKeys } from "./board-keys.js";
import { BoardStream } from "./board-stream.js";
import { arrange, isGroup, type Item } from "./ordering.js";
import { Quotes, sparkEvery } from "./quotes.js";
import { VirtualList } from "./virtual-list.js";

/** How often a list that is sorted by live values is sorted again, ms. */
const sortEvery = 1_000;

/** The list is not sorted until this long after the user scrolled or pressed a key, ms. */
const idleDelay = 1_500;

export function boardView(): View {
  const quotes = new Quotes();
  const closed = new Set<string>();
  let items: readonly Item[] = [];
  let generation = -1;
  let touched = 0;
  let filter = "";

  const search = h("input", { type: "search", placeholder: "Filter symbols ( / )", "aria-label": "Filter symbols and markets",
    autocomplete: "off", spellcheck: "false" });
  const symbols = h("span", { role: "status" });
  const rates = h("span");
  const summary = h("span", { class: "summary" }, symbols, " · ", rates);
  const empty = h("p", { class: "empty", text: "Waiting for the first prices…" });
  const { header, choice, sortBy } = boardHeader(() => rearrange());
  const list = new VirtualList(header, "Prices of all symbols", () => quotes.now());
  const flash = toggle("Flash", settings.flash, (on) => change({ flash: on }), { title: "Flash on change (f)" });
  const groups = toggle("Groups", settings.grouped, (on) => (change({ grouped: on }), rearrange()), { title: "Group by market (o)" });
  const element = h("section", { class: "board", "aria-label": "Board" },
    h("div", { class: "toolbar" }, search, choice, groups, flash, summary), list.scroller, empty);

  const rearrange = (): void => {
    const active = items[list.active];
    generation = quotes.generation;
    items = arrange(quotes.all.values(), { filter, sort: settings.sort, descending: settings.descending, grouped: settings.grouped,
      closed });
    list.active = active ? items.findIndex((item) => (isGroup(item) ? isGroup(active) && item.market === active.market : item === active))
      : -1;
    list.scroller.classList.toggle("grouped", settings.grouped);
    list.set(items);
    updateSummary();
    stream.reportView(inView());
  };
  const inView = (): string[] => {
    const [first, end] = list.range();
    return items.slice(first, end).flatMap((item) => (isGroup(item) ? [] : [item.symbol]));
  };
  const updateSummary = (): void => {
    let [shown, rate] = [0, 0];
    for (const item of items) {
      shown += isGroup(item) ? (item.open ? 0 : item.size) : 1;
    }

    for (const quote of quotes.all.values()) {
      rate += quote.perSecond;
    }

    setText(symbols, `${shown === quotes.all.size ? "" : `${count(shown)} of `}${counted(quotes.all.size, "symbol")}`);
    setText(rates, `${measured(rate)} ticks/s`);
    empty.hidden = items.length > 0;
    setText(empty, quotes.all.size === 0 ? "Waiting for the first prices…" : "No symbol matches the filter.");
  };
  const open = (item: Item | undefined): void => {
    if (item && isGroup(item)) {
      closed[closed.has(item.market) ? "delete" : "add"](item.market);
      rearrange();
    } else if (item) {
      change({ symbol: item.symbol });
      go(`/symbol/${encodeURIComponent(item.symbol)}`);
    }
  };

  const stream = new BoardStream(
    (frame) => {
      quotes.apply(frame);
      if (quotes.generation !== generation) {
        rearrange();
      } else {
        list.refresh();
      }
    },
    (isLive) => element.classList.toggle("lost", !isLive));

  search.addEventListener("input", () => {
    filter = search.value;
    list.scroller.scrollTop = 0;
    rearrange();
  });
  let viewTimer = 0;
  list.scroller.addEventListener("scroll", () => {
    touched = Date.now();
    clearTimeout(viewTimer);
    viewTimer = setTimeout(() => stream.reportView(inView()), 150);
  }, { passive: true });
  list.scroller.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest(".row:not(.head)") : null;
    if (row) {
      open(items[Number(row.getAttribute("aria-rowindex")) - 2]);
    }
  });
  const keys = boardKeys({ list, search, size: () => items.length, open: () => open(items[list.active]),
    press: (name) => (name === "flash" ? flash : groups).click(), sortBy });
  list.scroller.addEventListener("keydown", (event) => {
    touched = Date.now();
    keys.onList(event);
  });

  const clocks = [
    setInterval(() => {
      updateSummary();
      if (settings.sort !== "symbol" && Date.now() - touched > idleDelay) {
        rearrange();
      } else {
        list.refresh();
      }
    }, sortEvery),
    setInterval(() => quotes.sample(), sparkEvery),
  ];
  const sizes = new ResizeObserver(() => list.measure());
  const untheme = onTheme(() => list.recolour());
  return {
    element,
    title: "Board",
    shortcuts: keys.shortcuts,
    shown: () => {
      sizes.observe(list.scroller);
      list.measure();
    },
    leave: () => {
      clocks.forEach(clearInterval);
      clearTimeout(viewTimer);
      sizes.disconnect();
      untheme();
      stream.close();
      list.close();
    },
  };
}
