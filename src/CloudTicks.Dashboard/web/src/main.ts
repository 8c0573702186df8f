import { boardView } from "./board/board-view.js";
import { configurationView } from "./configuration/configuration-view.js";
import { h } from "./page/elements.js";
import { startHealth } from "./page/health.js";
import { startKeyboard } from "./page/keyboard.js";
import { notice } from "./page/notices.js";
import { startRouter } from "./page/router.js";
import { buildShell } from "./page/shell.js";
import { showSignIn } from "./page/sign-in.js";
import { startTheme } from "./page/theme.js";
import { pipelineView } from "./pipeline/pipeline-view.js";
import { onSession, readSession, session } from "./server/session.js";
import { sentenceOf } from "./server/requests.js";
import { symbolView } from "./symbol/symbol-view.js";

startTheme();
const { main, opened } = buildShell();
startKeyboard();
let isStarted = false;

function start(): void {
  if (!isStarted) {
    isStarted = true;
    startRouter(main, [
      { name: "board", pattern: /^\/$/, make: boardView },
      { name: "symbol", pattern: /^\/symbol\/([^/]+)$/, make: symbolView },
      { name: "pipeline", pattern: /^\/pipeline$/, make: pipelineView },
      { name: "configuration", pattern: /^\/configuration$/, make: configurationView },
    ], opened);
    startHealth();
  }
}

// The session is read first: it has the user's role, and the token that every change needs.
readSession()
  .catch((error: unknown) => notice("session", "trouble", `The page is read-only. ${sentenceOf(error)}`, "Reload the page."))
  .finally(() => {
    if (session().role === "none") {
      main.append(h("p", { class: "empty",
        text: "This page requires a key of the central hub. Sign in to view data." }));
      showSignIn();
    }

    onSession(({ role }) => {
      if (role !== "none") {
        start();
      } else if (isStarted) {
        location.reload(); // signed out, or the key was revoked: remove all data from the page
      }
    });
  });
