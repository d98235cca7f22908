// Keeps the progress of a running sync up to date. Without it the page has a Refresh link.
(() => {
  "use strict";
  const box = document.querySelector("[data-progress]");
  if (!box || !box.dataset.again) return;
  const part = (name) => box.querySelector(`[data-part="${name}"]`);

  const text = (element, value) => {
    if (element && element.textContent !== value) element.textContent = value;
  };

  const bar = (name, state) => {
    const row = part(name);
    if (!row) return;
    row.hidden = !state;
    if (!state) return;
    const meter = row.querySelector("progress");
    if (state.total > 0) {
      meter.max = state.total;
      meter.value = state.done;
    } else {
      meter.removeAttribute("value");
    }
    text(row.querySelector("[data-words]"), state.words);
  };

  const list = (name, items, fill) => {
    const element = part(name);
    if (!element) return;
    element.hidden = items.length === 0;
    element.replaceChildren(...items.map((item) => fill(document.createElement("li"), item)));
  };

  const show = (state) => {
    text(part("headline"), state.headline);
    bar("listing", state.listing);
    bar("analysing", state.analysing);
    list("waiting", state.waiting, (li, words) => {
      li.textContent = words;
      return li;
    });
    for (const count of state.counts) {
      text(document.querySelector(`[data-count="${CSS.escape(count.state)}"]`), String(count.calls));
    }
    part("finished").hidden = state.refresh_after_seconds !== null;
  };

  const later = (seconds) => setTimeout(tick, seconds * 1000);

  const tick = async () => {
    if (document.hidden) return later(2);
    try {
      const response = await fetch(box.dataset.progress, {
        headers: { accept: "application/json" },
        cache: "no-store",
        redirect: "error",
      });
      if (response.status === 401) return text(part("headline"), "You are signed out. Sign in again to follow the progress.");
      if (!response.ok) throw new Error(String(response.status));
      const state = await response.json();
      show(state);
      if (state.refresh_after_seconds !== null) later(state.refresh_after_seconds);
    } catch {
      // The server may be restarting: the numbers on the page stay, and are asked for again.
      later(10);
    }
  };

  later(Number(box.dataset.again));
})();
