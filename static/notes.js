// Notes that two people write: kept with each pause, and never lost when the line breaks. The page works without.
"use strict";

// <form data-autosave="a name for the draft">: each pause in typing is saved, with the version that it was made from, and what
// has not arrived stays in this browser. The server decides what becomes of a text whose note has changed meanwhile.
const PAUSE = 1200;
const AGAIN = 5000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = form.querySelector("[data-autosave-status]");
  const areas = [...form.querySelectorAll("textarea:not([hidden])")];
  const key = (area) => `note:${form.dataset.autosave}:${area.name}`;
  const base = (area) => form.elements[`base-${area.name}`];
  const was = (area) => form.elements[`was-${area.name}`];
  let waiting = 0;
  let saving = false;

  const remember = (area) => {
    const draft = { words: area.value, base: base(area).value, was: was(area).value };
    try { localStorage.setItem(key(area), JSON.stringify(draft)); } catch { /* no room: it is saved all the same */ }
  };
  const soon = (pause = PAUSE) => {
    clearTimeout(waiting);
    waiting = setTimeout(save, pause);
  };
  async function save() {
    if (saving) return soon();
    saving = true;
    const sent = new FormData(form);
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      if (answer.status >= 500) throw new Error(answer.statusText);
      // Signed out, or too long: sending it the ordinary way says what to do.
      if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("no answer of ours");
      const told = await answer.json();
      status.textContent = told.errors ? Object.values(told.errors).join(" ") : form.dataset.kept;
      for (const area of areas) {
        const kept = told[area.name];
        if (!kept) continue;
        if (kept.aside) status.textContent = form.dataset.aside;
        else {
          base(area).value = kept.version;
          was(area).value = sent.get(area.name);
        }
        if (area.value === sent.get(area.name)) localStorage.removeItem(key(area));
      }
    } catch {
      status.textContent = form.dataset.away;
      soon(AGAIN);
    } finally {
      saving = false;
    }
  }
  for (const area of areas) {
    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(key(area))); } catch { /* not ours */ }
    if (draft && draft.words !== area.value) {
      [area.value, base(area).value, was(area).value] = [draft.words, draft.base, draft.was];
      soon(0);
    } else {
      localStorage.removeItem(key(area));
      if (area.value !== was(area).value) { // typed before this script was there
        remember(area);
        soon();
      }
    }
    area.addEventListener("input", () => {
      remember(area);
      soon();
    });
  }
  addEventListener("online", () => {
    if (areas.some((area) => area.value !== was(area).value)) soon(0);
  });
}
