import type { Shortcut } from "./keyboard.js";

/** One of the four views while it is open. */
export interface View {
  readonly element: HTMLElement;
  readonly title: string;
  readonly shortcuts?: readonly Shortcut[];
  /** Called once it is in the document. */
  shown?(): void;
  /** Ends its streams and timers. Answers false where something would be lost and the reader wants to stay. */
  leave(): boolean | void;
}

export type MakeView = (parameter: string) => View;
