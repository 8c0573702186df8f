import { count } from "../text/numbers.js";
import type { GapRow } from "./picture.js";

/** How many of the ticks known to be missing did not come back; nothing where the number is not known. */
export const missingOf = (gap: GapRow): string =>
  typeof gap.missing !== "number" ? "" : gap.state === "filled" ? "0" : `${count(Math.max(0, gap.missing - (gap.restored ?? 0)))} of ${count(gap.missing)}`;
