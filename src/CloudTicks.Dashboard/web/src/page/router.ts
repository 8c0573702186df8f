import { setViewShortcuts } from "./keyboard.js";
import type { MakeView, View } from "./view.js";

export interface Route {
  readonly name: "board" | "symbol" | "pipeline" | "configuration";
  readonly pattern: RegExp;
  readonly make: MakeView;
}

let routes: readonly Route[] = [];
let open: { view: View; path: string } | undefined;
let place: HTMLElement;
let onRouteChange: (name: Route["name"], title: string) => void = () => {};

export function startRouter(main: HTMLElement, all: readonly Route[], changed: typeof onRouteChange): void {
  [place, routes, onRouteChange] = [main, all, changed];
  addEventListener("popstate", () => show(location.pathname, true));
  // Links within the page are followed without a reload; those with a modifier key are left to the browser.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-route]") : null;
    if (link instanceof HTMLAnchorElement && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey
      && !event.defaultPrevented) {
      event.preventDefault();
      go(link.pathname);
    }
  });
  show(location.pathname, true);
}

export function go(path: string): void {
  if (open?.path !== path) {
    show(path, false);
  }
}

function show(path: string, isCurrentUrl: boolean): void {
  const route = routes.find((candidate) => candidate.pattern.test(path)) ?? routes[0]!;
  if (open && open.view.leave() === false) {
    if (isCurrentUrl) {
      history.pushState(null, "", open.path);
    }

    return;
  }

  if (!isCurrentUrl) {
    history.pushState(null, "", path);
  }

  const parameter = decode(route.pattern.exec(path)?.[1] ?? "");
  const view = route.make(parameter);
  open = { view, path };
  place.replaceChildren(view.element);
  setViewShortcuts(view.shortcuts ?? []);
  document.title = `${view.title} · CloudTicks`;
  onRouteChange(route.name, view.title);
  view.shown?.();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
