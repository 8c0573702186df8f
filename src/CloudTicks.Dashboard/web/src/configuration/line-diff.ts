import { h } from "../page/elements.js";

export type Line = readonly ["same" | "less" | "more", string];

/** If the product of the line counts, without the common start and end, is larger, the difference is shown as one replaced block. */
const maxCells = 4_000_000;

/** Compares two texts line by line. */
export function lineDiff(before: string, after: string): Line[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    start++;
  }

  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end++;
  }

  const same = (lines: readonly string[]): Line[] => lines.map((line) => ["same", line]);
  return [...same(a.slice(0, start)), ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end))];
}

function middle(a: readonly string[], b: readonly string[]): Line[] {
  if (a.length * b.length > maxCells) {
    return [...a.map((line): Line => ["less", line]), ...b.map((line): Line => ["more", line])];
  }

  // The length of the longest common subsequence of the lines after each pair of positions.
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1
        : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }

  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(["same", a[i]!]);
      [i, j] = [i + 1, j + 1];
    } else if (i < a.length && (j >= b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) {
      lines.push(["less", a[i++]!]);
    } else {
      lines.push(["more", b[j++]!]);
    }
  }

  return lines;
}

const contextLines = 3;
const signs = { same: " ", less: "−", more: "+" } as const;

/** Shows the changes with a few lines of context. */
export function diffElement(before: string, after: string, label: string): HTMLElement {
  const lines = lineDiff(before, after);
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - contextLines), index + contextLines + 1)
    .some(([kind]) => kind !== "same"));
  const shown = lines.flatMap(([kind, text], index): HTMLElement[] => near[index]
    ? [h("span", { class: `line ${kind}`, text: `${signs[kind]} ${text}\n` })]
    : index > 0 && near[index - 1] ? [h("span", { class: "line cut", text: "  ⋯\n" })] : []);
  return h("pre", { class: "diff", tabindex: "0", role: "region", "aria-label": label },
    ...(shown.length > 0 ? shown : [h("span", { text: "No difference." })]));
}
