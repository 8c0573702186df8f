import { request, RequestError } from "../server/requests.js";
import type { Json, JsonObject } from "./json.js";

/** The service whose flags enable symbols. */
export const collectors = "polygon-live-collector";

/** The services with a document: CloudTicks' own first, then registered ones. */
export const readServices = async (): Promise<readonly string[]> =>
  (await request<{ services: { service: string }[] }>("/api/v1/services")).body.services.map(({ service }) => service);

export interface Stored {
  readonly document: JsonObject;
  readonly etag: string;
  readonly version: number;
}

export interface Change {
  readonly version: number;
  readonly dry_run: boolean;
  readonly changes: readonly string[];
  readonly document: JsonObject;
}

export interface Version {
  readonly version: number;
  readonly action: string;
  readonly author: string;
  readonly comment: string | null;
  readonly time: string;
  readonly changes: readonly string[];
  readonly document?: JsonObject;
}

const place = (service: string): string => `/api/v1/config/${encodeURIComponent(service)}`;

export async function readDocument(service: string): Promise<Stored> {
  const { body, headers } = await request<JsonObject>(place(service));
  return { document: body, etag: headers.get("ETag") ?? "", version: Number(headers.get("Config-Version") ?? 0) };
}

/** Waits for a version other than the known one; undefined after the time-out. */
export async function waitForChange(service: string, etag: string, signal: AbortSignal): Promise<Stored | undefined> {
  try {
    const { body, headers } = await request<JsonObject>(`${place(service)}?wait=20`, { headers: { "If-None-Match": etag }, signal });
    return { document: body, etag: headers.get("ETag") ?? "", version: Number(headers.get("Config-Version") ?? 0) };
  } catch (error) {
    if (error instanceof RequestError && error.problem.status === 304) {
      return undefined;
    }

    throw error;
  }
}

export const readSchema = async (service: string): Promise<JsonObject> => (await request<JsonObject>(`${place(service)}/schema`)).body;

/** Replaces the document, if the version that was read is still in force. */
export async function putDocument(service: string, document: JsonObject, etag: string, dryRun: boolean, comment = ""): Promise<Change> {
  const query = new URLSearchParams(dryRun ? { dry_run: "true" } : comment ? { comment } : {});
  return (await request<Change>(`${place(service)}?${query}`, { method: "PUT", body: document, headers: { "If-Match": etag } })).body;
}

export async function readHistory(service: string, before?: number): Promise<readonly Version[]> {
  const query = new URLSearchParams({ limit: "25", ...(before === undefined ? {} : { before: String(before) }) });
  return (await request<{ versions: Version[] }>(`${place(service)}/history?${query}`)).body.versions;
}

export const readVersion = async (service: string, version: number): Promise<Version> =>
  (await request<Version>(`${place(service)}/versions/${version}`)).body;

export const rollBack = async (service: string, version: number): Promise<Change> =>
  (await request<Change>(`${place(service)}/rollback/${version}`, { method: "POST", body: {} })).body;

export interface Rollout {
  readonly flag: string;
  readonly list: string | null;
  readonly enabled: boolean;
  readonly percentage: number | null;
  readonly on: readonly string[];
  readonly off: readonly string[];
  readonly guard: Readonly<Record<string, Json>> | null;
  readonly step: Version | null;
}

const ofService = (service: string): Record<string, string> => (service === collectors ? {} : { service });

export async function readRollouts(service: string): Promise<{ rollouts: readonly Rollout[]; etag: string; version: number }> {
  const path = `/api/v1/rollouts?${new URLSearchParams(ofService(service))}`;
  const { body, headers } = await request<{ rollouts: Rollout[]; version: number }>(path);
  return { rollouts: body.rollouts, etag: headers.get("ETag") ?? "", version: body.version };
}

export type RolloutAct = { percentage: number } | "pause" | "resume" | "rollback";

/** Changes a rollout, or previews the change. */
export async function stepRollout(service: string, flag: string, act: RolloutAct, etag: string, dryRun: boolean,
  signal?: AbortSignal): Promise<Change> {
  const query = new URLSearchParams({ ...ofService(service), ...(dryRun ? { dry_run: "true" } : {}) });
  const path = `/api/v1/rollouts/${encodeURIComponent(flag)}${typeof act === "string" ? `/${act}` : ""}?${query}`;
  const { body } = await request<Change>(path, {
    method: "POST", body: typeof act === "string" ? {} : act, headers: etag ? { "If-Match": etag } : {}, ...(signal ? { signal } : {}),
  });
  return body;
}
