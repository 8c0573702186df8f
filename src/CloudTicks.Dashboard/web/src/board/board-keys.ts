import type { Shortcut } from "../page/keyboard.js";
import { columns } from "./ordering.js";
import { settings } from "../page/settings.js";
import type { VirtualList } from "./virtual-list.js";

interface BoardActions {
  readonly list: VirtualList;
  readonly search: HTMLInputElement;
  readonly size: () => number;
  readonly open: () => void;
  readonly press: (name: "flash" | "groups") => void;
  readonly sortBy: (name: string) => void;
}

/** The board's keyboard shortcuts. */
export function boardKeys(actions: BoardActions): { shortcuts: readonly Shortcut[]; onList: (event: KeyboardEvent) => void } {
  const { list, search } = actions;
  const move = (by: number): void => {
    list.scroller.focus();
    list.activate(list.active < 0 ? list.range()[0] : list.active + by);
  };
  const page = (): number => Math.max(1, list.range()[1] - list.range()[0] - 2);
  const nextColumn = (): void => {
    const at = columns.findIndex((column) => column.name === settings.sort);
    actions.sortBy(columns[(at + 1) % columns.length]!.name);
  };
  const shortcuts: Shortcut[] = [
    { keys: ["/"], label: "/", description: "filter symbols", run: () => search.focus() },
    { keys: ["j"], label: "j", description: "next symbol (also ↓, PgDn, End)", run: () => move(1) },
    { keys: ["k"], label: "k", description: "previous symbol (also ↑, PgUp, Home)", run: () => move(-1) },
    { keys: ["s"], label: "s", description: "sort by the next column", run: nextColumn },
    { keys: ["r"], label: "r", description: "reverse the sort order", run: () => actions.sortBy(settings.sort) },
    { keys: ["o"], label: "o", description: "group by market", run: () => actions.press("groups") },
    { keys: ["f"], label: "f", description: "flash on change", run: () => actions.press("flash") },
  ];
  const onList = (event: KeyboardEvent): void => {
    const act: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      PageDown: () => move(page()),
      PageUp: () => move(-page()),
      Home: () => list.activate(0),
      End: () => list.activate(actions.size() - 1),
      Enter: actions.open,
      " ": actions.open,
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
