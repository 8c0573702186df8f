/** The properties of a new element. Untrusted values are set as text or attributes, never as HTML. */
export interface Parts {
  class?: string;
  id?: string;
  text?: string;
  title?: string;
  on?: Record<string, (event: Event) => void>;
  [attribute: string]: unknown;
}

export type Child = Node | string | null | undefined | false;

function fill(element: Element, parts: Parts, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(parts)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }

    if (name === "text") {
      element.textContent = String(value);
    } else if (name === "on") {
      for (const [event, listener] of Object.entries(value as Record<string, (event: Event) => void>)) {
        element.addEventListener(event, listener);
      }
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }

  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child);
    }
  }
}

/** An HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, parts: Parts = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, parts, children);
  return element;
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, parts: Parts = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, parts, children);
  return element;
}

/** Sets a text if it has changed. Most texts do not change from one frame to the next. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** A button with a label. */
export function button(text: string, press: () => void, parts: Parts = {}): HTMLButtonElement {
  return h("button", { type: "button", text, on: { click: press }, ...parts });
}

/** A toggle button. */
export function toggle(text: string, isOn: boolean, change: (isOn: boolean) => void, parts: Parts = {}): HTMLButtonElement {
  const element = button(text, () => {
    const next = element.getAttribute("aria-pressed") !== "true";
    element.setAttribute("aria-pressed", String(next));
    change(next);
  }, { class: "toggle", "aria-pressed": String(isOn), ...parts });
  return element;
}
