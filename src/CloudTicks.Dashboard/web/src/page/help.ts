import { button, h, toggle } from "./elements.js";
import { allShortcuts, type Shortcut } from "./keyboard.js";
import { change, settings } from "./settings.js";

function list(title: string, shortcuts: readonly Shortcut[]): HTMLElement | null {
  return shortcuts.length === 0 ? null : h("section", {},
    h("h3", { text: title }),
    h("dl", { class: "shortcuts" }, ...shortcuts.flatMap((shortcut) =>
      [h("dt", {}, h("kbd", { text: shortcut.label })), h("dd", { text: shortcut.description })])));
}

/** Shows the keyboard shortcuts and the credit of the chart library. */
export function showHelp(): void {
  const { everywhere, view } = allShortcuts();
  const dialog = h("dialog", { class: "help", "aria-labelledby": "help-title" },
    h("h2", { id: "help-title", text: "Keyboard" }),
    list("In this view", view),
    list("Everywhere", everywhere),
    h("p", {}, toggle("Single-key shortcuts", settings.shortcuts, (shortcuts) => change({ shortcuts }))),
    h("p", { class: "fine" },
      "Charts: TradingView Lightweight Charts™, © TradingView, Inc., ",
      h("a", { href: "https://www.tradingview.com/", rel: "noreferrer noopener", text: "www.tradingview.com" }), "."),
    h("form", { method: "dialog" }, button("Close", () => dialog.close(), { class: "primary", autofocus: true })));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
