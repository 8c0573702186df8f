import { problemOf } from "./requests.js";

export type StreamState = { connected: true } | { connected: false; sentence: string };

export interface StreamListeners {
  readonly events: Readonly<Record<string, (data: unknown) => void>>;
  /** Called when a connection is established, and after each failed or lost connection. */
  readonly state: (state: StreamState) => void;
}

/** A connection without data for this long counts as lost, ms. The server sends a keep-alive every ten seconds. */
const silenceLimit = 25_000;
const minRetryDelay = 500;
const maxRetryDelay = 5_000;

/**
 * Receives server-sent events with fetch. Unlike EventSource, it reports why the server refused, detects dead connections,
 * and resumes after the last received event.
 */
export class ServerEvents {
  private readonly ended = new AbortController();
  private lastId = "";
  private retryDelay = minRetryDelay;

  constructor(private readonly address: string, private readonly listeners: StreamListeners) {
    void this.run();
  }

  close(): void {
    this.ended.abort();
  }

  private async run(): Promise<void> {
    while (!this.ended.signal.aborted) {
      let sentence = "The dashboard closed the connection.";
      try {
        await this.read();
      } catch (error) {
        sentence = error instanceof RefusedError ? error.message : "The dashboard does not answer.";
      }

      if (this.ended.signal.aborted) {
        return;
      }

      this.listeners.state({ connected: false, sentence });
      await this.pause(this.retryDelay * (0.8 + Math.random() * 0.4));
      this.retryDelay = Math.min(maxRetryDelay, this.retryDelay * 2);
    }
  }

  private async read(): Promise<void> {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    this.ended.signal.addEventListener("abort", stop);
    let watch = setTimeout(stop, silenceLimit);
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (this.lastId) {
        headers["Last-Event-ID"] = this.lastId;
      }

      const response = await fetch(this.address, { headers, signal: attempt.signal, cache: "no-store" });
      if (!response.ok || !response.body) {
        throw new RefusedError((await problemOf(response)).sentence);
      }

      this.retryDelay = minRetryDelay;
      this.listeners.state({ connected: true });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const parse = this.parser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return;
        }

        clearTimeout(watch);
        watch = setTimeout(stop, silenceLimit);
        parse(value);
      }
    } finally {
      clearTimeout(watch);
      this.ended.signal.removeEventListener("abort", stop);
      attempt.abort();
    }
  }

  /** Converts lines to events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
  private parser(): (chunk: string) => void {
    let rest = "";
    let name = "";
    let id = "";
    let data: string[] = [];
    return (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const raw of lines) {
        const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
        if (line === "") {
          if (data.length > 0) {
            this.lastId = id || this.lastId;
            this.listeners.events[name || "message"]?.(JSON.parse(data.join("\n")));
          }

          [name, data] = ["", []];
        } else if (!line.startsWith(":")) {
          const colon = line.indexOf(":");
          const field = colon < 0 ? line : line.slice(0, colon);
          const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
          if (field === "event") {
            name = value;
          } else if (field === "data") {
            data.push(value);
          } else if (field === "id") {
            id = value;
          }
        }
      }
    };
  }

  private pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.ended.signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
    });
  }
}

class RefusedError extends Error {}
