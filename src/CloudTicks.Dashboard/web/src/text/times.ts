import { measured } from "./numbers.js";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB",
  { year: "numeric", month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });

/** Formats a time as 14:03:07 UTC. All times of the page are UTC. */
export const timeOfDay = (ms: number): string => clock.format(ms);
export const timeOfDayMs = (ms: number): string => `${clock.format(ms)}.${String(((ms % 1000) + 1000) % 1000).padStart(3, "0")}`;
export const dateTime = (time: number | string): string => `${day.format(new Date(time))} UTC`;

/** Formats a delay, given in ms. */
export const milliseconds = (ms: number | null): string =>
  (ms === null ? "?" : Math.abs(ms) < 10_000 ? `${measured(ms)} ms` : duration(ms));

/** Formats how long ago something happened. */
export const ageText = (ms: number): string => (ms < 1000 ? "now" : duration(ms));

/** Formats a duration in the largest suitable unit. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  return seconds < 1 ? "under 1 s"
    : seconds < 100 ? `${Math.floor(seconds)} s`
    : seconds < 6000 ? `${Math.floor(seconds / 60)} min`
    : seconds < 200_000 ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor(seconds / 86_400)} d`;
}
