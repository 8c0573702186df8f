import { h } from "../page/elements.js";
import { notice, over } from "../page/notices.js";
import { sentenceOf } from "../server/requests.js";
import { onSession } from "../server/session.js";
import { readRollouts } from "./documents.js";
import { rolloutCard } from "./rollout-card.js";

/** All rollouts of the collectors' document. */
export class RolloutPanel {
  readonly element = h("div", { class: "rollouts" });
  private readonly unlisten: () => void;
  private isRead = false;

  constructor(private readonly changed: () => void) {
    this.unlisten = onSession(() => this.isRead && this.refresh());
  }

  close(): void {
    this.unlisten();
  }

  refresh(): void {
    this.isRead = true;
    readRollouts().then(({ rollouts, etag }) => {
      over("rollouts");
      this.element.replaceChildren(...(rollouts.length > 0
        ? rollouts.map((rollout) => rolloutCard(rollout, etag, () => { this.refresh(); this.changed(); }))
        : [h("p", { text: "No rollout yet. One is made in the document: a list in operational.rollouts, and a feature flag of the same name." })]));
    }, (error: unknown) => notice("rollouts", "trouble", "The rollouts cannot be shown.", sentenceOf(error)));
  }
}
