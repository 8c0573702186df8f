/** The user's choices in this browser, kept in local storage; never sent to a server. */
export interface Settings {
  theme: "system" | "light" | "dark";
  flash: boolean;
  shortcuts: boolean;
  grouped: boolean;
  sort: string;
  descending: boolean;
  symbol: string;
  interval: string;
  range: string;
}

const key = "cloudticks.page";
const defaults: Settings = {
  theme: "system", flash: true, shortcuts: true, grouped: true, sort: "symbol", descending: false, symbol: "EURUSD", interval: "1m",
  range: "6h",
};

function read(): Settings {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "{}") as Record<string, unknown>;
    const known = Object.entries(defaults).map(([name, value]) => [name, typeof kept[name] === typeof value ? kept[name] : value]);
    return Object.fromEntries(known) as Settings;
  } catch {
    return { ...defaults }; // storage may be forbidden, or contain invalid JSON
  }
}

export const settings: Settings = read();

export function change(changed: Partial<Settings>): void {
  Object.assign(settings, changed);
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // Without storage, the choice applies to this visit only.
  }
}
