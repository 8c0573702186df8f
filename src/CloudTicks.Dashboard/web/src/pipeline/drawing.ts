import { setText, svg } from "../page/elements.js";
import { count, measured } from "../text/numbers.js";
import type { Picture } from "./picture.js";

interface Place {
  readonly x: number;
  readonly y: number;
}

const size = { width: 136, height: 60 };
const names = ["feed", "collector", "event hub", "functions", "timescale", "nats", "dashboard", "relay"] as const;
type Name = (typeof names)[number];

type Places = Readonly<Record<Name, Place>>;

const wide: Places = {
  feed: { x: 8, y: 96 }, collector: { x: 180, y: 96 }, "event hub": { x: 352, y: 96 }, functions: { x: 524, y: 96 },
  timescale: { x: 716, y: 20 }, nats: { x: 716, y: 172 }, dashboard: { x: 888, y: 172 },
  relay: { x: 524, y: 188 },
};
const tall: Places = {
  feed: { x: 24, y: 6 }, collector: { x: 24, y: 104 }, "event hub": { x: 24, y: 202 }, functions: { x: 24, y: 300 },
  relay: { x: 200, y: 300 },
  timescale: { x: 24, y: 410 }, nats: { x: 200, y: 410 }, dashboard: { x: 200, y: 508 },
};

interface Flow {
  readonly from: Name;
  readonly to: Name;
  readonly rate: (picture: Picture) => number | null | undefined;
  readonly text: (picture: Picture) => string;
}

const perSecond = (rate: number | null | undefined): string => (rate === null || rate === undefined ? "?/s" : `${measured(rate)}/s`);
const flow = (from: Name, to: Name, rate: Flow["rate"]): Flow => ({ from, to, rate, text: (picture) => perSecond(rate(picture)) });

const flows: readonly Flow[] = [
  flow("feed", "collector", (picture) => picture.rates.received),
  flow("collector", "event hub", (picture) => picture.rates.archived),
  {
    from: "event hub", to: "functions", rate: (picture) => picture.rates.stored,
    text: (picture) => `lag ${count(Math.max(0, ...picture.lag.map((lag) => lag.records ?? 0)))}`,
  },
  flow("functions", "timescale", (picture) => picture.rates.stored),
  flow("functions", "nats", (picture) => picture.rates.published),
  flow("nats", "dashboard", (picture) => picture.rates.published),
  {
    from: "event hub", to: "relay", rate: (picture) => picture.relay_clients?.length,
    text: (picture) => (picture.relay_clients === null ? "?"
      : `${count(picture.relay_clients.length)} client${picture.relay_clients.length === 1 ? "" : "s"}`),
  },
];

/** Draws the path of a tick, from the feed to the table and to this page, with the rates. */
export class Drawing {
  readonly element: SVGSVGElement;
  private readonly boxes = new Map<Name, { box: SVGGElement; state: SVGTextElement }>();
  private readonly lines: { flow: Flow; line: SVGPathElement; text: SVGTextElement }[];
  private readonly title = svg("title", { id: "drawing-title", text: "The path of a tick" });

  constructor(isTall: boolean) {
    const places = isTall ? tall : wide;
    this.element = svg("svg", { viewBox: isTall ? "0 0 360 574" : "0 0 1032 252", class: "drawing", role: "img",
      "aria-labelledby": "drawing-title" },
      this.title,
      svg("defs", {}, svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7,
        orient: "auto-start-reverse" },
        svg("path", { d: "M0 0L8 4L0 8z", class: "arrow" }))));
    this.lines = flows.map((flow) => {
      const { path, at } = connect(places[flow.from], places[flow.to], isTall);
      const line = svg("path", { d: path, class: "flow", "marker-end": "url(#arrow)" });
      const text = svg("text", { x: at.x, y: at.y, class: "rate", "text-anchor": isTall ? "start" : "middle" });
      this.element.append(line, text);
      return { flow, line, text };
    });
    for (const name of names) {
      const { x, y } = places[name];
      const state = svg("text", { x: x + 14, y: y + 44, class: "state" });
      const box = svg("g", { class: "part", "data-state": "unknown", "data-part": name },
        svg("rect", { x, y, width: size.width, height: size.height, rx: 8 }),
        svg("rect", { x, y, width: 6, height: size.height, rx: 3, class: "mark" }),
        svg("text", { x: x + 14, y: y + 25, class: "name", text: name }), state);
      this.boxes.set(name, { box, state });
      this.element.append(box);
    }
  }

  show(picture: Picture): void {
    for (const part of picture.parts) {
      const known = this.boxes.get(part.name as Name);
      if (known) {
        known.box.setAttribute("data-state", part.state);
        setText(known.state, part.state);
      }
    }

    // A system may run without a relay.
    const hasRelay = picture.parts.some((part) => part.name === "relay");
    this.boxes.get("relay")?.box.classList.toggle("absent", !hasRelay);
    for (const { flow, line, text } of this.lines) {
      for (const element of [line, text]) {
        element.classList.toggle("absent", flow.to === "relay" && !hasRelay);
      }

      setText(text, flow.text(picture));
      line.classList.toggle("moves", (flow.rate(picture) ?? 0) > 0);
    }

    setText(this.title, `The path of a tick: ${picture.parts.map((part) => `${part.name} ${part.state}`).join(", ")}`);
  }
}

function connect(from: Place, to: Place, isTall: boolean): { path: string; at: Place } {
  if (isTall) {
    const [x1, y1, x2, y2] = [from.x + size.width / 2, from.y + size.height, to.x + size.width / 2, to.y];
    const middle = (y1 + y2) / 2;
    return { path: `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2 - 2}`,
      at: x2 === x1 ? { x: x1 + 10, y: middle + 4 } : { x: (x1 + x2) / 2 + (x2 < x1 ? -72 : 24), y: middle - 6 } };
  }

  const [x1, y1, x2, y2] = [from.x + size.width, from.y + size.height / 2, to.x, to.y + size.height / 2];
  const middle = (x1 + x2) / 2;
  return { path: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2 - 2} ${y2}`,
    at: { x: middle - (y1 === y2 ? 0 : 8), y: y1 === y2 ? y1 - 38 : y2 < y1 ? y2 - 4 : y2 + 18 } };
}
