import type { Shortcut } from "./keyboard.js";

/** An open view. */
export interface View {
  readonly element: HTMLElement;
  readonly title: string;
  readonly shortcuts?: readonly Shortcut[];
  /** Called after the view has been added to the document. */
  shown?(): void;
  /** Ends the view's streams and timers. Returns false if changes would be lost and the user wants to stay. */
  leave(): boolean | void;
}

export type MakeView = (parameter: string) => View;
