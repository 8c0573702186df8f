import { DataTable } from "../page/data-table.js";
import { h, setText } from "../page/elements.js";
import { bytes, count, counted, measured } from "../text/numbers.js";
import { dateTime, duration, milliseconds } from "../text/times.js";
import { Bars } from "./bars.js";
import { missingOf } from "./missing-of.js";
import type { Disk, Picture, Queue, RelayClient, Retention, Service } from "./picture.js";

export interface Card {
  readonly element: HTMLElement;
  show(picture: Picture): void;
}

const card = (title: string, ...content: Node[]): HTMLElement =>
  h("section", { class: "card", "aria-label": title }, h("h2", { text: title }), ...content);
const amount = (value: number | null, unit: Queue["unit"]): string =>
  (value === null ? "?" : unit === "bytes" ? bytes(value) : `${count(value)} ${unit}`);
const textOf = (value: unknown): string => (value === null || value === undefined ? "" : String(value));

function latency(): Card {
  const table = new DataTable("Latency", [{ title: "Hop" }, { title: "Median", isNumber: true }, { title: "99 %", isNumber: true }],
    "No data yet.");
  return { element: card("Latency", table.element),
    show: ({ latency: hops }) => table.set(hops.map((hop) => [hop.hop, milliseconds(hop.p50_ms), milliseconds(hop.p99_ms)])) };
}

function queues(): Card {
  const bars = new Bars();
  return {
    element: card("Queues and lag", bars.element),
    show: ({ queues: all, lag }) => bars.set([
      ...all.map((queue) => ({
        name: queue.name,
        text: `${amount(queue.value, queue.unit)}${queue.of === null ? "" : ` of ${amount(queue.of, queue.unit)}`}`,
        ...(queue.of === null || queue.value === null ? {} : { share: queue.value / queue.of }),
      })),
      ...lag.map((group) => ({ name: `lag of ${group.group}`, text: group.records === null ? "?" : counted(group.records, "record") })),
    ]),
  };
}

function rejected(): Card {
  const table = new DataTable("Rejected", [{ title: "Reason" }, { title: "Ticks", isNumber: true }], "Nothing was rejected.");
  return { element: card("Rejected", table.element),
    show: (picture) => table.set(picture.rejected.map((entry) => [entry.reason, count(entry.count)])) };
}

function gaps(): Card {
  const table = new DataTable("Gap ledger", [
    { title: "Symbol" }, { title: "Kind" }, { title: "From" }, { title: "Duration" }, { title: "Cause" }, { title: "State" },
    { title: "Recovered", isNumber: true },
    { title: "Missing", isNumber: true },
  ], "No gap in the ledger.");
  return {
    element: card("Gap ledger", table.element),
    show: (picture) => table.set(picture.gaps.map((gap) => [
      gap.symbol, gap.kind, dateTime(gap.from_ms), typeof gap.to_ms === "number" ? duration(gap.to_ms - gap.from_ms) : "still open",
      gap.cause, gap.state, typeof gap.recovered === "number" ? count(gap.recovered) : "", missingOf(gap),
    ]), picture.gaps.map((gap) => (gap.state === "open" ? "degraded" : gap.state === "unfillable" ? "unhealthy" : "healthy"))),
  };
}

function diskBar(disk: Disk): { name: string; text: string; share?: number; state: string } {
  const [free, total, hours] = [disk["free_bytes"], disk["total_bytes"], disk["hours_until_full"]]
    .map((value) => (typeof value === "number" ? value : null));
  const until = typeof hours === "number" ? `, full in ${measured(hours)} h` : "";
  const text = typeof free === "number" && typeof total === "number" ? `${bytes(free)} free of ${bytes(total)}${until}`
    : textOf(disk["problem"] ?? disk["note"] ?? "not known");
  const level = textOf(disk["state"]);
  return {
    name: `disk of ${textOf(disk["name"])}`, text, state: level === "ok" ? "healthy" : level === "unknown" ? "" : "degraded",
    ...(typeof free === "number" && typeof total === "number" && total > 0 ? { share: 1 - free / total } : {}),
  };
}

function retention(): Card {
  const line = h("p");
  const bars = new Bars();
  const describe = (kept: Retention | null): string => kept === null
    ? "Unknown: the functions do not report it."
    : [
      kept.retention_days ? `Ticks are kept for ${kept.retention_days === 1 ? "1 day" : `${measured(kept.retention_days)} days`}.`
        : "Ticks never expire.",
      kept.rows_estimate === undefined ? "" : `About ${counted(kept.rows_estimate, "row")}, ${bytes(kept.bytes ?? 0)}`
        + (kept.oldest ? `, since ${dateTime(kept.oldest)}.` : "."),
      kept.due_chunks ? `${counted(kept.due_chunks, "chunk", "are")} due.` : "",
      kept.next_run ? `Next run ${dateTime(kept.next_run)}.` : "",
    ].filter((part) => part).join(" ");
  return {
    element: card("Retention and disks", line, bars.element),
    show: (picture) => {
      const bound = picture.max_disk_bytes;
      setText(line, describe(picture.retention)
        + (bound === null ? ""
          : ` The feed is simulated: archive and table keep only the newest ticks that fit in ${bytes(bound)} on disk.`));
      bars.set((picture.retention?.disks ?? []).map(diskBar));
    },
  };
}

/** Describes the size compared with the archive. Files with few ticks are larger than their records. */
function ratio(compression: number | null): string {
  return !compression ? "?"
    : compression >= 1 ? `${measured(compression)} times smaller`
    : `${measured(1 / compression)} times larger`;
}

function lake(): Card {
  const table = new DataTable("Lake", [{ title: "Figure" }, { title: "Value", isNumber: true }], "No data yet.");
  const place = h("p", { class: "fine" });
  const element = card("Lake", place, table.element);
  return {
    element,
    show: ({ lake: known }) => {
      element.hidden = known === null;
      if (known !== null) {
        setText(place, known.writes ? known.location : `${known.location}: not written yet, or written by another process.`);
        table.set([
          ["Ticks", count(known.rows)],
          ["Size", `${bytes(known.bytes)} in ${counted(known.files, "file")}`],
          ["Newest hour", known.newest_ms === null ? "none" : dateTime(known.newest_ms - known.newest_ms % 3_600_000)],
          ["Retention", known.retention_days === null ? "unlimited" : counted(known.retention_days, "day")],
          ["Bytes per tick", known.bytes_per_tick === null ? "?" : measured(known.bytes_per_tick)],
          ["Compared with the archive", ratio(known.compression)],
          ["Lag behind the archive", known.lag_records === null ? "?" : counted(known.lag_records, "record")],
        ]);
      }
    },
  };
}

function services(): Card {
  const parts = new DataTable("Services", [{ title: "Part" }, { title: "State" }, { title: "Detail" }]);
  const followers = new DataTable("Processes and the configuration version that they use",
    [{ title: "Process" }, { title: "Version" }, { title: "State" }], "No process reports to the central hub.");
  const row = (service: Service): string[] => [
    [textOf(service["service"]), textOf(service["instance"])].filter((part) => part).join(" · "), textOf(service["version"]),
    [textOf(service["state"]), textOf(service["problem"])].filter((part) => part).join(": "),
  ];
  return {
    element: card("Services", parts.element, h("h3", { text: "Configuration versions" }), followers.element),
    show: (picture) => {
      parts.set(picture.parts.map((part) => [part.name, part.state, part.detail ?? ""]), picture.parts.map((part) => part.state));
      followers.set(picture.services.map(row));
    },
  };
}

function relay(): Card {
  const table = new DataTable("Clients of the relay", [
    { title: "Client" }, { title: "Market" }, { title: "Channels" }, { title: "Connected" }, { title: "Sent", isNumber: true },
    { title: "Waiting", isNumber: true },
    { title: "Behind", isNumber: true },
  ], "No client is connected.");
  const element = card("Clients of the relay", table.element);
  return {
    element,
    show: ({ relay_clients: clients, now_ms: now }) => {
      element.hidden = clients === null;
      table.set((clients ?? []).map((client) => [
        [client.key, client.remote].filter((part) => part).join(" · "), client.market, channelsOf(client),
        duration(now - client.connected_ms), count(client.sent_events),
        bytes(client.waiting_bytes), milliseconds(client.behind_ms),
      ]));
    },
  };
}

function channelsOf({ channels, names }: RelayClient): string {
  const shown = names.slice(0, 3).join(", ");
  return channels > 3 ? `${shown} and ${count(channels - 3)} more` : shown || count(channels);
}

export const allCards = (): readonly Card[] => [latency(), queues(), services(), retention(), lake(), rejected(), relay(), gaps()];
