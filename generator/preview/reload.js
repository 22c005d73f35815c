// Follow the builds that change this page, and show the problems of a failed one.
// New styles and figures are exchanged in place, with scroll and open details kept; all else loads the page anew.
// Put into pages by `transparency serve` only; never part of a published site.
"use strict";

(() => {
  const events = "/__transparency/events";
  const script = document.currentScript;
  const FIGURES = "figure, svg";
  const STYLES = 'link[rel="stylesheet"]:not([href^="/__transparency/"])';
  const missing = "missing" in script.dataset; // this page stands in for one that is not there
  let epoch = Number(script.dataset.epoch);
  let dismissed = 0; // the epoch whose problems the editor has closed
  let source = null;
  let dialog = null;
  let reloading = false;
  let known = document.documentElement.cloneNode(true); // the page as it came, before anybody opened details
  let work = Promise.resolve(); // one exchange after the other

  const pathOf = (url) => new URL(url, location.href).pathname.replace(/\/index\.html$/, "/");

  function hasChanged(urls) {
    return missing ? urls.length > 0 : urls.some((url) => pathOf(url) === pathOf(location.href));
  }

  function connect() {
    if (source || reloading || document.hidden) return;
    source = new EventSource(`${events}?epoch=${epoch}`);
    source.addEventListener("message", (event) => receive(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      // A browser tries again by itself unless the answer was an error; then it is for us to do.
      if (source && source.readyState === EventSource.CLOSED) {
        disconnect();
        setTimeout(connect, 1000);
      }
    });
  }

  function disconnect() {
    if (source) source.close();
    source = null;
  }

  function receive(news) {
    epoch = news.epoch;
    if (hasChanged(news.changed)) work = work.then(renew).catch(reload);
    if (!news.failed) hide();
    else if (dismissed !== epoch) show(news.problems, news.review);
  }

  function reload() {
    reloading = true;
    disconnect();
    location.reload();
  }

  async function renew() {
    // A script of the page's own may have changed it: then nobody but a new page knows what belongs where.
    if (missing || document.querySelectorAll("script[src]").length > 1) return reload();
    const answer = await fetch(location.pathname + location.search);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").documentElement;
    return answer.ok && frame(known).isEqualNode(frame(next)) ? exchange(next) : reload();
  }

  const outermost = (root) => [...root.querySelectorAll(FIGURES)].filter((one) => !one.parentElement.closest(FIGURES));

  // Return a copy of a page without what can be exchanged; each figure leaves an empty one in its place.
  function frame(root) {
    const copy = root.cloneNode(true);
    for (const one of copy.querySelectorAll(`${STYLES}, script[data-epoch]`)) one.remove();
    for (const one of outermost(copy)) one.replaceWith(document.createElement("figure"));
    return copy;
  }

  async function exchange(next) {
    const [shown, former, newer] = [document.documentElement, known, next].map(outermost);
    const [formerStyles, styles] = [known, next].map((root) => [...root.querySelectorAll(STYLES)]);
    known = next;
    newer.forEach((figure, index) => {
      if (figure.isEqualNode(former[index])) return;
      const fresh = document.importNode(figure, true);
      const opened = [...shown[index].querySelectorAll("details")].map((details) => details.open);
      [...fresh.querySelectorAll("details")].forEach((details, at) => { details.open = opened[at] ?? details.open; });
      shown[index].replaceWith(fresh);
    });
    if (styles.length === formerStyles.length && styles.every((style, at) => style.isEqualNode(formerStyles[at]))) return;
    const old = [...document.querySelectorAll(STYLES)];
    const fresh = styles.map((style) => document.importNode(style, true));
    const ready = fresh.map((style) => new Promise((done) => { style.onload = style.onerror = done; }));
    document.head.append(...fresh);
    await Promise.all(ready); // until then the page keeps its old styles, or it would stand bare, and jump
    for (const style of old) style.remove();
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function itemFor(problem) {
    const item = element("li");
    const title = element("p", "transparency-message");
    title.append(
      element("strong", `transparency-${problem.severity === "error" ? "error" : "warning"}`, problem.severity),
      ` ${problem.message}`,
    );
    const place = element("p", "transparency-place");
    const name = element(problem.link ? "a" : "span", "", problem.place);
    if (problem.link) name.href = problem.link;
    place.append(name, ` [${problem.code}]`);
    item.append(place, title);
    if (problem.excerpt) {
      const excerpt = element("pre", "", problem.excerpt);
      excerpt.tabIndex = 0; // it scrolls, so the keyboard must reach it
      item.append(excerpt);
    }
    if (problem.hint) item.append(element("p", "transparency-hint", `Hint: ${problem.hint}`));
    return item;
  }

  function show(problems, review) {
    if (!dialog) {
      const style = element("link");
      style.rel = "stylesheet";
      style.href = "/__transparency/overlay.css";
      document.head.append(style);
      dialog = element("dialog", "transparency-overlay");
      dialog.setAttribute("role", "alertdialog");
      dialog.setAttribute("aria-labelledby", "transparency-title");
      dialog.setAttribute("aria-describedby", "transparency-summary");
      dialog.addEventListener("close", () => { dismissed = epoch; }); // by the button or by Esc
      document.body.append(dialog);
    }
    const title = element("h2", "", "The site was not built");
    title.id = "transparency-title";
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const summary = element("p", "", `${count}. Pages stay as they were until it can be built.`);
    summary.id = "transparency-summary";
    const close = element("button", "", "Close");
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    const list = element("ol");
    list.append(...problems.map(itemFor));
    dialog.replaceChildren(title, close, summary, list);
    if (review) {
      const update = element("p", "transparency-place");
      const link = element("a", "", "what it changes");
      link.href = review;
      update.append("An update waits for its review: ", link);
      list.before(update);
    }
    if (dialog.open) close.focus();
    else dialog.showModal(); // the first control, the button, gets the focus
  }

  function hide() {
    if (dialog && dialog.open) dialog.close();
  }

  // Browsers allow six connections to one server: tabs that nobody sees must not hold them.
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", connect);
  connect();
})();
