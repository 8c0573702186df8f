import { h } from "../page/elements.js";

export interface TabParts {
  readonly name: string;
  readonly title: string;
  readonly panel: HTMLElement;
  readonly shown?: () => void;
}

/** Tabs that follow the ARIA tabs pattern: arrow keys switch between them. */
export function tabs(label: string, parts: readonly TabParts[]): { element: HTMLElement; open: (name: string) => void } {
  const buttons = parts.map((part) => h("button", {
    type: "button", role: "tab", id: `tab-${part.name}`, "aria-controls": `panel-${part.name}`, text: part.title,
    on: { click: () => open(part.name) },
  }));
  const open = (name: string): void => parts.forEach((part, index) => {
    const isOpen = part.name === name;
    buttons[index]!.setAttribute("aria-selected", String(isOpen));
    buttons[index]!.tabIndex = isOpen ? 0 : -1;
    part.panel.hidden = !isOpen;
    if (isOpen) {
      part.shown?.();
    }
  });
  for (const part of parts) {
    part.panel.id = `panel-${part.name}`;
    part.panel.setAttribute("role", "tabpanel");
    part.panel.setAttribute("aria-labelledby", `tab-${part.name}`);
  }

  const list = h("div", { class: "tabs", role: "tablist", "aria-label": label }, ...buttons);
  list.addEventListener("keydown", (event) => {
    const at = buttons.findIndex((tab) => tab === document.activeElement);
    const to = event.key === "ArrowRight" ? at + 1 : event.key === "ArrowLeft" ? at - 1 : NaN;
    if (at >= 0 && !Number.isNaN(to)) {
      event.preventDefault();
      const next = (to + parts.length) % parts.length;
      open(parts[next]!.name);
      buttons[next]!.focus();
    }
  });
  return { element: h("div", { class: "tabbed" }, list, ...parts.map((part) => part.panel)), open };
}
