// Adds to fields for Markdown what a script can: a button for each of the five things that people format, and a
// preview made by the server, so that it is what the public page will show. Without it the text is typed as it is.

document.documentElement.classList.add("with-markdown"); // The style sheet shows the buttons only then.

/** Puts text where the selection is, so that the browser's own "undo" takes it back; then selects a part of it. */
function put(area, start, end, text, from, to) {
  area.focus();
  area.setSelectionRange(start, end);
  // Old, but nothing else that writes into a field can be undone by the person.
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start + from, start + to);
}

/** Puts marks around the selection; the second time takes them away. */
function around(area, mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const words = value.slice(start, end);
  const size = mark.length;
  if (value.slice(start - size, start) === mark && value.slice(end, end + size) === mark) {
    put(area, start - size, end + size, words, 0, words.length);
  } else {
    put(area, start, end, `${mark}${words}${mark}`, size, size + words.length);
  }
}

/** Puts a mark before each line of the selection; takes them away where all have it. */
function before(area, mark) {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const next = area.value.indexOf("\n", area.selectionEnd);
  const end = next < 0 ? area.value.length : next;
  const lines = area.value.slice(start, end).split("\n");
  const all = lines.every((line) => line.startsWith(mark));
  const text = lines.map((line) => (all ? line.slice(mark.length) : `${mark}${line}`)).join("\n");
  put(area, start, end, text, text.length, text.length);
}

/** Makes the selection the words of a link, and selects where its address belongs. */
function link(area, address) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const words = value.slice(start, end);
  const text = `[${words}](${address})`;
  put(area, start, end, text, ...(words ? [text.length - 1 - address.length, text.length - 1] : [1, 1]));
}

async function preview(area, button, place) {
  const isShown = button.ariaExpanded === "true";
  button.ariaExpanded = String(!isShown);
  place.hidden = isShown;
  if (isShown) return;
  try {
    const token = area.form.elements.namedItem("csrf_token").value;
    const body = new URLSearchParams({ csrf_token: token, markdown: area.value });
    const answer = await fetch(area.form.action, { method: "POST", body });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.body.childNodes);
  } catch (error) {
    console.error(error);
    place.textContent = area.form.dataset.failed;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".forms-tools button");
  if (!button) return;
  const field = button.closest(".forms-markdown");
  const area = field.querySelector("textarea");
  const { around: marks, before: mark, link: address } = button.dataset;
  if (marks) around(area, marks);
  else if (mark) before(area, mark);
  else if (address) link(area, address);
  else preview(area, button, field.querySelector(".forms-preview"));
});
