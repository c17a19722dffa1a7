"use strict";
(() => {
  const slider = document.getElementById("budget");
  if (!slider) return;
  const said = document.getElementById("stop");
  const back = document.getElementById("own");
  const home = slider.value;
  const slots = [...document.querySelectorAll("[data-slot]")];
  const parts = new Map([...document.querySelectorAll("template[data-for]")].map((part) => [part.dataset.for, part]));
  let shown = home;

  const put = (slot, number) => {
    const open = new Set([...slot.querySelectorAll("details[open]")].map((details) => details.dataset.key));
    slot.replaceChildren(parts.get(`${slot.dataset.slot}-${number}`).content.cloneNode(true));
    for (const details of slot.querySelectorAll("details")) details.open = open.has(details.dataset.key);
  };

  const show = (number) => {
    if (number === shown) return;
    shown = number;
    for (const slot of slots) put(slot, number);
    const words = parts.get(`stop-${number}`).content.textContent;
    said.textContent = words;
    slider.setAttribute("aria-valuetext", words);
    back.hidden = number === home;
  };

  slider.addEventListener("input", () => show(slider.value));
  back.addEventListener("click", () => {
    slider.value = home;
    show(home);
    slider.focus();
  });
  show(slider.value); // a browser may remember where the slider stood
})();
