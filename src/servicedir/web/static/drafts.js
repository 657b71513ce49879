// Keeps what is typed into a form in this browser until the server has it: offered again after a crash, an expired
// session, or a wrong click. Nothing leaves the browser, and signing out clears it all (Clear-Site-Data).

const PREFIX = "servicedir:";
const LONGEST = 30 * 24 * 60 * 60 * 1000; // milliseconds after which nobody misses it any more
const SHOW = "show:"; // the list action that only shows what was sent (forms.py)

/** What is kept under a key, or null; broken or old content is forgotten. */
function kept(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    if (found && Date.now() - found.at < LONGEST && Array.isArray(found.controls)) return found;
  } catch { /* not ours, or no storage here */ }
  forget(key);
  return null;
}

function forget(key) {
  try { localStorage.removeItem(key); } catch { /* no storage here */ }
}

function keyOf(form) {
  return `${PREFIX}${form.dataset.keep}`;
}

/** The names and values of a form, without what belongs to the session and not to the person. */
function controls(form) {
  return [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "__formid__");
}

function same(one, other) {
  const telling = (pairs) => JSON.stringify(pairs.filter(([name]) => name !== "based_on" && name !== "seen"));
  return telling(one) === telling(other);
}

function keep(form) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), controls: controls(form) }));
  } catch { /* full or forbidden: the form works as without */ }
}

/** Sends what is kept so that the server shows it as the form would look, lists and all. */
async function restore(form, found) {
  const token = form.elements.namedItem("csrf_token").value;
  const body = new URLSearchParams([["csrf_token", token], ["__formid__", form.id], ...found.controls, ["__list__", SHOW]]);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(form.id);
  if (!fresh) throw new Error("no form in the answer");
  form.replaceWith(document.adoptNode(fresh));
  fresh.dataset.edited = "yes";
  const first = fresh.querySelector("input:not([type=hidden]), textarea, select");
  first?.focus();
}

function offer(form, found) {
  const box = document.querySelector("#kept-input");
  if (!box) return;
  const clock = box.querySelector("time");
  const at = new Date(found.at);
  clock.dateTime = at.toISOString();
  clock.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  box.hidden = false;
  box.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.name === "take") {
      try {
        await restore(form, found);
      } catch (error) {
        console.error(error);
        box.querySelector("[data-failed]").hidden = false;
        return;
      }
    } else {
      forget(keyOf(form));
      form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    }
    box.hidden = true;
  });
}

// What the server says it has needs no keeping.
for (const place of document.querySelectorAll("[data-saved]")) {
  for (const name of place.dataset.saved.split(" ")) forget(`${PREFIX}${name}`);
}

const form = document.querySelector("form.forms[data-keep]");
if (form) {
  const found = kept(keyOf(form));
  // What comes back from the server with what was typed, to be corrected or merged, is newer than what is kept.
  if (form.dataset.edited) keep(form);
  else if (found && !same(found.controls, controls(form))) offer(form, found);
  else if (found) forget(keyOf(form));
}

let waiting = 0;
function later(event) {
  const changed = event.target.closest?.("form.forms[data-keep]");
  if (!changed) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => keep(changed), 400);
}
document.addEventListener("input", later);
document.addEventListener("change", later);

document.addEventListener("submit", (event) => {
  const sent = event.target;
  if (sent.matches("form.forms[data-keep]")) {
    clearTimeout(waiting);
    keep(sent);
  }
});
