// What a script adds to the page on which an embed is put together: previews that follow the choices, buttons to copy.
// Everything here may fail: the form is then sent with its button, and what is to be copied can be marked.

const form = document.getElementById("builder");
const voice = document.getElementById("copied");
let pending = null;

/** Shows previews and snippets as they are for what is chosen now. */
async function follow() {
  pending?.abort();
  pending = new AbortController();
  const address = new URL(form.action);
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  try {
    const answer = await fetch(address, { signal: pending.signal, credentials: "omit", headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, fresh] = [document.getElementById("built"), page.getElementById("built")];
    old.replaceWith(document.adoptNode(fresh));
    history.replaceState(history.state, "", address);
    showButtons();
    for (const frame of fresh.querySelectorAll("iframe")) grow(frame);
  } catch (error) {
    if (error.name !== "AbortError") form.requestSubmit();
  }
}

/** The script of the embed knows the frames that were there when it began; new ones are asked how high they are here. */
function grow(frame) {
  frame.addEventListener("load", () => {
    frame.contentWindow.postMessage({ type: "servicedirectory:hello" }, location.origin);
  });
}

function showButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

async function copy(button) {
  voice.textContent = "";
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    voice.textContent = voice.dataset.copied;
    button.querySelector(".kern-label").firstChild.textContent = `${voice.dataset.copied} `;
  } catch {
    voice.textContent = voice.dataset.failed;
  }
}

if (form) {
  form.addEventListener("change", follow);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button) copy(button);
  });
  showButtons();
}
