import type { Stored } from "./documents.js";
import { copy, isObject, patched, patchOf, same, type Json, type JsonObject } from "./json.js";

/** An edited document and its base version, kept in the tab's session storage, so that navigation and reloads do not lose it. */
export class Draft {
  private readonly key: string;
  base: Stored;
  document: JsonObject;

  constructor(service: string, current: Stored) {
    this.key = `cloudticks.draft.${service}`;
    const kept = this.read();
    this.base = kept?.base ?? current;
    this.document = kept?.document ?? copy(current.document);
    if (!this.isChanged) {
      this.restart(current);
    }
  }

  get isChanged(): boolean {
    return !same(this.base.document, this.document);
  }

  change(document: JsonObject): void {
    this.document = document;
    this.store();
  }

  /** Starts over from a version, without changes. */
  restart(current: Stored): void {
    this.base = current;
    this.document = copy(current.document);
    this.store();
  }

  /** Applies the changes to another version. */
  rebase(current: Stored): void {
    const mine = patchOf(this.base.document, this.document);
    this.base = current;
    this.document = patched(current.document, mine) as JsonObject;
    this.store();
  }

  /** Keeps the whole document, but bases it on another version. */
  replace(current: Stored): void {
    this.base = current;
    this.store();
  }

  private store(): void {
    try {
      if (this.isChanged) {
        sessionStorage.setItem(this.key, JSON.stringify({ base: this.base, document: this.document }));
      } else {
        sessionStorage.removeItem(this.key);
      }
    } catch {
      // Without storage, the draft is kept only while the view is open.
    }
  }

  private read(): { base: Stored; document: JsonObject } | undefined {
    try {
      const text = sessionStorage.getItem(this.key) ?? "null";
      const kept = JSON.parse(text) as { base?: { document?: Json; etag?: Json }; document?: Json } | null;
      return isObject(kept?.document) && isObject(kept.base?.document) && typeof kept.base.etag === "string"
        ? (kept as { base: Stored; document: JsonObject }) : undefined;
    } catch {
      return undefined;
    }
  }
}
