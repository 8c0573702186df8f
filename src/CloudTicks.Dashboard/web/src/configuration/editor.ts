import { button, h, setText } from "../page/elements.js";
import { notice } from "../page/notices.js";
import { RequestError, sentenceOf, type Fault } from "../server/requests.js";
import { onSession, session } from "../server/session.js";
import { clashPanel } from "./clash.js";
import { putDocument, readDocument, readVersion, type Stored } from "./documents.js";
import { Draft } from "./draft.js";
import { Form } from "./form.js";
import { isObject, pretty, type Json, type JsonObject } from "./json.js";
import { diffElement } from "./line-diff.js";

/** Edits one document as a form and as JSON. The hub checks it before it is saved, and a concurrent change is never overwritten. */
export class Editor {
  readonly form = h("fieldset", { class: "editor-form" }, h("legend", { class: "unseen", text: "The document as a form" }));
  readonly text = h("textarea", { class: "code whole", spellcheck: "false", "aria-label": "The document as JSON",
    "aria-describedby": "json-fault" });
  readonly actions: HTMLElement;
  readonly review = h("div", { class: "review" });
  private readonly fault = h("p", { class: "fault", id: "json-fault", role: "alert" });
  private readonly status = h("span", { class: "standing", role: "status" });
  private readonly check = button("Check changes", () => void this.dryRun(),
    { class: "primary", title: "Check with the hub what would change (Ctrl+S)" });
  private readonly discard = button("Discard", () => { this.draft.restart(this.draft.base); this.draw(); });
  private readonly draft: Draft;
  private readonly unlisten: () => void;

  constructor(private readonly service: string, private readonly schema: JsonObject, current: Stored, private readonly saved: () => void) {
    this.draft = new Draft(service, current);
    this.text.addEventListener("input", () => this.readText());
    this.actions = h("div", { class: "toolbar actions" }, this.check, this.discard, this.status, this.fault);
    this.unlisten = onSession(() => this.updateState());
    this.draw();
    if (this.draft.base.etag !== current.etag) {
      void this.clash(current);
    }
  }

  close(): void {
    this.unlisten();
  }

  /** Handles a new version that arrives during editing or reading. */
  newer(current: Stored): void {
    if (current.etag === this.draft.base.etag) {
      return;
    }

    if (this.draft.isChanged) {
      void this.clash(current);
    } else {
      this.draft.restart(current);
      this.draw();
    }
  }

  async dryRun(): Promise<void> {
    if (!session().can_write || !this.draft.isChanged || this.check.disabled) {
      return;
    }

    this.clear();
    await this.send(async () => {
      const { changes } = await putDocument(this.service, this.draft.document, this.draft.base.etag, true);
      this.showReview(changes);
    });
  }

  private draw(): void {
    this.form.querySelector(".form")?.remove();
    const root = { pointer: "", get: (): Json => this.draft.document,
      set: (value: Json | undefined) => this.edit(isObject(value) ? value : {}) };
    this.form.append(new Form(this.schema).build(root));
    this.text.value = pretty(this.draft.document);
    this.review.replaceChildren();
    this.updateState();
  }

  private edit(document: JsonObject): void {
    this.draft.change(document);
    this.text.value = pretty(document);
    this.clear();
    this.updateState();
  }

  private readText(): void {
    this.clear();
    try {
      const read: unknown = JSON.parse(this.text.value);
      if (!isObject(read)) {
        throw new Error("the text must be a JSON object, in braces.");
      }

      this.draft.change(read);
      this.form.querySelector(".form")?.remove();
      this.form.append(new Form(this.schema).build({ pointer: "", get: () => this.draft.document,
        set: (value) => this.edit(isObject(value) ? value : {}) }));
    } catch (error) {
      setText(this.fault, `This text is not a document yet: ${sentenceOf(error)}`);
      this.text.setAttribute("aria-invalid", "true");
    }

    this.updateState();
  }

  private updateState(): void {
    const can = session().can_write;
    this.form.disabled = !can;
    this.text.readOnly = !can;
    this.check.disabled = !can || !this.draft.isChanged || this.text.getAttribute("aria-invalid") === "true";
    this.discard.disabled = !can || !this.draft.isChanged;
    setText(this.status, !can ? "Read-only: sign in with a writer's key to change it." : this.draft.isChanged ? "Unsaved changes."
      : `Unchanged since version ${this.draft.base.version}.`);
  }

  private clear(): void {
    this.review.replaceChildren();
    setText(this.fault, "");
    this.text.removeAttribute("aria-invalid");
    this.form.querySelectorAll(".faulty").forEach((field) => field.classList.remove("faulty"));
    this.form.querySelectorAll(".field-fault").forEach((fault) => fault.remove());
  }

  private showReview(changes: readonly string[]): void {
    const comment = h("input", { type: "text", id: "comment", maxlength: "200", placeholder: "Why (optional)" });
    this.review.replaceChildren(h("section", { class: "card", "aria-labelledby": "review-title" },
      h("h2", { id: "review-title", text: "Changes to save" }),
      h("ul", { class: "changes" }, ...(changes.length > 0 ? changes : ["No changes."]).map((change) => h("li", { text: change }))),
      diffElement(pretty(this.draft.base.document), pretty(this.draft.document), "The difference"),
      h("div", { class: "toolbar" }, h("label", { for: "comment", text: "Comment" }), comment,
        button("Save", () => void this.save(comment.value), { class: "primary" }),
        button("Continue editing", () => this.review.replaceChildren()))));
    comment.focus();
  }

  private async save(comment: string): Promise<void> {
    await this.send(async () => {
      const { version } = await putDocument(this.service, this.draft.document, this.draft.base.etag, false, comment);
      this.draft.restart(await readDocument(this.service));
      this.draw();
      notice("saved", "good", `Saved as version ${version}.`, "The services apply it within a second.");
      this.saved();
    });
  }

  /** Runs an action, and shows the hub's refusal. */
  private async send(act: () => Promise<void>): Promise<void> {
    this.check.disabled = true;
    try {
      await act();
    } catch (error) {
      if (error instanceof RequestError && error.problem.status === 412) {
        await this.clash(await readDocument(this.service));
      } else {
        setText(this.fault, sentenceOf(error));
        this.mark(error instanceof RequestError ? error.problem.faults : []);
      }
    }

    this.updateState();
  }

  private async clash(theirs: Stored): Promise<void> {
    const by = await readVersion(this.service, theirs.version).catch(() => undefined);
    const panel = clashPanel(this.draft, theirs, by, () => this.draw());
    this.review.replaceChildren(panel);
    panel.focus();
  }

  private mark(faults: readonly Fault[]): void {
    for (const fault of faults) {
      let pointer = fault.pointer;
      for (; pointer.length > 0; pointer = pointer.slice(0, pointer.lastIndexOf("/"))) {
        const field = this.form.querySelector(`[data-pointer="${CSS.escape(pointer)}"]`);
        if (field) {
          field.classList.add("faulty");
          field.append(h("p", { class: "fault field-fault", text: fault.detail }));
          break;
        }
      }
    }
  }
}
