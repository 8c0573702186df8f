import { request } from "../server/requests.js";

/** Whether the functions have a lake, which keeps ticks that the table has dropped. */
export async function hasLake(): Promise<boolean> {
  try {
    return (await request<{ readonly lake?: unknown }>("/api/v1/status")).body.lake != null;
  } catch {
    return false; // requested again when the view is opened again
  }
}
