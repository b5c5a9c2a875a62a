// Keeping what was seen. The order matters: sealed, on the disk, and only then «Guardado ✓».

import * as clock from "./clock.js";
import { say } from "./dom.js";
import * as place from "./place.js";
import * as sealing from "./sealing.js";
import * as store from "./store.js";

/** Keep one event and its photos. → false when not even the event fitted; then nothing was kept and it is said. */
export async function keep(app, { stop, kind, body, photos = {} }) {
  const id = crypto.randomUUID();
  const at = Date.now();
  const what = { id, stop: stop.code, kind, body, taken_at: new Date(at).toISOString(), ...place.here() };
  const offset = clock.offsetSeconds();
  if (offset !== null) what.clock_offset = offset;
  const envelope = await sealing.seal(app.office, { id, to: app.device, what });
  const event = ["events", { id, stop: stop.code, kind, at, state: "waiting", envelope }];
  const pictures = await Promise.all(Object.entries(photos).map((each) => sealedPhoto(app, id, each)));
  if (!(await written(event, pictures))) return false;
  app.mark({ stop: stop.code, kind, at });
  navigator.vibrate?.(30);
  app.kept();
  return true;
}

async function sealedPhoto(app, event, [role, jpeg]) {
  const id = crypto.randomUUID();
  const envelope = await sealing.seal(app.office, { id, to: app.device, what: { id, event, role, jpeg } });
  return ["photos", { id, event, state: "waiting", envelope }];
}

async function written(event, pictures) {
  try {
    await store.write(event, ...pictures);
    say("Guardado ✓");
    return true;
  } catch (trouble) {
    if (!store.isFull(trouble) || !pictures.length) return refused(trouble);
  }
  try {
    // the figure is worth more than its picture
    await store.write(event);
    say("No cabe la foto: el teléfono está lleno. El dato sí quedó guardado ✓. Envíe lo pendiente o libere espacio.", { loud: true });
    return true;
  } catch (trouble) {
    return refused(trouble);
  }
}

function refused(trouble) {
  const why = store.isFull(trouble) ? "el teléfono está lleno" : "el teléfono no dejó escribir";
  say(`NO se guardó: ${why}. Envíe lo pendiente o libere espacio, y guarde otra vez.`, { loud: true });
  return false;
}
