"use strict";
(() => {
  const root = document.documentElement;
  const store = {
    get(key) { try { return localStorage.getItem("parcelproof-" + key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem("parcelproof-" + key, value); } catch { /* a page opened from disk may have no storage */ } },
  };
  const asked = new URLSearchParams(location.search);
  const guess = (navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  const first = { lang: asked.get("lang") || store.get("lang") || guess, theme: asked.get("theme") || store.get("theme") || "auto" };
  const apply = (name, value) => { if (name === "lang") root.lang = value; };
  for (const input of document.querySelectorAll(".switch input")) {
    if (first[input.name].split("-")[0] === input.value.split("-")[0]) { input.checked = true; apply(input.name, input.value); }
    input.addEventListener("change", () => { apply(input.name, input.value); store.set(input.name, input.value); });
  }
  const print = document.getElementById("print");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  const value = (row, column) => row.cells[column].dataset.v === undefined ? row.cells[column].textContent : Number(row.cells[column].dataset.v);
  const order = (a, b) => typeof a === "number" ? a - b : a.localeCompare(b);
  for (const button of document.querySelectorAll("table.sortable .sort")) {
    button.addEventListener("click", () => {
      const head = button.closest("th"), body = button.closest("table").tBodies[0], column = head.cellIndex;
      const descending = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : !head.classList.contains("t");
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      body.append(...[...body.rows].sort((a, b) => (descending ? -1 : 1) * order(value(a, column), value(b, column))));
    });
  }
})();
