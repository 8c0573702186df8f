const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export const count = (value: number): string => whole.format(value);

/** Formats a count with its noun, and optionally a verb in the right number: 1 chunk is, 2 chunks are. */
export const counted = (value: number, noun: string, verb = ""): string =>
  `${whole.format(value)} ${noun}${value === 1 ? "" : "s"}${verb ? ` ${value === 1 ? singular[verb] ?? `${verb}s` : verb}` : ""}`;
const singular: Readonly<Record<string, string>> = { are: "is" };

/** Formats a rate or another measured number with three significant digits. */
export const measured = (value: number): string =>
  (value >= 1000 ? whole.format(value) : value > 0 && value < 0.1 ? "<0.1" : short.format(value));

export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) {
    value /= 1000;
  }

  return `${short.format(value)} ${units[unit]}`;
}

/** The number of decimals of a price, at most six. */
export function decimalsOf(value: number): number {
  const text = String(value);
  const point = text.indexOf(".");
  return point < 0 || text.includes("e") ? (text.includes("e-") ? 6 : 0) : Math.min(6, text.length - point - 1);
}

/** The number of decimals that all of the given numbers need, so that the numbers of a column align. */
export const decimalsAmong = (values: Iterable<number | null | undefined>): number =>
  Math.max(0, ...[...values].map((value) => (value === null || value === undefined ? 0 : decimalsOf(value))));

/** Formats a number with the given decimals; an absent number is empty. */
export const fixed = (value: number | null | undefined, decimals: number): string =>
  (value === null || value === undefined ? "" : value.toFixed(decimals));

export const price = (value: number | null | undefined, decimals: number): string =>
  (value === null || value === undefined ? "–" : value.toFixed(decimals));

export function percent(value: number): string {
  const text = Math.abs(value * 100).toFixed(2);
  return `${Number(text) === 0 ? "" : value > 0 ? "+" : "−"}${text} %`;
}
