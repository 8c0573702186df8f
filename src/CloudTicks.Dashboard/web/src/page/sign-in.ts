import { sentenceOf } from "../server/requests.js";
import { onSession, session, signIn, signOut } from "../server/session.js";
import { button, h, setText } from "./elements.js";
import { notice } from "./notices.js";

/** Shows who is signed in, with buttons to sign in and out. */
export function signInButton(): HTMLButtonElement {
  const element = button("", () => (session().name === null ? showSignIn() : void endSession()), { class: "session" });
  onSession((now) => {
    element.replaceChildren(now.name === null ? "Sign in" : "Sign out",
      h("span", { class: "who", text: now.name === null ? "" : ` (${now.name})` }));
    element.title = now.can_write ? "You can make changes" : now.role === "none" ? "Sign in to view data" : "The page is read-only";
    element.dataset["role"] = now.role;
  });
  return element;
}

async function endSession(): Promise<void> {
  try {
    await signOut();
    notice("session", "note", session().role === "none" ? "Signed out. Sign in to view data." : "Signed out. The page is read-only.");
  } catch (error) {
    notice("session", "trouble", `Signing out failed. ${sentenceOf(error)}`);
  }
}

/** Prompts for a key, which is sent to the server once and not stored in the browser. */
export function showSignIn(): void {
  const mayRead = session().role !== "none";
  const key = h("input", { type: "password", name: "key", autocomplete: "off", required: true, id: "sign-in-key",
    "aria-describedby": "sign-in-fault" });
  const fault = h("p", { class: "fault", id: "sign-in-fault", role: "alert" });
  const submit = h("button", { type: "submit", class: "primary", text: "Sign in" });
  const form = h("form", { class: "stack" },
    h("h2", { id: "sign-in-title", text: mayRead ? "Sign in to make changes" : "Sign in to view data" }),
    h("p", { text: mayRead ? "With a writer's key of the central hub (cloudticks keys create NAME --role writer)."
      : "With a key of the central hub (cloudticks keys create NAME --role reader, or writer to make changes)." }),
    h("label", { for: "sign-in-key", text: "Key" }), key, fault,
    h("div", { class: "buttons" }, submit, button("Cancel", () => dialog.close())));
  const dialog = h("dialog", { class: "sign-in", "aria-labelledby": "sign-in-title" }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit.disabled = true;
    signIn(key.value).then(
      () => {
        dialog.close();
        notice("session", "good",
          `Signed in as ${session().name ?? "writer"}: ${session().can_write ? "you can make changes" : "the page is read-only"}.`);
      },
      (error: unknown) => {
        setText(fault, sentenceOf(error));
        key.select();
      }).finally(() => (submit.disabled = false));
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  key.focus();
}
