// Theme and search of the course's pages. Plain script, no module: pages are opened
// from a disk as well as from a server, and both let a page load a script beside it.
(function () {
  "use strict";
  const root = document.documentElement;

  function stored(value) {
    try {
      if (value !== undefined) { localStorage.setItem("t4s-theme", value); }
      return localStorage.getItem("t4s-theme");
    } catch (error) {
      return null; // some browsers keep nothing for pages on a disk
    }
  }

  function isDark() {
    const chosen = root.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  const earlier = stored();
  if (earlier === "dark" || earlier === "light") { root.dataset.theme = earlier; }

  function buildTheme() {
    const button = document.getElementById("theme");
    function name() { button.textContent = isDark() ? "Light theme" : "Dark theme"; }
    button.addEventListener("click", function () {
      root.dataset.theme = isDark() ? "light" : "dark";
      stored(root.dataset.theme);
      name();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
    button.hidden = false;
    name();
  }

  function words(text) {
    return text.toLowerCase().match(/[\p{L}\p{N}@.]+/gu) || [];
  }

  // Every word must stand somewhere in a part; in its heading it counts more.
  function score(part, asked) {
    let sum = 0;
    for (const word of asked) {
      const inHeading = part.low.heading.includes(word);
      const times = part.low.text.split(word).length - 1;
      if (!inHeading && times === 0) { return 0; }
      sum += (inHeading ? 10 : 0) + Math.min(times, 5);
    }
    return sum;
  }

  function find(parts, query) {
    const asked = words(query);
    if (asked.length === 0) { return []; }
    return parts
      .map((part) => ({ part: part, score: score(part, asked) }))
      .filter((hit) => hit.score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, 12)
      .map((hit) => hit.part);
  }

  function excerpt(part, asked) {
    const at = Math.max(0, Math.min(...asked.map((word) => {
      const place = part.low.text.indexOf(word);
      return place < 0 ? Infinity : place;
    }).concat(part.text.length)) - 60);
    return (at > 0 ? "… " : "") + part.text.slice(at, at + 160) + " …";
  }

  // Text with the words that were asked for in <mark>; built of nodes, not of HTML.
  function marked(text, asked) {
    const line = document.createElement("p");
    const pattern = new RegExp(
      "(" + asked.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|") + ")", "iu");
    text.split(pattern).forEach(function (piece, k) {
      const node = document.createElement(k % 2 ? "mark" : "span");
      node.textContent = piece;
      line.append(node);
    });
    return line;
  }

  function item(part, asked) {
    const entry = document.createElement("li"), link = document.createElement("a");
    link.href = part.page + (part.anchor ? "#" + part.anchor : "");
    link.textContent = part.heading === part.title
      ? part.title : part.title + ": " + part.heading;
    entry.append(link, marked(excerpt(part, asked), asked));
    return entry;
  }

  function draw(box, parts, query) {
    const hits = find(parts, query), list = document.createElement("ol");
    const told = document.createElement("p");
    told.textContent = hits.length
      ? hits.length + (hits.length === 1 ? " place" : " places") : "Nothing found.";
    for (const part of hits) { list.append(item(part, words(query))); }
    box.replaceChildren(told, list);
    box.hidden = words(query).length === 0;
  }

  // The texts are only loaded when somebody searches.
  function loadTexts(then) {
    if (window.t4sTexts) { then(window.t4sTexts); return; }
    const script = document.createElement("script");
    script.src = "assets/search-texts.js";
    script.onload = function () {
      for (const part of window.t4sTexts) {
        part.low = { heading: (part.title + " " + part.heading).toLowerCase(),
          text: part.text.toLowerCase() };
      }
      then(window.t4sTexts);
    };
    document.head.append(script);
  }

  function buildSearch() {
    const form = document.getElementById("search"), input = document.getElementById("q");
    const box = document.getElementById("found");
    input.addEventListener("input", function () {
      loadTexts((parts) => draw(box, parts, input.value));
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      const first = box.querySelector("a");
      if (first) { first.click(); box.hidden = true; }
    });
    box.addEventListener("click", function () { box.hidden = true; });
    document.addEventListener("keydown", function (event) {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key === "/" && !typing) { event.preventDefault(); input.focus(); }
      if (event.key === "Escape" && !box.hidden) { box.hidden = true; input.focus(); }
    });
    form.hidden = false;
  }

  // A print has every answer unfolded, where the style alone cannot do it.
  function buildPrint() {
    let opened = [];
    addEventListener("beforeprint", function () {
      opened = [...document.querySelectorAll("details:not([open])")];
      opened.forEach(function (fold) { fold.open = true; });
    });
    addEventListener("afterprint", function () {
      opened.forEach(function (fold) { fold.open = false; });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    buildTheme();
    buildSearch();
    buildPrint();
  });
})();
