import { button, h } from "../page/elements.js";
import { change, settings } from "../page/settings.js";
import { columns } from "./ordering.js";

interface BoardHeader {
  readonly header: HTMLElement;
  readonly choice: HTMLSelectElement;
  readonly show: () => void;
  readonly sortBy: (name: string) => void;
}

/** The column headers, which sort the list. On a phone they do not fit, so a selection in the toolbar replaces them. */
export function boardHeader(sorted: () => void): BoardHeader {
  const sortBy = (name: string): void => {
    const column = columns.find((candidate) => candidate.name === name) ?? columns[0]!;
    change(settings.sort === name ? { descending: !settings.descending } : { sort: name, descending: column.largestFirst ?? false });
    show();
    sorted();
  };
  const heads = columns.map((column) => {
    const press = button(column.title, () => sortBy(column.name), { title: column.description, tabindex: "-1" });
    return { name: column.name, element: h("div", { class: `cell ${column.name}`, role: "columnheader" }, press) };
  });
  const header = h("div", { class: "row head", role: "row", "aria-rowindex": "1" },
    ...heads.map((head) => head.element),
    h("div", { class: "cell sparkline", role: "columnheader", title: "Prices of the last two minutes", text: "2 min" }));
  const choice = h("select", { "aria-label": "Sort by", class: "sort-choice", on: { change: () => sortBy(choice.value) } },
    ...columns.map((column) => h("option", { value: column.name, text: column.description })));
  const show = (): void => {
    choice.value = settings.sort;
    for (const head of heads) {
      head.element.setAttribute("aria-sort", head.name !== settings.sort ? "none" : settings.descending ? "descending" : "ascending");
    }
  };
  show();
  return { header, choice, show, sortBy };
}
