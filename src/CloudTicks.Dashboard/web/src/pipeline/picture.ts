/** The server's snapshot of the whole pipeline, sent once a second. */
export interface Picture {
  readonly now_ms: number;
  readonly state: "well" | "trouble" | "unknown";
  readonly sentence: string;
  readonly cure: string | null;
  readonly troubles: readonly Trouble[];
  readonly parts: readonly Part[];
  readonly rates: Readonly<Partial<Record<"received" | "archived" | "stored" | "published", number | null>>>;
  readonly queues: readonly Queue[];
  readonly lag: readonly { readonly group: string; readonly records: number | null }[];
  readonly latency: readonly Latency[];
  readonly rejected: readonly { readonly reason: string; readonly count: number }[];
  readonly gaps: readonly GapRow[];
  readonly retention: Retention | null;
  /** The size limit of the simulated feed's folder, bytes; null without a limit. */
  readonly max_disk_bytes: number | null;
  readonly services: readonly Service[];
  /** Null without a relay, or when the relay does not answer. */
  readonly relay_clients: readonly RelayClient[] | null;
  /** Null without a lake, or when the functions do not answer. */
  readonly lake: Lake | null;
}

export interface Lake {
  readonly location: string;
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
  /** The newest tick; null while the lake is empty. */
  readonly newest_ms: number | null;
  /** Retention of the lake in days; null when it keeps all ticks. */
  readonly retention_days: number | null;
  /** Records of the archive that are not in the lake yet; null while unknown. */
  readonly lag_records: number | null;
  readonly bytes_per_tick: number | null;
  /** The ratio of the archive's bytes per tick to the lake's. */
  readonly compression: number | null;
  /** Whether the functions that responded write the lake, rather than another process. */
  readonly writes: boolean;
}

export interface RelayClient {
  readonly key: string;
  readonly market: string;
  readonly remote: string;
  readonly connected_ms: number;
  readonly channels: number;
  /** The names of the client's first channels. */
  readonly names: readonly string[];
  readonly sent_events: number;
  readonly waiting_bytes: number;
  readonly behind_ms: number;
}

export interface Trouble {
  readonly part: string;
  readonly sentence: string;
  readonly cure: string | null;
}

export interface Part {
  readonly name: string;
  readonly state: "healthy" | "degraded" | "unhealthy" | "away";
  readonly detail: string | null;
}

export interface Queue {
  readonly name: string;
  readonly value: number | null;
  readonly of: number | null;
  readonly unit: "bytes" | "ticks" | "records";
}

export interface Latency {
  readonly hop: string;
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
}

export interface GapRow {
  readonly symbol: string;
  readonly kind: string;
  readonly from_ms: number;
  /** Absent while the gap lasts. */
  readonly to_ms?: number | null;
  readonly cause: string;
  readonly state: string;
  readonly recovered: number | null;
  /** Ticks known to be missing; absent when unknown. */
  readonly missing?: number | null;
  /** Missing ticks that were recovered. */
  readonly restored?: number | null;
  readonly detail?: string | null;
}

export interface Disk {
  readonly [field: string]: unknown;
}

export interface Retention {
  readonly retention_days?: number | null;
  readonly oldest?: string | null;
  readonly newest?: string | null;
  readonly due_chunks?: number;
  readonly rows_estimate?: number;
  readonly bytes?: number;
  readonly next_run?: string | null;
  readonly disks?: readonly Disk[];
}

export interface Service {
  readonly [field: string]: unknown;
}
