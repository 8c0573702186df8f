import { settings } from "./settings.js";

export interface Shortcut {
  /** The values of KeyboardEvent.key that trigger the shortcut. */
  readonly keys: readonly string[];
  /** The keys as the list of shortcuts shows them. */
  readonly label: string;
  readonly description: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Whether it also works while the user types. */
  readonly whileWriting?: boolean;
  /** Whether the control (or command) key must be held. */
  readonly control?: boolean;
}

const everywhere: Shortcut[] = [];
let ofView: readonly Shortcut[] = [];

export const addShortcuts = (...shortcuts: Shortcut[]): void => void everywhere.push(...shortcuts);
export const setViewShortcuts = (shortcuts: readonly Shortcut[]): void => void (ofView = shortcuts);
export const allShortcuts = (): { everywhere: readonly Shortcut[]; view: readonly Shortcut[] } => ({ everywhere, view: ofView });

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement
    && (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
      || (target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type)));
}

export function startKeyboard(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) {
      return;
    }

    const control = event.ctrlKey || event.metaKey;
    const writing = isWriting(event.target);
    const single = event.key.length === 1 && !control;
    if (single && !settings.shortcuts) {
      return;
    }

    const found = [...ofView, ...everywhere].find((shortcut) =>
      shortcut.keys.includes(event.key) && (shortcut.control ?? false) === control && (!writing || shortcut.whileWriting));
    if (found) {
      event.preventDefault();
      found.run(event);
    }
  });
}
