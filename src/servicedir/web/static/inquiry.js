// What a script adds to the form of an inquiry: the answer beside it follows what is typed, and a block shows the
// fields that its kind needs. Without it there are a button for the answer, and the other fields behind a click.

const desk = document.querySelector(".inquiry-desk");
const answer = desk.querySelector("[data-answer]");
const failed = desk.querySelector(".inquiry-desk__failed");
const PAUSE = 500; // milliseconds without typing before the answer is made again

let waiting;
let asking;

/** Asks for the answer to what the form says now, and shows it; what is asked later overtakes. */
async function refresh() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  answer.ariaBusy = "true";
  try {
    const form = desk.querySelector("form");
    const body = new URLSearchParams(new FormData(form));
    const reply = await fetch(desk.dataset.preview, { method: "POST", body, signal, headers: { Accept: "text/html" } });
    if (!reply.ok && reply.status !== 400) throw new Error(`status ${reply.status}`);
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    answer.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
    failed.textContent = "";
  } catch (error) {
    if (signal.aborted) return;
    failed.textContent = failed.dataset.failed;
  }
  answer.ariaBusy = "false";
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
}

/** Puts the fields that a kind needs in sight, in their order, and the others behind a click. */
function arrange(block, kind) {
  const used = block.querySelector(".block__used");
  const unused = block.querySelector(".block__unused");
  const fields = [...block.querySelectorAll("[data-kinds]")].sort((one, other) => place(one) - place(other));
  for (const field of fields) {
    const wanted = field.dataset.kinds.split(" ").includes(kind) ? used : unused;
    if (field.parentElement !== wanted || wanted.lastElementChild !== field) move(field, wanted);
  }
}

function place(field) {
  return Number(field.dataset.place);
}

/** Moves a field to where it belongs among its siblings; what has the focus is not touched. */
function move(field, wanted) {
  const next = [...wanted.children].find((other) => other !== field && place(other) > place(field)) ?? null;
  if (field.parentElement === wanted && field.nextElementSibling === next) return;
  wanted.insertBefore(field, next);
}

desk.addEventListener("input", soon);
desk.addEventListener("change", (event) => {
  const block = event.target.closest(".block");
  if (block && event.target.name === "kind") arrange(block, event.target.value);
  soon();
});

// Buttons of lists put another form in the place of this one.
new MutationObserver(soon).observe(desk.querySelector(".inquiry-desk__form"), { childList: true });
