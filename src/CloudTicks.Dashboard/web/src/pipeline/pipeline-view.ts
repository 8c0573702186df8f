import { h, setText } from "../page/elements.js";
import { takeHealth } from "../page/health.js";
import type { View } from "../page/view.js";
import { ServerEvents } from "../server/events.js";
import { timeOfDay } from "../text/times.js";
import { allCards } from "./cards.js";
import { Drawing } from "./drawing.js";
import type { Picture } from "./picture.js";

/** Shows the state of the whole pipeline, updated once a second, with a summary sentence. */
export function pipelineView(): View {
  const narrow = matchMedia("(max-width: 760px)");
  const sentence = h("p", { class: "verdict", "data-state": "unknown" }, h("span", { class: "dot", "aria-hidden": "true" }),
    h("span", { text: "Loading…" }));
  const cure = h("p", { class: "cure" });
  const troubles = h("ul", { class: "troubles" });
  const asOf = h("span", { class: "fine" });
  const cards = allCards();
  const frame = h("div", { class: "card drawing-place" });
  let drawing = new Drawing(narrow.matches);
  let latest: Picture | undefined;
  frame.append(drawing.element);

  const show = (picture: Picture): void => {
    latest = picture;
    takeHealth(picture);
    sentence.dataset["state"] = picture.state;
    setText(sentence.lastElementChild!, picture.sentence);
    setText(cure, picture.cure ?? "");
    cure.hidden = !picture.cure;
    const others = picture.troubles.map((trouble) => `${trouble.part}: ${trouble.sentence} ${trouble.cure ?? ""}`.trim());
    if (others.join("\n") !== troubles.dataset["shown"]) {
      troubles.dataset["shown"] = others.join("\n");
      troubles.replaceChildren(...(others.length > 1 ? others : []).map((text) => h("li", { text })));
    }

    setText(asOf, `as of ${timeOfDay(picture.now_ms)} UTC`);
    drawing.show(picture);
    cards.forEach((card) => card.show(picture));
  };
  const redraw = (): void => {
    drawing = new Drawing(narrow.matches);
    frame.replaceChildren(drawing.element);
    if (latest) {
      drawing.show(latest);
    }
  };
  narrow.addEventListener("change", redraw);
  const stream = new ServerEvents("/api/page/pipeline", {
    events: { picture: (data) => show(data as Picture) },
    state: (state) => {
      if (!state.connected) {
        sentence.dataset["state"] = "unknown";
        setText(sentence.lastElementChild!, `This view is out of date: ${state.sentence} The page reconnects automatically.`);
      }
    },
  });
  return {
    element: h("section", { class: "pipeline", "aria-label": "Pipeline" },
      h("div", { class: "summary-line" }, h("h1", { text: "Pipeline" }), asOf), sentence, cure, troubles, frame,
      h("div", { class: "cards" }, ...cards.map((card) => card.element))),
    title: "Pipeline",
    leave: () => {
      narrow.removeEventListener("change", redraw);
      stream.close();
    },
  };
}
