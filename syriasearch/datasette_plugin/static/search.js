// What makes the pages nicer: keys, and a brush over the bars. Nothing needs it.
"use strict";

const query = document.getElementById("q");
const form = query && query.form;
const keys = document.querySelector(".keys");
if (keys && query) keys.hidden = false;

// An address without what was left empty is one that is worth sharing.
for (const each of document.forms) {
  each.addEventListener("submit", () => {
    const empty = [...each.elements].filter((field) => field.name && field.name !== "q" && !field.value);
    empty.forEach((field) => { field.disabled = true; });
    setTimeout(() => empty.forEach((field) => { field.disabled = false; }));
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "/" && query) {
    event.preventDefault();
    query.focus();
    query.select();
  } else if (event.key === "j" || event.key === "k") {
    const hits = [...document.querySelectorAll(".hit h2 a")];
    if (!hits.length) return;
    const inside = document.activeElement && document.activeElement.closest(".hit");
    const at = hits.findIndex((hit) => hit.closest(".hit") === inside);
    const next = event.key === "j" ? at + 1 : at < 0 ? hits.length - 1 : at - 1;
    const hit = hits[Math.max(0, Math.min(next, hits.length - 1))];
    hit.focus();
    hit.closest(".hit").scrollIntoView({ block: "nearest" });
  }
});

const bars = document.querySelector(".time .bars");
if (bars && form && form.elements.after) {
  const spans = [...bars.querySelectorAll("a, g")];
  // Of a span that is a link, its address says from when to when; a date picker takes whole days.
  const day = (span, name) => {
    const text = span.dataset[name] || new URL(span.href.baseVal, location.href).searchParams.get(name);
    return text + "0000-01-01".slice(text.length);
  };
  let first = null;
  let last = null;
  let moved = false;
  bars.classList.add("brushed");
  const at = (event) => {
    const box = bars.getBoundingClientRect();
    const place = Math.floor(((event.clientX - box.left) / box.width) * spans.length);
    return Math.max(0, Math.min(place, spans.length - 1));
  };
  const ends = () => [Math.min(first, last), Math.max(first, last)];
  const show = () => {
    const [low, high] = first === null ? [1, 0] : ends();
    spans.forEach((span, place) => span.classList.toggle("chosen", low <= place && place <= high));
  };
  const stop = () => { first = null; show(); };
  bars.addEventListener("dragstart", (event) => event.preventDefault());
  bars.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    first = last = at(event);
    moved = false;
    show();
  });
  document.addEventListener("pointermove", (event) => {
    if (first === null) return;
    last = at(event);
    moved = moved || last !== first;
    show();
  });
  document.addEventListener("pointerup", () => {
    if (first === null) return;
    if (moved || spans[first].dataset.after) {
      const [low, high] = ends();
      form.elements.after.value = day(spans[low], "after");
      form.elements.before.value = day(spans[high], "before");
      form.requestSubmit();
    }
    stop();
  });
  document.addEventListener("pointercancel", stop);
  bars.addEventListener("click", (event) => { if (moved) event.preventDefault(); });
}
