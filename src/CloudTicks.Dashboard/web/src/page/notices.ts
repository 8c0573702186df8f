import { button, h } from "./elements.js";

export type Weight = "good" | "trouble" | "note";

const noticeDuration = 8_000;
const shown = new Map<string, HTMLElement>();

/** Shows notices above every view. Screen readers announce trouble immediately, and other notices when idle. */
export const noticeBar = h("div", { class: "notices", role: "log", "aria-live": "polite", "aria-label": "Notices" });

/**
 * Shows a notice; a later notice with the same id replaces it. A notice of trouble stays until it is dismissed; others disappear.
 */
export function notice(id: string, weight: Weight, sentence: string, cure = ""): void {
  const old = shown.get(id);
  if (old?.dataset["sentence"] === sentence + cure && old.dataset["weight"] === weight) {
    return;
  }

  const line = h("div", { class: `notice ${weight}`, role: weight === "trouble" ? "alert" : null, "data-notice": id,
    "data-weight": weight },
    h("span", { class: "words" }, h("span", { class: "sentence", text: sentence }), cure ? ` ${cure}` : null),
    button("×", () => dismiss(id), { class: "plain", "aria-label": "Dismiss this notice" }));
  line.dataset["sentence"] = sentence + cure;
  shown.set(id, line);
  if (old) {
    old.replaceWith(line);
  } else {
    noticeBar.append(line);
  }

  if (weight !== "trouble") {
    setTimeout(() => shown.get(id) === line && dismiss(id), noticeDuration);
  }
}

/** Removes a notice. */
export function dismiss(id: string): void {
  shown.get(id)?.remove();
  shown.delete(id);
}

export const isShown = (id: string): boolean => shown.get(id)?.dataset["weight"] === "trouble";
