// What only a browser knows: its time zone, how much of a hold is left, the clipboard, a draft. All pages work without.
"use strict";

// The reader's time zone, for pages that show times to somebody who is not signed in.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  const known = document.cookie.includes("zone=");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  // The first page was made before we could tell: once the cookie has stuck, make it again.
  if (!known && document.cookie.includes("zone=") && document.querySelector("[data-zone-guess]")) location.reload();
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
        spoken.textContent = minutes === 1 ? "One minute left." : `${minutes} minutes left.`;
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
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = label; }, 2000);
    } catch {
      source.focus();
      source.select?.();
    }
  });
}

// <textarea data-draft="a name for it"> keeps what was typed in this tab until the form is sent.
for (const area of document.querySelectorAll("textarea[data-draft]")) {
  const key = `draft:${area.dataset.draft}`;
  const kept = sessionStorage.getItem(key);
  if (kept && !area.value) area.value = kept;
  area.addEventListener("input", () => sessionStorage.setItem(key, area.value));
  area.form?.addEventListener("submit", () => sessionStorage.removeItem(key));
}
