import { button, h } from "./elements.js";

export type Weight = "good" | "trouble" | "note";

const stay = 8_000;
const shown = new Map<string, HTMLElement>();

/** Notices above every view. Screen readers announce troubles immediately, and other notices politely. */
export const noticeBar = h("div", { class: "notices", role: "log", "aria-live": "polite", "aria-label": "Notices" });

/**
 * Shows a notice; one with the same id replaces it. Good news disappears by itself, trouble stays until it is over.
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

/** Removes a notice. */
export function over(id: string): void {
  shown.get(id)?.remove();
  shown.delete(id);
}

export const isShown = (id: string): boolean => shown.get(id)?.dataset["weight"] === "trouble";
