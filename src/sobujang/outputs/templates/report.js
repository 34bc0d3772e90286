"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const body = document.body;
  // A page opened from a file may be refused a store; what is chosen then lasts as long as the page.
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* not kept */ } };

  // Language of the page's own words.
  const languageButton = document.getElementById("language");
  let language = recall("sobujang-language") || (navigator.language.startsWith("ko") ? "ko" : "en");
  const say = (key) => words[key][language === "ko" ? 1 : 0];
  function speak() {
    document.documentElement.lang = language;
    for (const element of all("[data-w]")) element.textContent = say(element.dataset.w);
    for (const name of ["placeholder", "title", "aria-label"])
      for (const element of all(`[data-w-${name}]`)) element.setAttribute(name, say(element.getAttribute(`data-w-${name}`)));
    for (const cell of all("[data-c]")) cell.dataset.h = say(cell.dataset.c);
    languageButton.textContent = language === "ko" ? "English" : "한국어";
    languageButton.lang = language === "ko" ? "en" : "ko";
  }
  languageButton.addEventListener("click", () => {
    language = language === "ko" ? "en" : "ko";
    keep("sobujang-language", language);
    speak();
    search();
  });

  // Light or dark: the system's, until the button is pressed.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  document.getElementById("theme").addEventListener("click", () => {
    const now = document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
    document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  });

  // Colours of labels on and off.
  for (const button of all(".legend button"))
    button.addEventListener("click", () => {
      const off = body.classList.toggle(`off-${button.dataset.n}`);
      button.setAttribute("aria-pressed", String(!off));
    });

  // Search: rows and documents in which every word occurs.
  const box = document.getElementById("find");
  const found = document.getElementById("found");
  const plain = new Map();
  const textOf = (element) => {
    if (!plain.has(element)) plain.set(element, element.textContent.normalize("NFC").toLowerCase());
    return plain.get(element);
  };
  function search() {
    const wanted = box.value.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
    let hits = 0;
    for (const element of all("[data-find]")) {
      const hit = wanted.every((word) => textOf(element).includes(word));
      element.hidden = !hit;
      hits += hit;
    }
    for (const group of all("details.group")) {
      const any = group.querySelector("[data-find]:not([hidden])") !== null;
      group.hidden = !any;
      group.open = wanted.length > 0 && any;
    }
    found.hidden = wanted.length === 0;
    found.textContent = `${hits.toLocaleString("en")} ${say("found")}`;
    document.getElementById("nothing").hidden = hits > 0 || wanted.length === 0;
  }
  let waiting;
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 150); });

  // Sorting by a column: up, down, as it was.
  const tables = new Map(all("table.comparisons").map((table) => [table, Array.from(table.tBodies[0].rows)]));
  for (const button of all("button.sort"))
    button.addEventListener("click", () => {
      const header = button.closest("th");
      const table = header.closest("table");
      const next = { ascending: "descending", descending: "none" }[header.getAttribute("aria-sort")] || "ascending";
      for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
      let rows = tables.get(table);
      if (next !== "none") {
        header.setAttribute("aria-sort", next);
        const sign = next === "ascending" ? 1 : -1;
        const key = (row) => {
          const cell = row.cells[header.cellIndex];
          const value = "v" in cell.dataset ? cell.dataset.v : cell.textContent.trim();
          return value === "–" ? "" : value;
        };
        rows = [...rows].sort((a, b) => {
          const [left, right] = [key(a), key(b)];
          if (!left || !right) return (left ? 0 : 1) - (right ? 0 : 1); // what is empty stands last
          return sign * left.localeCompare(right, undefined, { numeric: true });
        });
      }
      table.tBodies[0].append(...rows);
    });

  // An edge under the pointer or the focus shows its two ends in the text.
  const lit = (edge, on) => {
    for (const link of all("a", edge)) {
      const mark = document.getElementById(link.hash.slice(1));
      if (mark) mark.classList.toggle("lit", on);
    }
  };
  for (const [kinds, on] of [[["pointerover", "focusin"], true], [["pointerout", "focusout"], false]])
    for (const kind of kinds)
      document.addEventListener(kind, (event) => {
        const edge = event.target instanceof Element && event.target.closest(".edge, .frame");
        if (edge) lit(edge, on);
      });

  // A link into a text that the search has hidden shows it again.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    const holder = target && target.closest("[data-find][hidden]");
    if (holder) { holder.hidden = false; target.scrollIntoView({ block: "center" }); }
  });

  speak();
})();
