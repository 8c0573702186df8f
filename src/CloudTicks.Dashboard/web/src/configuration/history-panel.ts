import { button, h } from "../page/elements.js";
import { notice } from "../page/notices.js";
import { sentenceOf } from "../server/requests.js";
import { onSession, session } from "../server/session.js";
import { dateTime } from "../text/times.js";
import { readDocument, readHistory, readVersion, rollBack, type Version } from "./documents.js";
import { pretty } from "./json.js";
import { diffElement } from "./line-diff.js";

/** Lists all versions with author, time and comment. All but the newest have a button that restores them. */
export class HistoryPanel {
  readonly element = h("div", { class: "history" });
  private readonly list = h("ol", { class: "versions-list" });
  private readonly more = button("Older versions", () => void this.read(this.oldest));
  private readonly unlisten: () => void;
  private oldest: number | undefined;
  private newest = 0;

  constructor(private readonly service: string, private readonly changed: () => void) {
    this.element.append(this.list, this.more);
    this.unlisten = onSession(({ can_write }) => this.element.querySelectorAll<HTMLButtonElement>("button.back")
      .forEach((back) => back.disabled = !can_write));
  }

  close(): void {
    this.unlisten();
  }

  refresh(): void {
    this.oldest = undefined;
    void this.read();
  }

  private async read(before?: number): Promise<void> {
    try {
      const versions = await readHistory(this.service, before);
      if (before === undefined) {
        this.list.replaceChildren();
        this.newest = versions[0]?.version ?? 0;
        if (versions.length === 0) {
          this.list.append(h("li", { text: "No version yet: the defaults are in force." }));
        }
      }

      this.list.append(...versions.map((version) => this.entry(version)));
      this.oldest = versions.at(-1)?.version ?? this.oldest;
      this.more.hidden = versions.length < 25;
    } catch (error) {
      notice("versions", "trouble", "The history cannot be shown.", sentenceOf(error));
    }
  }

  private entry(version: Version): HTMLElement {
    const place = h("div", { class: "shown-version" });
    const isNewest = version.version === this.newest;
    const back = button(`Roll back to ${version.version}`, () => void this.rollBack(version.version, back), { class: "back" });
    back.disabled = !session().can_write;
    return h("li", { class: "card", "data-version": version.version },
      h("div", { class: "version-head" },
        h("strong", { text: `Version ${version.version}` }), h("span", { text: `${version.action} by ${version.author}` }),
        h("time", { datetime: version.time, text: dateTime(version.time) }),
        isNewest ? h("em", { text: "in force" }) : null,
        h("span", { class: "buttons" }, button("Show", () => void this.show(version.version, place),
          { "aria-label": `Show version ${version.version}` }), isNewest ? null : back)),
      version.comment ? h("p", { class: "comment", text: version.comment }) : null,
      h("ul", { class: "changes" }, ...version.changes.slice(0, 12).map((change) => h("li", { text: change })),
        version.changes.length > 12 ? h("li", { text: `and ${version.changes.length - 12} more` }) : null),
      place);
  }

  private async show(version: number, place: HTMLElement): Promise<void> {
    if (place.childElementCount > 0) {
      place.replaceChildren();
      return;
    }

    try {
      const [then, now] = await Promise.all([readVersion(this.service, version), readDocument(this.service)]);
      place.replaceChildren(diffElement(pretty(then.document), pretty(now.document), `From version ${version} to the version in force`));
    } catch (error) {
      place.replaceChildren(h("p", { class: "fault", text: sentenceOf(error) }));
    }
  }

  private async rollBack(version: number, pressed: HTMLButtonElement): Promise<void> {
    pressed.disabled = true;
    const before = this.newest;
    try {
      const made = await rollBack(this.service, version);
      notice("rolled-back", "good", made.version === before ? "The document already has this content: nothing was changed."
        : `Version ${version} is in force again, as version ${made.version}.`,
        made.version === before ? "" : `To undo it, roll back to ${before}.`);
      this.changed();
    } catch (error) {
      notice("rolled-back", "trouble", `Rolling back to version ${version} failed.`, sentenceOf(error));
      pressed.disabled = !session().can_write;
    }
  }
}
