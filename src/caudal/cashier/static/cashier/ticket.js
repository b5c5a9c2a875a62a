// The page is as long as its paper, and prints itself once when it opens.
"use strict";
const MILLIMETRE = 96 / 25.4;
const paper = document.querySelector(".ticket");
const sheet = [...document.styleSheets].find((each) => each.href && each.href.includes("ticket"));

function printPaper() {
  const length = Math.ceil(paper.offsetHeight / MILLIMETRE) + 14;
  if (sheet) sheet.insertRule(`@page { size: 80mm ${length}mm; margin: 3mm 4mm; }`, sheet.cssRules.length);
  window.print();
}
document.getElementById("print").addEventListener("click", printPaper);
window.addEventListener("load", () => document.fonts.ready.then(printPaper));
