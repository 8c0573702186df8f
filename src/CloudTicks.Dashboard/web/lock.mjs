import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** The age above which a lock file counts as abandoned, ms. */
const maxAge = 10 * 60_000;

/** Allows one build at a time. Other builds wait until the lock file is deleted, or the process that created it has exited. */
export async function takeLock(path) {
  const release = () => rmSync(path, { force: true });
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      process.once("exit", release);
      return { release };
    } catch (error) {
      if (error.code !== "EEXIST") {
        throw error;
      }
    }

    if (isAbandoned(path)) {
      release();
    } else {
      await pause(100);
    }
  }
}

function isAbandoned(path) {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    if (Date.now() - statSync(path).mtimeMs > maxAge) {
      return true;
    }

    if (pid > 0) {
      process.kill(pid, 0);
    }

    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
