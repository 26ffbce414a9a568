// What only a browser knows: its time zone, how much of a hold is left, the clipboard, a draft. All pages work without.
"use strict";

// The reader's time zone, for pages that show times to somebody who is not signed in.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  const known = document.cookie.includes("zone=");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  // The first page was made before we could tell: if it guessed wrong, make it again once the cookie has stuck.
  const guess = document.querySelector("[data-zone-guess]")?.dataset.zoneGuess;
  if (!known && guess && guess !== zone && document.cookie.includes("zone=")) location.reload();
  for (const input of document.querySelectorAll("input[data-browser-zone]")) {
    if (!input.value || input.type === "hidden") input.value = zone;
  }
  for (const select of document.querySelectorAll("select[data-browser-zone]")) {
    if ([...select.options].some((option) => option.value === zone)) select.value = zone;
  }
}

// Countdowns by the server's clock: it said what time it was when it made the page. Between two looks real time is
// counted by a clock that nobody can set; it may stand still while a machine sleeps, so a returning tab asks again.
const serverNow = Date.parse(document.body.dataset.now);
const startedAt = performance.now();
const now = () => serverNow + (performance.now() - startedAt);
const ANNOUNCED = [5, 1];
const LAST_MINUTES = 5;

const clockFace = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function countDown(box) {
  const until = Date.parse(box.dataset.countdownUntil);
  const face = box.querySelector("[data-countdown-face]");
  const spoken = box.querySelector("[data-countdown-spoken]");
  let before = Math.ceil((until - now()) / 1000);
  const tick = () => {
    const left = Math.max(0, Math.ceil((until - now()) / 1000));
    face.textContent = clockFace(left);
    for (const minutes of ANNOUNCED) {
      if (before > minutes * 60 && left <= minutes * 60) {
        spoken.textContent = spoken.getAttribute(`data-at-${minutes}`);
      }
    }
    before = left;
    if (left <= LAST_MINUTES * 60) {
      for (const form of document.querySelectorAll("[data-last-minutes]")) form.hidden = false;
    }
    if (left === 0) {
      clearInterval(timer);
      // The page says what became of the time; once is enough should the server's clock be a moment behind.
      setTimeout(() => location.reload(), 1500);
    }
  };
  const timer = setInterval(tick, 1000);
  if (before > 0) tick();
  else clearInterval(timer);
}

const countdowns = document.querySelectorAll("[data-countdown-until]");
countdowns.forEach(countDown);
let hiddenAt = 0;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (countdowns.length && hiddenAt && Date.now() - hiddenAt > 30_000) location.reload();
});
addEventListener("pageshow", (event) => {
  if (event.persisted && countdowns.length) location.reload();
});

// <button data-copy="id of the field"> copies that field's text and says so.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const label = button.textContent;
  button.hidden = !navigator.clipboard;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 2000);
    } catch {
      source.focus();
      source.select?.();
    }
  });
}

// <textarea data-draft="a name for it"> keeps what was typed in this tab until a page with data-draft-done="that name"
// says that it has arrived: a form that was sent may be refused.
for (const done of document.querySelectorAll("[data-draft-done]")) {
  sessionStorage.removeItem(`draft:${done.dataset.draftDone}`);
}
for (const area of document.querySelectorAll("textarea[data-draft]")) {
  const key = `draft:${area.dataset.draft}`;
  const kept = sessionStorage.getItem(key);
  if (kept && !area.value) area.value = kept;
  area.addEventListener("input", () => sessionStorage.setItem(key, area.value));
}

// <form data-in-place>: its buttons named "action", but for "save", change only what stands in the form. The server makes
// the form again from what was typed; here it takes the old one's place, so that nobody is thrown to the page's top.
// While somebody types, what is marked data-fresh (drawings, sums, what is wrong) follows.
let newest = 0;

async function remade(form, action) {
  const number = ++newest;
  const typed = new FormData(form);
  typed.set("action", action);
  // Not form.action: that is the buttons of this name.
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: typed });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return number === newest ? page.getElementById(form.id) : null;
}

function refresh(form, made) {
  for (const part of form.querySelectorAll("[data-fresh]")) {
    const next = made.querySelector(`#${part.id}`);
    if (next) part.replaceWith(next);
  }
  for (const input of form.querySelectorAll(".interval input")) {
    const next = made.querySelector(`#${input.id}`);
    if (!next) continue;
    input.className = next.className;
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (next.hasAttribute(name)) input.setAttribute(name, next.getAttribute(name));
      else input.removeAttribute(name);
    }
    // “9” becomes “09:00” once it is left, unless it has been typed on meanwhile.
    if (next.dataset.reads && input.value === next.value && input !== document.activeElement) input.value = next.dataset.reads;
  }
}

document.addEventListener("submit", async (event) => {
  const [form, button] = [event.target, event.submitter];
  if (!form.matches("form[data-in-place]") || button?.name !== "action" || button.value === "save") return;
  event.preventDefault();
  form.inert = true;
  try {
    const made = await remade(form, button.value);
    if (!made) throw new Error("not the page that was asked for");
    // By ourselves: a browser complains of autofocus in a page that has a focus already.
    const wanted = made.querySelector("[autofocus]");
    wanted?.removeAttribute("autofocus");
    form.replaceWith(made);
    wanted?.focus();
  } catch {
    form.inert = false;
    // As without script: a button of its own sends the whole page.
    const plain = Object.assign(document.createElement("input"), { type: "hidden", name: "action", value: button.value });
    form.append(plain);
    form.submit();
  }
});

document.addEventListener("change", async (event) => {
  const form = event.target.closest?.("form[data-in-place]");
  if (!form || !event.target.matches(".interval input")) return;
  try {
    const made = await remade(form, "look");
    if (made && form.isConnected) refresh(form, made);
  } catch {
    // It is said when they save.
  }
});
// <form data-live="id of a part of the page">: whenever something is typed there, the page that its button with data-look
// would bring is asked for, and that part of it is shown. Every sum is the server's.
for (const form of document.querySelectorAll("form[data-live]")) {
  const button = document.querySelector(`button[data-look][form="${form.id}"]`);
  let waiting = 0;
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) }).catch(() => null);
    if (!answer || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(form.dataset.live);
    if (fresh && mine === asked) document.getElementById(form.dataset.live).replaceChildren(...fresh.childNodes);
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 400);
  });
  for (const field of form.elements) {
    if (!form.contains(field)) field.addEventListener("input", () => form.dispatchEvent(new Event("input")));
  }
}

// <… data-session-clock> says by the minute how far a session is, as booking/domain/session_clock.py does. It never loads
// the page anew, since somebody is writing there, so it goes by the longer of two clocks: one sleeps when the machine does.
const MINUTE = 60_000;
const openedAt = Date.now();
const awake = () => serverNow + Math.max(performance.now() - startedAt, Date.now() - openedAt);

for (const clock of document.querySelectorAll("[data-session-clock]")) {
  const { starts, ends, around, late } = clock.dataset;
  const [start, end] = [Date.parse(starts), Date.parse(ends)];
  const part = (name) => clock.querySelector(`[data-clock-${name}]`);
  const [words, bar, spoken, nudge] = [part("words"), part("bar"), part("spoken"), part("late")];
  const state = () => {
    const at = awake();
    const phase = at < start ? "soon" : at < end ? "on" : "over";
    const minutes = Math.max(0, Math.ceil(((phase === "soon" ? start : end) - at) / MINUTE));
    const isShown = at >= start - around * MINUTE && at < end + around * MINUTE;
    return { phase, minutes, isShown, isLate: phase === "on" && end - at <= late * MINUTE };
  };
  let before = state();
  const show = () => {
    const is = state();
    words.textContent = clock.dataset[is.phase + (is.minutes === 1 ? "One" : "")].replace("#", is.minutes);
    bar.value = is.phase === "soon" ? 0 : bar.max - is.minutes;
    clock.hidden = !is.isShown;
    if (nudge) nudge.hidden = !is.isLate;
    // Spoken when it begins, comes to its last minutes, and ends; not each minute.
    if (is.phase !== before.phase || is.isLate !== before.isLate) spoken.textContent = words.textContent;
    before = is;
  };
  show();
  setInterval(show, 5000);
  document.addEventListener("visibilitychange", show);
}
