// What a script can add to forms that work without one: lists change without a new page, errors get the focus,
// and nobody leaves typed text behind unasked. Everything here may fail: the form is then sent as browsers do.

const LIST_BUTTON = 'button[name="__list__"]';

const voice = document.createElement("div");
voice.className = "kern-sr-only";
voice.setAttribute("role", "status");
document.body.append(voice);

/** Says a sentence to those who listen; the same sentence twice is said twice. */
function say(sentence) {
  voice.textContent = "";
  setTimeout(() => { voice.textContent = sentence ?? ""; }, 100);
}

let leaving = false;

function forms() {
  return document.querySelectorAll("form.forms");
}

function isEdited() {
  return [...forms()].some((form) => form.dataset.edited && !form.querySelector('input[type="password"]'));
}

/** Sends the form as its list button would, and puts the answer's form in its place. */
async function change(form, button) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form, button)),
      headers: { Accept: "text/html" },
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.id);
    if (!fresh) throw new Error("no form in the answer");
    form.replaceWith(document.adoptNode(fresh));
    show(fresh.querySelector("[autofocus]"));
    say(fresh.dataset.announce);
  } catch (error) {
    console.error(error);
    form.ariaBusy = "false";
    form.dataset.plain = "yes"; // The next attempt goes the browser's way, which shows what is wrong.
    say(form.dataset.failed);
    showFailure(form, button);
  }
}

/** Shows beside the button what screen readers were told. */
function showFailure(form, button) {
  form.querySelector(".forms-failed")?.remove();
  const place = document.createElement("p");
  place.className = "kern-body forms-failed";
  place.textContent = form.dataset.failed;
  button.after(place);
}

function show(element) {
  if (!element) return;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.forms") || event.defaultPrevented) return;
  const button = event.submitter;
  if (button?.matches(LIST_BUTTON) && !form.dataset.plain) {
    event.preventDefault();
    change(form, button);
  } else {
    leaving = true;
  }
});

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form.forms");
  if (form) form.dataset.edited = "yes";
});

window.addEventListener("beforeunload", (event) => {
  if (!leaving && isEdited()) event.preventDefault();
});

// The page may come back from the browser's memory after a submission.
window.addEventListener("pageshow", () => { leaving = false; });

// Browsers ignore autofocus where the address ends in a "#field", as it does after following a link to an error.
const problems = document.querySelector(".forms-problems");
if (problems) problems.focus();
