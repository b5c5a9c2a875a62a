// What is strange in a reading, told at the meter. Never what was expected: that would be copied.

export const WORDS = {
  high: "Sale más alta de lo acostumbrado.",
  low: "Sale más baja de lo acostumbrado.",
  zero: "Sale igual que la vez pasada.",
  backwards: "Sale menor que la vez pasada.",
  rollover: "Parece que el medidor dio la vuelta.",
};

/** → the names of what is strange. `low` and `high` bound what surprises nobody, and go on counting round the dial:
 * with five digits, 00020 after 99800 is 100020. */
export function strange({ value, digits, previous = null, low = null, high = null }) {
  const isKnown = low !== null && high !== null;
  if (previous !== null && value < previous) {
    // a turn of the dial is of the size that is usually counted, or little more; else it went back
    const most = isKnown ? previous + (3 * (high - previous)) / 2 : 0;
    return [value + 10 ** digits <= most ? "rollover" : "backwards"];
  }
  if (!isKnown || (value >= low && value <= high)) return [];
  if (value === previous) return ["zero"];
  return [value < low ? "low" : "high"];
}

/** m³ since the last reading, around the dial if it went around; null when it cannot be told. */
export function counted({ value, digits, previous = null, warned = [] }) {
  if (previous === null || value === null) return null;
  if (value >= previous) return value - previous;
  return warned.includes("rollover") ? value + 10 ** digits - previous : null;
}
