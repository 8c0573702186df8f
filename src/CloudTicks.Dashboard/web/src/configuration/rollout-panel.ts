import { h } from "../page/elements.js";
import { notice, dismiss } from "../page/notices.js";
import { sentenceOf } from "../server/requests.js";
import { onSession } from "../server/session.js";
import { collectors, readRollouts } from "./documents.js";
import { rolloutCard } from "./rollout-card.js";

/** All rollouts of a document. */
export class RolloutPanel {
  readonly element = h("div", { class: "rollouts" });
  private readonly unlisten: () => void;
  private isRead = false;

  constructor(private readonly service: string, private readonly changed: () => void) {
    this.unlisten = onSession(() => this.isRead && this.refresh());
  }

  close(): void {
    this.unlisten();
  }

  refresh(): void {
    this.isRead = true;
    readRollouts(this.service).then(({ rollouts, etag }) => {
      dismiss("rollouts");
      const moved = this.moved();
      this.element.replaceChildren(...(rollouts.length > 0
        ? rollouts.map((rollout) => rolloutCard(this.service, rollout, etag, () => { this.refresh(); this.changed(); }))
        : [h("p", { text: this.service === collectors
          ? "No rollout yet. Create one in the document: an entry in operational.rollouts, and the feature flag that it names."
          : "No feature flag yet. Create one in the document, in feature_management.feature_flags." })]));
      for (const [slider, value] of this.sliders().map((slider) => [slider, moved.get(slider.id)] as const)) {
        if (value !== undefined) {
          slider.value = value;
          slider.dispatchEvent(new Event("input"));
        }
      }
    }, (error: unknown) => notice("rollouts", "trouble", "The rollouts cannot be shown.", sentenceOf(error)));
  }

  /** The sliders' positions, which a refresh keeps. */
  private moved(): Map<string, string> {
    return new Map(this.sliders().filter((slider) => slider.value !== slider.defaultValue).map((slider) => [slider.id, slider.value]));
  }

  private sliders(): HTMLInputElement[] {
    return [...this.element.querySelectorAll<HTMLInputElement>("input[type=range]")];
  }
}
