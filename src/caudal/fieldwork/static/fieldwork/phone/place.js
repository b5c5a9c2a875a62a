// Where the telephone is: asked all the time while it works, so that saving never waits for it.

const FRESH = 2 * 60_000;
let fix = null;
let watching = null;

export function watch() {
  if (watching !== null || !navigator.geolocation) return;
  const keep = ({ coords }) => { fix = { ...pick(coords), heard: performance.now() }; };
  watching = navigator.geolocation.watchPosition(keep, () => {}, { enableHighAccuracy: true, maximumAge: 10_000 });
}

const pick = (coords) => ({ lat: coords.latitude, lon: coords.longitude, accuracy: Math.round(coords.accuracy) });

/** The last place that is still true, or nulls. */
export function here() {
  if (!fix || performance.now() - fix.heard > FRESH) return { lat: null, lon: null, accuracy: null };
  const { lat, lon, accuracy } = fix;
  return { lat, lon, accuracy };
}

const SIDES = ["al norte", "al noreste", "al este", "al sureste", "al sur", "al suroeste", "al oeste", "al noroeste"];
const rad = (degrees) => (degrees * Math.PI) / 180;

/** «A 12 m al norte», when both places are known. */
export function wayTo(stop) {
  const { lat, lon } = here();
  if (lat === null || stop.lat === null || stop.lat === undefined) return "";
  const north = rad(stop.lat - lat) * 6_371_000;
  const east = rad(stop.lon - lon) * 6_371_000 * Math.cos(rad(lat));
  const far = Math.hypot(north, east);
  if (far < 8) return "Aquí mismo";
  const side = SIDES[Math.round(((Math.atan2(east, north) * 180) / Math.PI + 360) / 45) % 8];
  return far < 1000 ? `A ${Math.round(far)} m ${side}` : `A ${(far / 1000).toFixed(1)} km ${side}`;
}
