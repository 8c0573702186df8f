export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

export const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
export const pretty = (value: Json | undefined): string => (value === undefined ? "" : JSON.stringify(value, null, 2));
export const copy = <T extends Json>(value: T): T => structuredClone(value);

/** Whether two documents are equal, regardless of the order of names. */
export function same(left: Json | undefined, right: Json | undefined): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, index) => same(value, right[index]));
  }

  if (isObject(left) && isObject(right)) {
    const names = Object.keys(left);
    return names.length === Object.keys(right).length && names.every((name) => name in right && same(left[name], right[name]));
  }

  return left === right;
}

/** The merge patch (RFC 7396) from one document to another. */
export function patchOf(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[name], after[name]];
    if (now === undefined) {
      patch[name] = null;
    } else if (isObject(old) && isObject(now)) {
      const inner = patchOf(old, now);
      if (Object.keys(inner).length > 0) {
        patch[name] = inner;
      }
    } else if (!same(old, now)) {
      patch[name] = now;
    }
  }

  return patch;
}

/** A document with a merge patch applied. */
export function patched(document: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) {
    return patch;
  }

  const result: JsonObject = isObject(document) ? { ...document } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[name];
    } else {
      result[name] = patched(result[name], value);
    }
  }

  return result;
}

/** The fields that both changes modify, as JSON pointers. */
export function conflictsOf(mine: JsonObject, theirs: JsonObject, at = ""): string[] {
  return Object.keys(mine).filter((name) => name in theirs).flatMap((name) => {
    const [a, b] = [mine[name], theirs[name]];
    return isObject(a) && isObject(b) ? conflictsOf(a, b, `${at}/${name}`) : same(a, b) ? [] : [`${at}/${name}`];
  });
}
