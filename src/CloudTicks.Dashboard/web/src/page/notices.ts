import { button, h } from "./elements.js";

export type Weight = "good" | "trouble" | "note";

const stay = 8_000;
const shown = new Map<string, HTMLElement>();

/** Lines on top of every view. Those of trouble are read out at once, others when the reader has time. */
export const noticeBar = h("div", { class: "notices", role: "log", "aria-live": "polite", "aria-label": "Notices" });

/**
 * Shows a line; one with the same id takes its place. What is good goes away by itself, trouble stays until it is over.
 */
export function notice(id: string, weight: Weight, sentence: string, cure = ""): void {
  const old = shown.get(id);
  if (old?.dataset["sentence"] === sentence + cure && old.dataset["weight"] === weight) {
    return;
  }

  const line = h("div", { class: `notice ${weight}`, role: weight === "trouble" ? "alert" : null, "data-notice": id, "data-weight": weight },
    h("span", { class: "words" }, h("span", { class: "sentence", text: sentence }), cure ? ` ${cure}` : null),
    button("×", () => over(id), { class: "plain", "aria-label": "Dismiss this notice" }));
  line.dataset["sentence"] = sentence + cure;
  shown.set(id, line);
  if (old) {
    old.replaceWith(line);
  } else {
    noticeBar.append(line);
  }

  if (weight !== "trouble") {
    setTimeout(() => shown.get(id) === line && over(id), stay);
  }
}

/** Takes a line away. */
export function over(id: string): void {
  shown.get(id)?.remove();
  shown.delete(id);
}

export const isShown = (id: string): boolean => shown.get(id)?.dataset["weight"] === "trouble";
