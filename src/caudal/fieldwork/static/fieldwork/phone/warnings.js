// What is strange in a reading, told at the meter. Never what was expected: that would be copied.

export const WORDS = {
  high: "Sale más alta de lo acostumbrado.",
  low: "Sale más baja de lo acostumbrado.",
  zero: "Sale igual que la vez pasada.",
  backwards: "Sale menor que la vez pasada.",
  rollover: "Parece que el medidor dio la vuelta.",
};

/** → the names of what is strange. `low` and `high` bound what surprises nobody; around the dial, low > high. */
export function strange({ value, digits, previous = null, low = null, high = null }) {
  const known = low !== null && high !== null;
  const usual = known && (low <= high ? value >= low && value <= high : value >= low || value <= high);
  if (usual) return [];
  if (previous === null) return known ? [value > high ? "high" : "low"] : [];
  if (value === previous) return known ? ["zero"] : [];
  if (value < previous) return [wentAround({ value, digits, previous, low, high }) ? "rollover" : "backwards"];
  if (!known) return [];
  return [low <= high && value < low ? "low" : "high"];
}

/** Going back is a turn of the dial when what it counts around is of the size it usually counts. */
function wentAround({ value, digits, previous, low, high }) {
  if (low === null || high === null) return false;
  const turn = 10 ** digits;
  const counted = value + turn - previous;
  const most = (high - previous + turn) % turn;
  return counted <= 2 * Math.max(most, 1);
}

/** m³ since the last reading, around the dial if it went around; null when it cannot be told. */
export function counted({ value, digits, previous = null, warned = [] }) {
  if (previous === null || value === null) return null;
  if (value >= previous) return value - previous;
  return warned.includes("rollover") ? value + 10 ** digits - previous : null;
}
