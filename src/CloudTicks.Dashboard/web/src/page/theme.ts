import { change, settings } from "./settings.js";

const names = { system: "system", light: "light", dark: "dark" } as const;
const listeners = new Set<() => void>();
const systemDark = matchMedia("(prefers-color-scheme: dark)");

export const isDark = (): boolean => settings.theme === "dark" || (settings.theme === "system" && systemDark.matches);

function apply(): void {
  document.documentElement.dataset["theme"] = isDark() ? "dark" : "light";
  listeners.forEach((listener) => listener());
}

export function startTheme(): void {
  systemDark.addEventListener("change", apply);
  apply();
}

/** Cycles through three choices: follow the system's theme, the opposite theme, and the system's current theme as a fixed choice. */
export function nextTheme(): string {
  const order = systemDark.matches ? (["system", "light", "dark"] as const) : (["system", "dark", "light"] as const);
  change({ theme: order[(order.indexOf(settings.theme) + 1) % order.length]! });
  apply();
  return names[settings.theme];
}

export const themeName = (): string => names[settings.theme];

/** Calls a listener when the colours change, to redraw a canvas. Returns a function that unsubscribes. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A colour from the style sheet. */
export const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
