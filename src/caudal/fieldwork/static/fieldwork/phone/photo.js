// A photo as the office wants it: made again in a canvas (which leaves out what the camera wrote inside), small.

import { h, icon, say } from "./dom.js";
import { toBase64 } from "./sealing.js";

const MOST_PIXELS = 1024;
const MOST_BYTES = 120 * 1024;
let making = Promise.resolve();

/** Who saves waits for the photo that is still being made small. */
export const settled = () => making;

/** → base64 of a JPEG of at most 1,024 px and 120 KB. Throws when the file is no picture. */
export async function reduced(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  let scale = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height));
  for (;;) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.8, 0.65, 0.5, 0.35]) {
      const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (made && made.size <= MOST_BYTES) return toBase64(await made.arrayBuffer());
    }
    scale *= 0.75;
  }
}

/** A button that opens the camera. `photos` is where it leaves them: role → base64. */
export function taker({ role, words, photos, changed = () => {} }) {
  const caption = h("span", {}, words);
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", "data-role": role, "aria-label": words });
  const label = h("label", { class: "button photo" }, icon("camera"), caption, input);
  const mark = () => {
    label.classList.toggle("taken", Boolean(photos[role]));
    caption.textContent = photos[role] ? `${words} ✓` : words;
  };
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    making = reduced(file).then(
      (made) => { photos[role] = made; },
      () => say("Eso no es una foto. Tome otra.", { loud: true }),
    );
    caption.textContent = "Preparando la foto…";
    await making;
    input.value = "";
    mark();
    changed();
  });
  mark();
  return label;
}
