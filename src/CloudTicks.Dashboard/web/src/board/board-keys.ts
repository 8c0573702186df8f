import type { Shortcut } from "../page/keyboard.js";
import { columns } from "./ordering.js";
import { settings } from "../page/settings.js";
import type { VirtualList } from "./virtual-list.js";

interface Hands {
  readonly list: VirtualList;
  readonly search: HTMLInputElement;
  readonly size: () => number;
  readonly open: () => void;
  readonly press: (name: "flash" | "groups") => void;
  readonly sortBy: (name: string) => void;
}

/** The board's keyboard shortcuts. */
export function boardKeys(hands: Hands): { shortcuts: readonly Shortcut[]; onList: (event: KeyboardEvent) => void } {
  const { list, search } = hands;
  const move = (by: number): void => {
    list.scroller.focus();
    list.activate(list.active < 0 ? list.range()[0] : list.active + by);
  };
  const page = (): number => Math.max(1, list.range()[1] - list.range()[0] - 2);
  const nextColumn = (): void => {
    const at = columns.findIndex((column) => column.name === settings.sort);
    hands.sortBy(columns[(at + 1) % columns.length]!.name);
  };
  const shortcuts: Shortcut[] = [
    { keys: ["/"], shown: "/", does: "filter", act: () => search.focus() },
    { keys: ["j"], shown: "j", does: "next symbol (also ↓, PgDn, End)", act: () => move(1) },
    { keys: ["k"], shown: "k", does: "previous symbol (also ↑, PgUp, Home)", act: () => move(-1) },
    { keys: ["s"], shown: "s", does: "sort by the next column", act: nextColumn },
    { keys: ["r"], shown: "r", does: "reverse the sort order", act: () => hands.sortBy(settings.sort) },
    { keys: ["o"], shown: "o", does: "group by market", act: () => hands.press("groups") },
    { keys: ["f"], shown: "f", does: "flash on change", act: () => hands.press("flash") },
  ];
  const onList = (event: KeyboardEvent): void => {
    const act: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      PageDown: () => move(page()),
      PageUp: () => move(-page()),
      Home: () => list.activate(0),
      End: () => list.activate(hands.size() - 1),
      Enter: hands.open,
      " ": hands.open,
    };
    const found = act[event.key];
    if (found && event.target === list.scroller && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      found();
    }
  };
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      search.value = "";
      search.dispatchEvent(new Event("input"));
      list.scroller.focus();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      list.scroller.focus();
      list.activate(list.active < 0 ? 0 : list.active);
    }
  });
  return { shortcuts, onList };
}
