import { h, setText } from "../page/elements.js";
import { notice, dismiss } from "../page/notices.js";
import type { View } from "../page/view.js";
import { sentenceOf } from "../server/requests.js";
import { collectors, readDocument, readSchema, readServices, waitForChange, type Stored } from "./documents.js";
import { Editor } from "./editor.js";
import { HistoryPanel } from "./history-panel.js";
import { isObject } from "./json.js";
import { RolloutPanel } from "./rollout-panel.js";
import { tabs } from "./tabs.js";

const retryDelay = 5_000;

/** Shows the configuration documents of the services, to edit, roll back and roll out. */
export function configurationView(): View {
  const place = h("div", { class: "document" });
  const status = h("p", { class: "fine", role: "status" });
  // A service may be registered at any time, so the list is read again before it opens.
  const choice = h("select", { "aria-label": "Service", on: { change: () => open(choice.value), focus: () => offer() } },
    h("option", { value: collectors, text: collectors }));
  let close = (): void => {};
  let check = (): void => {};

  const offer = (): void => {
    readServices().then((services) => {
      const known = new Set([...choice.options].map((option) => option.value));
      choice.append(...services.filter((service) => !known.has(service)).map((service) => h("option", { value: service, text: service })));
      [...choice.options].filter((option) => !option.selected && !services.includes(option.value)).forEach((option) => option.remove());
    }, () => {}); // the hub is unavailable: keep the current list
  };
  const open = (service: string): void => {
    close();
    const ended = new AbortController();
    close = () => ended.abort();
    Promise.all([readSchema(service), readDocument(service)]).then(([schema, current]) => {
      if (ended.signal.aborted) {
        return;
      }

      dismiss("document");
      let known = current;
      const showVersion = (): void => setText(status,
        known.version === 0 ? "The defaults are in force." : `Version ${known.version} is in force.`);
      const refresh = (): void => {
        readDocument(service).then(show, () => {}); // the long poll below returns the new version too
      };
      const show = (next: Stored): void => {
        known = next;
        showVersion();
        editor.newer(next);
        history.refresh();
        rollouts?.refresh();
      };
      const editor = new Editor(service, schema, current, refresh);
      const history = new HistoryPanel(service, refresh);
      const hasFlags = service === collectors || (isObject(schema["properties"]) && "feature_management" in schema["properties"]);
      const rollouts = hasFlags ? new RolloutPanel(service, refresh) : undefined;
      const form = h("div", {}, editor.form);
      const json = h("div", {}, editor.text);
      const edit = [editor.actions, editor.review];
      const editing = (isEditing: boolean) => (): void => edit.forEach((part) => part.hidden = !isEditing);
      const all = tabs("The document", [
        ...(rollouts ? [{ name: "rollouts", title: "Rollouts", panel: rollouts.element,
          shown: () => { editing(false)(); rollouts.refresh(); } }] : []),
        { name: "form", title: "Form", panel: form, shown: editing(true) },
        { name: "json", title: "JSON", panel: json, shown: editing(true) },
        { name: "history", title: "History", panel: history.element, shown: () => { editing(false)(); history.refresh(); } },
      ]);
      check = () => void editor.dryRun();
      showVersion();
      place.replaceChildren(all.element, ...edit);
      all.open(service === collectors ? "rollouts" : "form");
      close = () => {
        ended.abort();
        editor.close();
        history.close();
        rollouts?.close();
      };
      void follow(service, () => known.etag, show, ended.signal);
    }, (error: unknown) => {
      if (!ended.signal.aborted) {
        notice("document", "trouble", "The document cannot be shown.", `${sentenceOf(error)} The page retries automatically.`);
        setTimeout(() => !ended.signal.aborted && open(service), retryDelay);
      }
    });
  };
  offer();
  open(collectors);
  return {
    element: h("section", { class: "configuration", "aria-label": "Configuration" },
      h("div", { class: "summary-line" }, h("h1", { text: "Configuration" }), choice, status), place),
    title: "Configuration",
    shortcuts: [{ keys: ["s"], control: true, whileWriting: true, label: "Ctrl+S", description: "check the changes", run: () => check() }],
    leave: () => {
      close();
      dismiss("document");
    },
  };
}

/** Follows new versions while the view is open. */
async function follow(service: string, etag: () => string, show: (next: Stored) => void, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    try {
      const next = await waitForChange(service, etag(), ended);
      if (next && next.etag !== etag() && !ended.aborted) {
        show(next);
      }
    } catch {
      await new Promise((done) => setTimeout(done, retryDelay)); // unavailable or busy: poll again
    }
  }
}
