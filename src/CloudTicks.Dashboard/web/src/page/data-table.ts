import { h, setText } from "./elements.js";

export interface DataColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A table for frequent updates. It writes only changed texts, to keep focus, selection and scroll position. */
export class DataTable {
  readonly element: HTMLElement;
  private readonly body = h("tbody");
  private readonly empty: HTMLElement;
  private readonly table: HTMLTableElement;

  constructor(label: string, private readonly columns: readonly DataColumn[], whenEmpty = "") {
    this.empty = h("p", { class: "fine", text: whenEmpty });
    this.table = h("table", {}, h("thead", {},
      h("tr", {}, ...columns.map((column) => h("th", { scope: "col", class: column.isNumber ? "number" : "", text: column.title })))),
        this.body);
    this.element = h("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": label }, this.table, this.empty);
    this.set([]);
  }

  set(rows: readonly (readonly string[])[], states?: readonly string[]): void {
    this.empty.hidden = rows.length > 0;
    this.table.hidden = rows.length === 0;
    while (this.body.rows.length < rows.length) {
      const row = this.body.insertRow();
      for (const column of this.columns) {
        row.insertCell().className = column.isNumber ? "number" : "";
      }
    }

    while (this.body.rows.length > rows.length) {
      this.body.deleteRow(-1);
    }

    rows.forEach((cells, index) => {
      const row = this.body.rows[index]!;
      cells.forEach((cell, column) => setText(row.cells[column]!, cell));
      if (states) {
        row.dataset["state"] = states[index] ?? "";
      }
    });
  }
}
