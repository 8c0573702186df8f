import { isObject, type Json, type JsonObject } from "./json.js";

/** The parts of a JSON schema that a form needs. */
export interface Part {
  readonly type: "object" | "array" | "string" | "number" | "integer" | "boolean" | "enum" | "any";
  readonly description: string;
  readonly required: readonly string[];
  readonly properties: readonly (readonly [string, JsonObject])[];
  readonly items: JsonObject | undefined;
  readonly values: readonly string[];
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly pattern: string | undefined;
  readonly maxLength: number | undefined;
}

/** Reads a schema, following its internal references. */
export function partOf(root: JsonObject, schema: JsonObject): Part {
  const resolved = resolve(root, schema);
  const type = resolved["type"];
  const values = Array.isArray(resolved["enum"]) ? resolved["enum"].map(String) : [];
  const properties = isObject(resolved["properties"])
    ? Object.entries(resolved["properties"]).filter((entry): entry is [string, JsonObject] => isObject(entry[1])) : [];
  return {
    type: values.length > 0 ? "enum"
      : type === "object" && properties.length > 0 ? "object"
      : type === "array" || type === "string" || type === "number" || type === "integer" || type === "boolean" ? type
      : "any",
    description: text(schema["description"]) || text(resolved["description"]),
    required: Array.isArray(resolved["required"]) ? resolved["required"].map(String) : [],
    properties,
    items: isObject(resolved["items"]) ? resolved["items"] : undefined,
    values,
    minimum: number(resolved["minimum"]),
    maximum: number(resolved["maximum"]),
    pattern: text(resolved["pattern"]) || undefined,
    maxLength: number(resolved["maxLength"]),
  };
}

function resolve(root: JsonObject, schema: JsonObject): JsonObject {
  let at = schema;
  for (let steps = 0; typeof at["$ref"] === "string" && steps < 10; steps++) {
    const target = at["$ref"].split("/").slice(1).reduce<Json | undefined>((node, name) => (isObject(node) ? node[name] : undefined), root);
    if (!isObject(target)) {
      break;
    }

    at = target;
  }

  return at;
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const number = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);

/** The initial value of a new list entry, with its required fields. */
export function initialValue(root: JsonObject, schema: JsonObject): Json {
  const part = partOf(root, schema);
  switch (part.type) {
    case "object": return Object.fromEntries(part.properties.filter(([name]) => part.required.includes(name))
      .map(([name, inner]) => [name, initialValue(root, inner)]));
    case "array": return [];
    case "enum": return part.values[0] ?? "";
    case "boolean": return false;
    case "number": case "integer": return part.minimum ?? 0;
    case "any": return {};
    default: return "";
  }
}
