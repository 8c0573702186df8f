import { button, h, setText } from "../page/elements.js";
import { notice } from "../page/notices.js";
import { RequestError, sentenceOf } from "../server/requests.js";
import { session } from "../server/session.js";
import { counted } from "../text/numbers.js";
import { dateTime } from "../text/times.js";
import { collectors, stepRollout, type Change, type Rollout, type RolloutAct, type Version } from "./documents.js";
import type { Json } from "./json.js";

const previewDelay = 200;

/** One rollout, with a slider that previews a step: the changed symbols of the collectors, or the changes of another service. */
export function rolloutCard(service: string, rollout: Rollout, etag: string, changed: () => void): HTMLElement {
  const { flag, on, off } = rollout;
  const ofSymbols = service === collectors;
  const can = session().can_write && (!ofSymbols || rollout.list !== null);
  const now = rollout.enabled ? rollout.percentage ?? 0 : 0;
  const id = `rollout-${flag}`.replace(/[^\w-]/g, "-");
  const output = h("output", { for: id, text: `${rollout.percentage ?? 0} %` });
  const preview = h("div", { class: "preview", role: "status" });
  const slider = h("input", { type: "range", id, min: "0", max: "100", step: "1", "aria-describedby": `${id}-hint` });
  slider.defaultValue = String(rollout.percentage ?? 0);
  let asking = new AbortController();
  let timer = 0;

  const act = async (what: RolloutAct, pressed: HTMLButtonElement, result: string): Promise<void> => {
    pressed.disabled = true;
    try {
      const change = await stepRollout(service, flag, what, typeof what === "string" ? "" : etag, false);
      notice(`rollout-${flag}`, "good", `${flag}: ${result}, as version ${change.version}.`, summary(change));
      changed();
    } catch (error) {
      const clash = error instanceof RequestError && error.problem.status === 412;
      notice(`rollout-${flag}`, "trouble", `${flag} was not changed.`,
        clash ? "The document was changed in the meantime; this is its current state. Check it, and try again." : sentenceOf(error));
      if (clash) {
        changed();
      }

      pressed.disabled = false;
    }
  };
  const apply = button("Apply", () => void act({ percentage: slider.valueAsNumber }, apply, `${slider.value} %`), { class: "primary" });
  const showStep = (): void => {
    setText(output, `${slider.value} %`);
    setText(apply, `Apply ${slider.value} %`);
    apply.disabled = !can || (slider.valueAsNumber === now && rollout.enabled);
    asking.abort();
    clearTimeout(timer);
    if (apply.disabled) {
      preview.replaceChildren();
      return;
    }

    timer = setTimeout(() => {
      asking = new AbortController();
      stepRollout(service, flag, { percentage: slider.valueAsNumber }, "", true, asking.signal).then(
        (change) => preview.replaceChildren(...(ofSymbols ? steps(change) : lines(change))),
        (error: unknown) => error instanceof RequestError && preview.replaceChildren(h("p", { class: "fault", text: sentenceOf(error) })));
    }, previewDelay);
  };
  slider.addEventListener("input", showStep);
  slider.disabled = !can;
  const press = (title: string, what: RolloutAct, result: string, isPossible: boolean): HTMLButtonElement => {
    const made = button(title, () => void act(what, made, result));
    made.disabled = !can || !isPossible;
    return made;
  };
  showStep();
  return h("section", { class: "card rollout", "data-flag": flag, "aria-label": `Rollout ${flag}` },
    h("div", { class: "version-head" }, h("h2", { text: flag }),
      h("span", { text: !ofSymbols ? `of ${service}` : rollout.list ? `of ${rollout.list}`
        : "not used by a rollout, so it has no effect" }),
      h("em", { text: rollout.enabled && !ofSymbols ? `${rollout.percentage ?? 0} % on` : rollout.enabled
        ? `${on.length} of ${counted(on.length + off.length, "symbol")} on` : "paused" })),
    h("div", { class: "slide" }, h("label", { for: id, text: "Percentage" }), slider, output),
    h("small", { id: `${id}-hint`, text: can
      ? `Move the slider to preview what the step ${ofSymbols ? "turns on" : "changes"}. Nothing changes until you press Apply.`
        : "Read-only: sign in with a writer's key to change it." }),
    preview,
    h("div", { class: "buttons" }, apply,
      press("Pause", "pause", "paused", rollout.enabled), press("Resume", "resume", "resumed", !rollout.enabled),
      press("Roll back the last step", "rollback", "rolled back", true)),
    rollout.step ? h("p", { class: "fine", text: stepText(rollout.step) }) : null,
    rollout.guard ? h("p", { class: "fine", text: guardText(rollout.guard) }) : null,
    symbols("On", on), symbols("Off", off));
}

const stepText = (step: Version): string =>
  `Last step: version ${step.version}, ${step.action} by ${step.author}, ${dateTime(step.time)}. ${step.comment ?? ""}`;

function guardText(guard: Readonly<Record<string, Json>>): string {
  const limits = Object.entries(guard).filter(([, value]) => value !== null).map(([name, value]) => `${name.replace(/_/g, " ")} ${value}`);
  return `Guard: ${limits.join(", ")}.`;
}

const symbolsOf = (change: Change, verb: string): string[] =>
  change.changes.filter((line) => line.startsWith(`${verb} `)).flatMap((line) => line.replace(/^\S+ (?:\d+ symbols: )?/, "").split(", "));

function summary(change: Change): string {
  const [more, less] = [symbolsOf(change, "subscribe").length, symbolsOf(change, "unsubscribe").length];
  return [more > 0 ? `${counted(more, "symbol")} turned on.` : "", less > 0 ? `${counted(less, "symbol")} turned off.` : ""]
    .join(" ").trim();
}

function steps(change: Change): HTMLElement[] {
  const lists = ([["Turns on", "subscribe"], ["Turns off", "unsubscribe"]] as const)
    .map(([title, verb]) => ({ title, symbols: symbolsOf(change, verb) })).filter((list) => list.symbols.length > 0);
  return lists.length === 0
    ? [h("p", { text: "No symbol changes." })]
    : lists.map(({ title, symbols }) => h("div", {}, h("strong", { text: `${title} ${symbols.length}: ` }), chips(symbols)));
}

const lines = (change: Change): HTMLElement[] => change.changes.map((line) => h("p", { text: line }));

const chips = (symbols: readonly string[]): HTMLElement =>
  h("span", { class: "chips" }, ...symbols.map((symbol) => h("span", { class: "chip", text: symbol })));
const symbols = (title: string, names: readonly string[]): HTMLElement | null =>
  names.length === 0 ? null : h("details", { "data-list": title.toLowerCase() }, h("summary", { text: `${title}: ${names.length}` }),
    chips(names));
