// The last months and this one, as bars with their figures.

import { svg } from "./dom.js";

const [WIDTH, HEIGHT, FOOT, HEAD] = [328, 132, 6, 24];

export function bars({ months, now }) {
  const all = [...months, now].map((each) => each ?? 0);
  const most = Math.max(1, ...all);
  const step = WIDTH / all.length;
  const spoken = `Los últimos ${months.length} meses: ${months.map((each) => `${each ?? "sin dato"}`).join(", ")} m³. Con esta lectura: ${now ?? "no se puede saber"} m³.`;
  const drawn = all.flatMap((value, at) => {
    const tall = Math.round(((HEIGHT - HEAD - FOOT) * value) / most);
    const isNow = at === all.length - 1;
    const text = svg("text", {
      x: step * at + step / 2, y: HEIGHT - FOOT - tall - 6, "text-anchor": "middle", class: isNow ? "now" : "",
    });
    const unknown = isNow ? now === null : months[at] === null;
    text.textContent = unknown ? "?" : String(value);
    const bar = svg("rect", {
      x: step * at + 5, y: HEIGHT - FOOT - Math.max(2, tall), width: step - 10, height: Math.max(2, tall), rx: 3,
      class: isNow ? "now" : "",
    });
    return [bar, text];
  });
  return svg("svg", { class: "bars", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": spoken }, ...drawn);
}
