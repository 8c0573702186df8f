import { button, h, type Child } from "../page/elements.js";
import { isObject, pretty, type Json, type JsonObject } from "./json.js";
import { initialValue, partOf, type Part } from "./schema.js";

/** Reads and changes the value at one position of the document. */
export interface Slot {
  readonly pointer: string;
  readonly get: () => Json | undefined;
  /** Undefined removes the value. */
  readonly set: (value: Json | undefined) => void;
}

const readable = (name: string): string => name.replace(/_/g, " ").replace(/^./, (letter) => letter.toUpperCase());
const step = (pointer: string, name: string | number): string => `${pointer}/${String(name).replace(/~/g, "~0").replace(/\//g, "~1")}`;
const idOf = (pointer: string): string => `field${pointer.replace(/[^\w]/g, "-")}`;

function inside(slot: Slot, name: string): Slot {
  return {
    pointer: step(slot.pointer, name),
    get: () => { const at = slot.get(); return isObject(at) ? at[name] : undefined; },
    set: (value) => {
      const at = slot.get();
      const next: JsonObject = isObject(at) ? { ...at } : {};
      if (value === undefined) {
        delete next[name];
      } else {
        next[name] = value;
      }

      slot.set(next);
    },
  };
}

/** Creates fields from a schema, each bound to its value in the document. */
export class Form {
  constructor(private readonly schema: JsonObject) {}

  build(slot: Slot): HTMLElement {
    const { properties } = partOf(this.schema, this.schema);
    return h("div", { class: "form" }, ...properties.map(([name, inner]) => this.field(name, inner, inside(slot, name), false)));
  }

  private field(name: string, schema: JsonObject, slot: Slot, required: boolean): HTMLElement {
    const part = partOf(this.schema, schema);
    if (part.type === "object") {
      return h("fieldset", { class: "field-group", "data-pointer": slot.pointer }, h("legend", { text: readable(name) }),
        this.hint(part, slot),
        ...part.properties.map(([inner, of]) => this.field(inner, of, inside(slot, inner), part.required.includes(inner))));
    }

    if (part.type === "array" && part.items && partOf(this.schema, part.items).type !== "string") {
      return h("fieldset", { class: "field-group", "data-pointer": slot.pointer }, h("legend", { text: readable(name) }),
        this.hint(part, slot), this.list(part.items, slot, readable(name)));
    }

    const id = idOf(slot.pointer);
    return h("div", { class: `field ${part.type}`, "data-pointer": slot.pointer },
      h("label", { for: id, text: `${readable(name)}${required ? " (required)" : ""}` }), this.control(part, slot, id),
      this.hint(part, slot));
  }

  private hint(part: Part, slot: Slot): Child {
    const range = part.minimum !== undefined && part.maximum !== undefined ? `${part.minimum} to ${part.maximum}.` : "";
    const texts = [part.description, range,
      part.type === "array" && part.items && partOf(this.schema, part.items).type === "string" ? "One per line." : ""]
        .filter((text) => text).join(" ");
    return texts ? h("small", { id: `${idOf(slot.pointer)}-hint`, text: texts }) : null;
  }

  private control(part: Part, slot: Slot, id: string): HTMLElement {
    const value = slot.get();
    const shared = { id, "aria-describedby": `${id}-hint` };
    switch (part.type) {
      case "boolean": return choice(shared, ["true", "false"], value === undefined ? "" : String(value),
        (chosen) => slot.set(chosen === "" ? undefined : chosen === "true"));
      case "enum": return choice(shared, part.values, value === undefined ? "" : String(value),
        (chosen) => slot.set(chosen === "" ? undefined : chosen));
      case "number": case "integer": return numberBox(shared, part, slot);
      case "array": return lines(shared, slot);
      case "any": case "object": return jsonBox(shared, slot);
      default: {
        const box = h("input", { ...shared, type: "text", maxlength: part.maxLength, spellcheck: "false",
          on: { input: () => slot.set(box.value === "" ? undefined : box.value) } });
        box.value = typeof value === "string" ? value : "";
        return box;
      }
    }
  }

  private list(items: JsonObject, slot: Slot, name: string): HTMLElement {
    const entryList = h("div", { class: "entries" });
    const read = (): Json[] => { const at = slot.get(); return Array.isArray(at) ? at : []; };
    const part = partOf(this.schema, items);
    const draw = (): void => entryList.replaceChildren(...read().map((_, index) => {
      const entry: Slot = {
        pointer: step(slot.pointer, index),
        get: () => read()[index],
        set: (value) => slot.set(read().map((old, at) => (at === index ? value ?? null : old))),
      };
      const fields = part.type === "object"
        ? part.properties.map(([inner, of]) => this.field(inner, of, inside(entry, inner), part.required.includes(inner)))
        : [h("div", { class: "field", "data-pointer": entry.pointer }, this.control(part, entry, idOf(entry.pointer)))];
      return h("div", { class: "entry" }, ...fields, button("Remove", () => {
        slot.set(read().filter((_, at) => at !== index));
        draw();
      }, { class: "remove", "aria-label": `Remove entry ${index + 1} of ${name}` }));
    }), button("Add", () => {
      slot.set([...read(), initialValue(this.schema, items)]);
      draw();
    }, { class: "add", "aria-label": `Add to ${name}` }));
    draw();
    return entryList;
  }
}

type Shared = Record<string, string>;

function choice(shared: Shared, values: readonly string[], chosen: string, pick: (value: string) => void): HTMLSelectElement {
  const select = h("select", { ...shared, on: { change: () => pick(select.value) } }, h("option", { value: "", text: "not set" }),
    ...values.map((value) => h("option", { value, text: value })));
  select.value = chosen;
  return select;
}

function numberBox(shared: Shared, part: Part, slot: Slot): HTMLInputElement {
  const box = h("input", {
    ...shared, type: "number", min: part.minimum, max: part.maximum, step: part.type === "integer" ? "1" : "any", placeholder: "not set",
    on: { input: () => slot.set(box.value === "" || Number.isNaN(box.valueAsNumber) ? undefined : box.valueAsNumber) },
  });
  const value = slot.get();
  box.value = typeof value === "number" ? String(value) : "";
  return box;
}

function lines(shared: Shared, slot: Slot): HTMLTextAreaElement {
  const value = slot.get();
  const box = h("textarea", { ...shared, spellcheck: "false", placeholder: "not set", on: {
    input: () => {
      const entries = box.value.split(/[\n,]+/).map((entry) => entry.trim()).filter((entry) => entry.length > 0);
      slot.set(entries.length === 0 ? undefined : entries);
    },
  } });
  box.value = Array.isArray(value) ? value.join("\n") : "";
  box.rows = Math.max(2, Math.min(8, Array.isArray(value) ? value.length : 2));
  return box;
}

function jsonBox(shared: Shared, slot: Slot): HTMLTextAreaElement {
  const box = h("textarea", { ...shared, class: "code", spellcheck: "false", rows: "5", placeholder: "not set", on: {
    input: () => {
      try {
        slot.set(box.value.trim() === "" ? undefined : (JSON.parse(box.value) as Json));
        box.setCustomValidity("");
      } catch (error) {
        box.setCustomValidity(`Not valid JSON: ${String(error)}`);
      }

      box.reportValidity();
    },
  } });
  box.value = pretty(slot.get());
  return box;
}
