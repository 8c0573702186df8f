import { isShown, notice, dismiss } from "../page/notices.js";
import { ServerEvents, type StreamState } from "../server/events.js";
import { request } from "../server/requests.js";
import type { Frame } from "./quotes.js";
import { timeOfDay } from "../text/times.js";

interface Feed {
  readonly connected: boolean;
  readonly since_ms: number;
  readonly sentence: string;
}

const maxInView = 300;

/** Receives the board's frames and the state of the NATS connection; reports the symbols in view to the server, which sends them first. */
export class BoardStream {
  private readonly events: ServerEvents;
  private stream = "";
  private reportedView = "";
  private inView: readonly string[] = [];

  constructor(frame: (frame: Frame) => void, private readonly live: (isLive: boolean) => void) {
    this.events = new ServerEvents("/api/page/board", {
      events: {
        board: (data) => {
          const received = data as Frame;
          if (received.stream !== this.stream) {
            [this.stream, this.reportedView] = [received.stream, ""];
            this.reportView(this.inView);
          }

          frame(received);
        },
        feed: (data) => this.feed(data as Feed),
      },
      state: (state) => this.connection(state),
    });
  }

  reportView(symbols: readonly string[]): void {
    this.inView = symbols.slice(0, maxInView);
    const key = this.inView.join();
    if (this.stream && key !== this.reportedView) {
      this.reportedView = key;
      request(`/api/page/board/${encodeURIComponent(this.stream)}/view`, { method: "POST", body: { symbols: this.inView } })
        .catch(() => (this.reportedView = "")); // best effort: the next scroll sends it again
    }
  }

  close(): void {
    this.events.close();
    dismiss("board-connection");
    dismiss("board-feed");
  }

  private connection(state: StreamState): void {
    if (!state.connected) {
      this.live(false);
      notice("board-connection", "trouble", "Prices are not updated: the connection to the dashboard is lost.",
        `${state.sentence} The page reconnects automatically.`);
    } else if (isShown("board-connection")) {
      notice("board-connection", "good", "The connection to the dashboard is restored.");
    }

    if (state.connected) {
      this.live(true);
    }
  }

  private feed(feed: Feed): void {
    if (!feed.connected) {
      this.live(false);
      notice("board-feed", "trouble", `There have been no live prices since ${timeOfDay(feed.since_ms)} UTC.`, feed.sentence);
    } else {
      this.live(true);
      if (isShown("board-feed")) {
        notice("board-feed", "good", "Prices are live again.");
      }
    }
  }
}
