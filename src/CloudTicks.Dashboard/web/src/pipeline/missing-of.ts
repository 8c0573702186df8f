import { count } from "../text/numbers.js";
import type { GapRow } from "./picture.js";

/** The number of ticks known to be missing that were not recovered; empty if unknown. */
export const missingOf = (gap: GapRow): string =>
  typeof gap.missing !== "number" ? "" : gap.state === "filled" ? "0"
    : `${count(Math.max(0, gap.missing - (gap.restored ?? 0)))} of ${count(gap.missing)}`;
