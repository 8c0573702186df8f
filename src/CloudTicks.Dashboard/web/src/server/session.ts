import { request, onExpired, sessionPath, setToken } from "./requests.js";

export interface Session {
  /** None: reading requires a sign-in, because keys are required or other machines can reach the page. */
  readonly role: "none" | "reader" | "writer";
  readonly name: string | null;
  readonly can_write: boolean;
  readonly token: string;
}

const reader: Session = { role: "reader", name: null, can_write: false, token: "" };
const listeners = new Set<(session: Session) => void>();
let current = reader;
let last: Promise<void> = Promise.resolve();

export const session = (): Session => current;

/** Calls a listener at once and on each change. Returns a function that unsubscribes. */
export function onSession(listener: (session: Session) => void): () => void {
  listeners.add(listener);
  listener(current);
  return () => listeners.delete(listener);
}

function setSession(next: Session): void {
  current = next;
  setToken(next.token);
  listeners.forEach((listener) => listener(next));
}

/** Sends one request at a time: a sign-in needs the first token, and no late response may replace a newer session. */
function inTurn(act: () => Promise<void>): Promise<void> {
  last = last.then(act, act);
  return last;
}

async function read(): Promise<void> {
  setSession((await request<Session>(sessionPath)).body);
}

export const readSession = (): Promise<void> => inTurn(read);

/**
 * @throws RequestError when the key is refused (unknown, revoked, or a reader's key although reading needs no key), or cannot be checked.
 */
export function signIn(key: string): Promise<void> {
  return inTurn(async () => setSession((await request<Session>(sessionPath, { method: "POST", body: { key } })).body));
}

export function signOut(): Promise<void> {
  return inTurn(async () => {
    const { body } = await request<Session | null>(sessionPath, { method: "DELETE" });
    setSession(body ?? reader);
    await read();
  });
}

onExpired(() => readSession().catch(() => {}));
