import type { Picture } from "../pipeline/picture.js";
import { request } from "../server/requests.js";
import { h, setText } from "./elements.js";
import { notice } from "./notices.js";

const interval = 5_000;
const labels = { well: "All well", trouble: "Trouble", unknown: "Unknown" } as const;

/** Shows the pipeline's state above every view, with a link to details. */
export const healthLink = h("a", { href: "/pipeline", "data-route": true, class: "health", "data-state": "unknown" },
  h("span", { class: "dot", "aria-hidden": "true" }), h("span", { text: "…" }));

let updatedAt = 0;
let announcedKind = "";

/** The sentence without its figures, which change with every frame: screen readers announce only a different kind of problem. */
const kindOf = (sentence: string): string => sentence.replace(/[\d.,]+/g, "#");

/** Updates the state from a snapshot of the pipeline. */
export function takeHealth(picture: Pick<Picture, "state" | "sentence" | "cure">): void {
  updatedAt = Date.now();
  healthLink.dataset["state"] = picture.state;
  healthLink.title = picture.sentence;
  setText(healthLink.lastElementChild!, labels[picture.state]);
  if (picture.state === "trouble" && announcedKind !== kindOf(picture.sentence)) {
    announcedKind = kindOf(picture.sentence);
    notice("health", "trouble", picture.sentence, picture.cure ?? "");
  } else if (picture.state === "well" && announcedKind) {
    announcedKind = "";
    notice("health", "good", `All is well again: ${picture.sentence}`);
  }
}

async function poll(): Promise<void> {
  if (document.hidden || Date.now() - updatedAt < interval - 500) {
    return;
  }

  try {
    takeHealth((await request<Picture>("/api/page/pipeline?once=true")).body);
  } catch {
    healthLink.dataset["state"] = "unknown";
    setText(healthLink.lastElementChild!, labels.unknown);
  }
}

export function startHealth(): void {
  void poll();
  setInterval(() => void poll(), interval);
}
