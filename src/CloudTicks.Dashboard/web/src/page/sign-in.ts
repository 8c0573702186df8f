import { sentenceOf } from "../server/requests.js";
import { onSession, session, signIn, signOut } from "../server/session.js";
import { button, h, setText } from "./elements.js";
import { notice } from "./notices.js";

/** Says who is signed in, and lets one sign in or out. */
export function signInButton(): HTMLButtonElement {
  const element = button("", () => (session().can_write ? void leave() : showSignIn()), { class: "session" });
  onSession((now) => {
    element.replaceChildren(now.can_write ? "Sign out" : "Sign in", h("span", { class: "who", text: now.can_write && now.name ? ` (${now.name})` : "" }));
    element.title = now.can_write ? "You may change things" : "The page is read-only";
    element.dataset["role"] = now.role;
  });
  return element;
}

async function leave(): Promise<void> {
  try {
    await signOut();
    notice("session", "note", "Signed out: the page is read-only.");
  } catch (error) {
    notice("session", "trouble", `Signing out failed. ${sentenceOf(error)}`);
  }
}

/** Asks for a writer's key, which goes to the server once and is not kept here. */
export function showSignIn(): void {
  const key = h("input", { type: "password", name: "key", autocomplete: "off", required: true, id: "sign-in-key", "aria-describedby": "sign-in-fault" });
  const fault = h("p", { class: "fault", id: "sign-in-fault", role: "alert" });
  const submit = h("button", { type: "submit", class: "primary", text: "Sign in" });
  const form = h("form", { class: "stack" },
    h("h2", { id: "sign-in-title", text: "Sign in to change things" }),
    h("p", { text: "With a writer's key of the central hub (cloudticks keys create NAME --role writer)." }),
    h("label", { for: "sign-in-key", text: "Key" }), key, fault,
    h("div", { class: "buttons" }, submit, button("Cancel", () => dialog.close())));
  const dialog = h("dialog", { class: "sign-in", "aria-labelledby": "sign-in-title" }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit.disabled = true;
    signIn(key.value).then(
      () => {
        dialog.close();
        notice("session", "good", `Signed in as ${session().name ?? "writer"}: changes can be made.`);
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
