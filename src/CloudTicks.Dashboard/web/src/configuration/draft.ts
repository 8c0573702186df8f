import type { Stored } from "./documents.js";
import { copy, isObject, patched, patchOf, same, type Json, type JsonObject } from "./json.js";

/** What somebody edits, and the version that he began with. Kept for the tab, so that nothing is lost by going elsewhere or loading again. */
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
    this.keep();
  }

  /** Begins again with a version, without any change. */
  restart(current: Stored): void {
    this.base = current;
    this.document = copy(current.document);
    this.keep();
  }

  /** The same changes, on another version. */
  rebase(current: Stored): void {
    const mine = patchOf(this.base.document, this.document);
    this.base = current;
    this.document = patched(current.document, mine) as JsonObject;
    this.keep();
  }

  /** The same document, which takes the place of another version. */
  replace(current: Stored): void {
    this.base = current;
    this.keep();
  }

  private keep(): void {
    try {
      if (this.isChanged) {
        sessionStorage.setItem(this.key, JSON.stringify({ base: this.base, document: this.document }));
      } else {
        sessionStorage.removeItem(this.key);
      }
    } catch {
      // Kept for as long as the view is open.
    }
  }

  private read(): { base: Stored; document: JsonObject } | undefined {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "null") as { base?: { document?: Json; etag?: Json }; document?: Json } | null;
      return isObject(kept?.document) && isObject(kept.base?.document) && typeof kept.base.etag === "string" ? (kept as { base: Stored; document: JsonObject }) : undefined;
    } catch {
      return undefined;
    }
  }
}
