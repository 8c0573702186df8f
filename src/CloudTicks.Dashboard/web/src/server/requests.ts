export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** Why the server refused, with its own message if it has one. */
export interface Problem {
  readonly status: number;
  readonly sentence: string;
  readonly faults: readonly Fault[];
  readonly body: Readonly<Record<string, unknown>>;
}

export class RequestError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.sentence);
  }
}

let token = "";
let renew: (() => Promise<void>) | undefined;

/** The token of the session, sent with every change (see session.ts). */
export const setToken = (value: string): void => void (token = value);

/** Sets the action for an expired session or token, for example after a restart of the dashboard. */
export const onExpired = (act: () => Promise<void>): void => void (renew = act);

export async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const read: unknown = await response.json();
    body = typeof read === "object" && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    // The response is not JSON, for example because a proxy answered instead of the dashboard.
  }

  const texts = [body["title"], body["detail"]].filter((part): part is string => typeof part === "string" && part.length > 0);
  const faults = Array.isArray(body["errors"]) ? (body["errors"] as Fault[]) : [];
  return { status: response.status, sentence: texts.join(" ") || `The response was ${response.status} ${response.statusText}.`, faults,
    body };
}

export const sessionPath = "/api/page/session";

export interface JsonResponse<T> {
  readonly body: T;
  readonly headers: Headers;
}

export interface RequestParts {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** Requests JSON. @throws RequestError when the server refuses or does not answer. */
export async function request<T>(path: string, parts: RequestParts = {}, isSecond = false): Promise<JsonResponse<T>> {
  const method = parts.method ?? "GET";
  const headers: Record<string, string> = { Accept: "application/json", ...parts.headers };
  if (method !== "GET") {
    headers["X-CloudTicks-Token"] = token;
    headers["Content-Type"] = "application/json";
  }

  let response: Response;
  try {
    response = await fetch(path, {
      method, headers, cache: "no-store", credentials: "same-origin",
      ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
      ...(parts.signal ? { signal: parts.signal } : {}),
    });
  } catch (error) {
    if (parts.signal?.aborted) {
      throw error;
    }

    throw new RequestError({ status: 0, sentence: "The dashboard does not answer.", faults: [], body: {} });
  }

  if (!response.ok) {
    const problem = await problemOf(response);
    if ((response.status === 401 || (response.status === 403 && method !== "GET")) && !isSecond && path !== sessionPath && renew) {
      await renew();
      if (problem.body["reason"] === "token") {
        return request(path, parts, true);
      }
    }

    throw new RequestError(problem);
  }

  const text = await response.text();
  return { body: (text ? JSON.parse(text) : null) as T, headers: response.headers };
}

export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
