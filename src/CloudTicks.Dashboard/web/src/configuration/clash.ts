import { button, h } from "../page/elements.js";
import type { Stored, Version } from "./documents.js";
import type { Draft } from "./draft.js";
import { conflictsOf, patchOf, pretty } from "./json.js";
import { diffElement } from "./line-diff.js";

/** Shows a concurrent change next to the user's own changes, for the user to choose. */
export function clashPanel(draft: Draft, theirs: Stored, by: Version | undefined, done: () => void): HTMLElement {
  const base = pretty(draft.base.document);
  const both = conflictsOf(patchOf(draft.base.document, draft.document), patchOf(draft.base.document, theirs.document));
  const act = (change: () => void) => (): void => {
    change();
    done();
  };
  return h("section", { class: "card clash", role: "alertdialog", "aria-labelledby": "clash-title", tabindex: "-1" },
    h("h2", { id: "clash-title", text: `The document was changed in the meantime: version ${theirs.version} is in force, `
      + `your changes are based on version ${draft.base.version}.` }),
    h("p", { text: (by ? `Changed by ${by.author}${by.comment ? ` (${by.comment})` : ""}. ` : "")
      + "Nothing was saved, and your changes are kept. "
      + (both.length > 0 ? `Both of you changed ${both.join(", ")}.` : "You changed different fields.") }),
    h("div", { class: "versions" },
      h("section", {}, h("h3", { text: `Theirs: version ${theirs.version}` }),
        diffElement(base, pretty(theirs.document), "What they changed")),
      h("section", {}, h("h3", { text: "Yours, not saved" }), diffElement(base, pretty(draft.document), "What you changed"))),
    h("div", { class: "buttons" },
      button("Apply my changes to theirs", act(() => draft.rebase(theirs)),
        { class: "primary", title: both.length > 0 ? "If both changed a field, your value is used" : "Keeps the changes of both" }),
      button("Keep my whole document", act(() => draft.replace(theirs)), { title: "Reverts their changes" }),
      button("Use theirs, discard mine", act(() => draft.restart(theirs)), { class: "danger" })));
}
