// The telephone's clock may be years away. Each answer of the office says what time it is; the difference goes
// with every event, so that the office knows when things happened.

import * as store from "./store.js";

let offsetMs = null; // the office's clock minus this one; null until the office has been heard

export async function wake() {
  offsetMs = (await store.get("kept", "clock"))?.offsetMs ?? null;
}

export async function heard(now) {
  const office = Date.parse(now);
  if (Number.isNaN(office)) return;
  offsetMs = office - Date.now();
  await store.put("kept", { name: "clock", offsetMs });
}

export const offsetSeconds = () => (offsetMs === null ? null : Math.round(offsetMs / 1000));
/** What time it is for the office, as well as this telephone can know. */
export const officeNow = () => new Date(Date.now() + (offsetMs ?? 0));
export const hour = (moment) =>
  moment.toLocaleTimeString("es-MX", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const NEARLY = 2 * 60_000;

/** In words, when the clock is wrong enough to matter. */
export function wrongClock() {
  if (offsetMs === null || Math.abs(offsetMs) <= NEARLY) return "";
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const [many, unit] =
    minutes < 120 ? [minutes, "minutos"]
    : minutes < 2880 ? [Math.round(minutes / 60), "horas"]
    : [Math.round(minutes / 1440), "días"];
  const side = offsetMs < 0 ? "adelantado" : "atrasado";
  return `El reloj del teléfono va ${many.toLocaleString("en-US")} ${unit} ${side}. Se guarda la hora de la oficina.`;
}
