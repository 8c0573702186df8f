import { button, h, setText } from "./elements.js";
import { healthLink } from "./health.js";
import { showHelp } from "./help.js";
import { addShortcuts } from "./keyboard.js";
import { notice, noticeBar } from "./notices.js";
import { go, type Route } from "./router.js";
import { settings } from "./settings.js";
import { signInButton } from "./sign-in.js";
import { nextTheme, themeName } from "./theme.js";

interface Tab {
  readonly name: Route["name"];
  readonly title: string;
  readonly path: () => string;
}

const tabs: readonly Tab[] = [
  { name: "board", title: "Board", path: () => "/" },
  { name: "symbol", title: "Symbol", path: () => `/symbol/${encodeURIComponent(settings.symbol)}` },
  { name: "pipeline", title: "Pipeline", path: () => "/pipeline" },
  { name: "configuration", title: "Configuration", path: () => "/configuration" },
];

/** The frame around the views. Returns their container, and a function to call when the view changes. */
export function buildShell(): { main: HTMLElement; opened: (name: Route["name"], title: string) => void } {
  const main = h("main", { id: "main", tabindex: "-1" });
  const spoken = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
  const links = tabs.map((tab) => ({ tab, element: h("a", { href: tab.path(), "data-route": true, text: tab.title }) }));
  const theme = button("", () => {
    setText(spoken, `Colours: ${nextTheme()}`);
    theme.title = `Colours: ${themeName()} (t)`;
  }, { class: "icon theme", "aria-label": "Colours", title: `Colours: ${themeName()} (t)` });
  const help = button("?", showHelp, { class: "icon", "aria-label": "Keyboard shortcuts and credits", title: "Keyboard (?)" });
  document.body.replaceChildren(
    h("a", { class: "skip", href: "#main", text: "Skip to the content", on: { click: (event) => (event.preventDefault(), main.focus()) } }),
    h("header", { class: "top" },
      h("a", { href: "/", "data-route": true, class: "brand", "aria-label": "CloudTicks, board" },
        h("span", { class: "mark", "aria-hidden": "true" }), h("span", { text: "CloudTicks" })),
      h("nav", { "aria-label": "Views" }, ...links.map((link) => link.element)),
      h("div", { class: "tools" }, healthLink, signInButton(), theme, help)),
    noticeBar, main, spoken);
  addShortcuts(
    ...tabs.map((tab, index) => ({ keys: [String(index + 1)], label: String(index + 1), description: tab.title.toLowerCase(),
      run: () => go(tab.path()) })),
    { keys: ["t"], label: "t", description: "colours: system, light, dark", run: () => theme.click() },
    { keys: ["?"], label: "?", description: "this list", run: showHelp });
  addEventListener("unhandledrejection", (event) =>
    notice("page", "trouble", `An error occurred in the page: ${String(event.reason)}.`, "Reload the page."));
  return {
    main,
    opened: (name, title) => {
      setText(spoken, title);
      for (const { tab, element } of links) {
        element.setAttribute("href", tab.path());
        if (tab.name === name) {
          element.setAttribute("aria-current", "page");
        } else {
          element.removeAttribute("aria-current");
        }
      }
    },
  };
}
