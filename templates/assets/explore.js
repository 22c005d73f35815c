// Lets a reader explore the chart of a figure: it loads the viewer when asked, and puts the picture back when done.
// The page needs none of it. Without this file there is no button, and the picture and its table say everything.
"use strict";

(() => {
  const place = document.getElementById("explore_this");
  const chart = place && place.parentElement.querySelector(".chart");
  if (!chart) return;

  const make = (name, words, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = words;
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    return made;
  };
  const button = (words, act, attributes = {}) => {
    const made = make("button", words, {type: "button", ...attributes});
    made.addEventListener("click", act);
    return made;
  };
  const press = (pressed, one) => one.setAttribute("aria-pressed", String(pressed));

  const opener = button("Explore this chart", open);
  const panel = make("div", "", {class: "explore-panel", role: "group", "aria-label": "Explore this chart", tabindex: "-1"});
  const told = make("p", "", {role: "status", class: "explore-status"});
  const tip = make("p", "", {class: "explore-tip", "aria-hidden": "true", hidden: ""});
  panel.hidden = true;
  place.append(opener, panel, told, tip);

  let chosen; // {embed, chart}: the viewer and what it shows, once loaded
  let hidden = new Set();
  let order = [];
  let views = [];
  let at; // the mark that the reader points at, or has stepped to

  async function open() {
    if (opener.getAttribute("aria-disabled")) return;
    opener.setAttribute("aria-disabled", "true");
    told.textContent = "Loading the viewer.";
    try {
      const whole = (address) => new URL(address, document.baseURI);
      const [viewer, answer] = await Promise.all([import(whole(place.dataset.viewer)), fetch(whole(place.dataset.chart))]);
      if (!answer.ok) throw new Error(`${answer.status}`);
      chosen = {embed: viewer.default, chart: await answer.json()};
      hidden = new Set();
      order = chosen.chart.categories;
      await show();
      fill();
      opener.hidden = true;
      panel.hidden = false;
      panel.focus();
      told.textContent = "Point at a mark, or step from value to value with the buttons.";
    } catch (error) {
      close();
      told.textContent = "The viewer could not be loaded. The picture and its table say the same.";
    }
    opener.removeAttribute("aria-disabled");
  }

  function close() {
    for (const {view, box} of views) {
      view.finalize();
      box.remove();
    }
    views = [];
    leave();
    chart.classList.remove("explored");
    panel.hidden = true;
    opener.hidden = false;
    told.textContent = "";
  }

  // Draws every width of the chart as it was chosen; the stylesheet shows one of them, as it does without the viewer.
  async function show() {
    const made = [];
    for (const variant in chosen.chart.pictures) {
      const host = chart.querySelector(`.picture-${variant}`);
      const picture = host && host.querySelector("svg[aria-label]");
      if (!picture) continue;
      const names = picture.getAttribute("aria-label");
      const box = make("div", "", {class: "viewer", role: "img", "aria-label": names});
      const result = await chosen.embed(box, arranged(chosen.chart, variant), {
        ast: true, // nothing is evaluated as a program, so the security policy of the site holds
        renderer: "svg",
        actions: false,
        defaultStyle: false,
        tooltip: (handler, event, item, words) => {
          leave();
          if (words) point(event.target, event.clientX, event.clientY);
        },
      });
      box.removeAttribute("aria-roledescription");
      box.setAttribute("role", "img"); // the viewer puts its own
      box.querySelector("svg").setAttribute("aria-hidden", "true");
      made.push({host, box, view: result.view});
    }
    for (const {view, box} of views) {
      view.finalize();
      box.remove();
    }
    for (const {host, box} of made) host.append(box);
    views = made;
    leave();
    chart.classList.add("explored");
  }

  // The drawing without what is hidden, with its rows in the chosen order.
  function arranged({pictures, categories, series, stacked}, variant) {
    const spec = structuredClone(pictures[variant]);
    const size = spec.layer.find((layer) => layer.encoding.y?.scale).encoding.y.scale.domain[0];
    const step = size / categories.length;
    for (const name in spec.datasets) {
      const rows = spec.datasets[name].filter((row) => !hidden.has(row.c1) && !hidden.has(row.c4));
      if (stacked && hidden.size) stack(rows);
      if (order !== categories) {
        for (const row of rows) {
          if (!categories.includes(row.c0)) continue;
          const move = (order.indexOf(row.c0) - categories.indexOf(row.c0)) * step;
          if ("y" in row) row.y += move;
          if ("y2" in row) row.y2 += move;
        }
        rows.sort((one, other) => order.indexOf(one.c0) - order.indexOf(other.c0));
      }
      spec.datasets[name] = rows;
    }
    for (const layer of hidden.size ? spec.layer : []) {
      for (const channel of ["color", "shape", "strokeDash"]) {
        const scale = layer.encoding[channel]?.scale;
        if (!scale) continue;
        const kept = scale.domain.map((name) => series.includes(name) && !hidden.has(name));
        scale.domain = scale.domain.filter((name, n) => kept[n]);
        scale.range = scale.range.filter((look, n) => kept[n]);
      }
    }
    return spec;
  }

  // Sets the parts of each whole one after another again, where one between them is hidden.
  function stack(rows) {
    const ends = {};
    for (const row of rows) {
      if (!("c2" in row)) continue;
      const [start, stop] = Math.abs(row.x2 - row.x - row.c2) < 1e-6 ? ["x", "x2"] : ["y", "y2"];
      const length = row[stop] - row[start];
      row[start] = ends[row.c0] ?? 0;
      ends[row.c0] = row[stop] = row[start] + length;
    }
  }

  function sizes() {
    const {pictures, series, stacked} = chosen.chart;
    const shown = series.find((name) => !hidden.has(name));
    const found = {};
    for (const rows of Object.values(Object.values(pictures)[0].datasets)) {
      for (const row of rows) {
        if (!("t" in row) || "c3" in row || row.c2 === null || hidden.has(row.c1)) continue;
        if (stacked) found[row.c0] = (found[row.c0] ?? 0) + row.c2;
        else if (shown === undefined || row.c1 === shown) found[row.c0] = row.c2;
      }
    }
    return {found, by: stacked || shown === undefined ? "" : `, by ${shown}`};
  }

  function fill() {
    const {series, categories, printed} = chosen.chart;
    const kept = () => series.filter((name) => !hidden.has(name));
    const toggles = series.map((name) =>
      button(name, async (event) => {
        if (!hidden.delete(name)) {
          if (kept().length === 1) {
            told.textContent = `${name} stays: a chart needs one of its series.`;
            return;
          }
          hidden.add(name);
        }
        press(!hidden.has(name), event.target);
        if (sorted.getAttribute("aria-pressed") === "true") order = bySize();
        await show();
        told.textContent = `${name} is ${hidden.has(name) ? "hidden" : "shown"}.`;
      }, {"aria-pressed": "true"}));
    const bySize = () => {
      const {found} = sizes();
      const sign = Object.values(found).every((size) => size <= 0) ? -1 : 1; // of savings the greatest comes first
      const size = (name) => (name in found ? sign * found[name] : -Infinity);
      return [...categories].sort((one, other) => size(other) - size(one) || 0);
    };
    const arrange = async (next, words, pressed, other) => {
      order = next;
      press(true, pressed);
      press(false, other);
      await show();
      told.textContent = words;
    };
    const same = (one, other) => one.join("\n") === other.join("\n");
    const asPrinted = button("As printed", () => arrange(printed, "In the order of the paper.", asPrinted, sorted));
    const sorted = button("By size", () => arrange(bySize(), `Largest first${sizes().by}.`, sorted, asPrinted));
    press(same(printed, categories), asPrinted);
    press(!same(printed, categories) && same(bySize(), categories), sorted);

    const group = (name, controls) => {
      const made = make("div", "", {role: "group", "aria-label": name});
      made.append(make("span", name, {"aria-hidden": "true"}), ...controls);
      return made;
    };
    const steps = [button("Previous value", () => walk(-1)), button("Next value", () => walk(1))];
    const done = button("Close", () => {
      close();
      opener.focus();
    });
    const groups = [];
    if (series.length) groups.push(group("Show", toggles));
    if (printed.length && !same(printed, bySize())) groups.push(group("Order", [asPrinted, sorted]));
    panel.replaceChildren(...groups, group("Read", steps), done);
  }

  // Goes to the next mark of the drawing that is shown; marks that say the same are one.
  function walk(by) {
    const {box} = views.find((one) => one.box.checkVisibility());
    const marks = new Map();
    for (const mark of box.querySelectorAll("path")) {
      const words = mark.__data__?.tooltip;
      if (words && !marks.has(words)) marks.set(words, mark);
    }
    const all = [...marks.values()];
    const next = at ? (all.indexOf(at) + by + all.length) % all.length : by > 0 ? 0 : all.length - 1;
    leave();
    all[next].scrollIntoView({block: "nearest"});
    point(all[next]);
  }

  // Says what a mark stands for, beside it or where the pointer is.
  function point(mark, x, y) {
    at = mark;
    at.classList.add("explore-at");
    told.textContent = tip.textContent = at.__data__.tooltip;
    tip.hidden = false;
    const place = at.getBoundingClientRect();
    x ??= (place.left + place.right) / 2;
    y ??= place.top;
    const {width, height} = tip.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - 8;
    tip.style.left = `${Math.max(8, Math.min(x - width / 2, room))}px`;
    tip.style.top = `${y - height - 12 < 8 ? y + 20 : y - height - 12}px`;
  }

  function leave() {
    tip.hidden = true;
    if (at) at.classList.remove("explore-at");
    at = undefined;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !tip.hidden) leave();
  });
  document.addEventListener("scroll", () => at && !tip.hidden && point(at), {passive: true});
  if (location.hash === "#explore_this") open();
})();
