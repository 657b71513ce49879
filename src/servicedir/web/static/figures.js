// What a script adds to the grid of figures: keys as in a spreadsheet, blocks pasted from one, and sums while typing.
// Without it the grid is a form like any other; what counts is decided by the server.

const form = document.getElementById("figures");
const table = document.getElementById("grid");
const rows = [...table.querySelectorAll("tr[data-measure]")].map((row) => [...row.querySelectorAll("input")]);
const place = new Map(rows.flatMap((row, y) => row.map((cell, x) => [cell, [y, x]])));
const language = document.documentElement.lang;
const format = new Intl.NumberFormat(language);
const grouped = language === "en" ? /^(\d+|\d{1,3}([,'’]\d{3})+)$/ : /^(\d+|\d{1,3}([.'’]\d{3})+)$/;

const voice = document.createElement("p");
voice.className = "figures-voice muted";
voice.setAttribute("role", "status");
table.parentElement.after(voice);

/** Says one of the form's sentences, with a number in the place of its sign. */
function say(name, count) {
  return form.dataset[name].replace("§", format.format(count));
}

/** Returns the number that a cell says, null where it says that there is none, or something that is no number. */
function numberIn(cell) {
  const text = cell.value.replace(/\s/g, "");
  return grouped.test(text) ? Number(text.replace(/\D/g, "")) : null;
}

/** Writes the sum of a row's months: of what are numbers, and how many there are not. */
function total(row) {
  const [year, ...months] = row;
  const numbers = months.map(numberIn);
  const known = numbers.filter((number) => number !== null);
  const sum = known.reduce((one, other) => one + other, 0);
  const said = months.some((month) => month.value.trim());
  const missing = months.filter((month, x) => numbers[x] === null && (month.value.trim() || month.dataset.period <= form.dataset.month));
  const output = row[0].closest("tr").querySelector("output");
  const parts = [known.length ? Object.assign(document.createElement("strong"), { textContent: format.format(sum) }) : say("none")];
  const add = (words) => parts.push(Object.assign(document.createElement("span"), { textContent: words }));
  if (said && missing.length) add(missing.length === 1 ? say("one") : say("many", missing.length));
  const whole = numberIn(year);
  if (whole !== null && (sum > whole || (known.length === 12 && sum !== whole))) add(say("year"));
  output.replaceChildren(...parts);
}

// What can be taken back: the cells of one change with what they said before.

const changes = [];
let before = "";

/** Changes cells at once, and remembers what they said. */
function change(pairs) {
  changes.push(pairs.map(([cell]) => [cell, cell.value]));
  for (const [cell, value] of pairs) cell.value = value;
  rows.forEach(total);
}

function undo(cell) {
  if (cell.value !== before) cell.value = before;
  else if (changes.length) {
    for (const [other, value] of changes.pop()) other.value = value;
    before = cell.value;
  } else return;
  rows.forEach(total);
  cell.select();
  voice.textContent = say("undone");
}

function go(y, x) {
  const cell = rows[y]?.[x];
  if (!cell) return false;
  cell.focus();
  cell.select();
  return true;
}

/** Fills the empty cells to the right of one with what it says. */
function fill(cell) {
  const [y, x] = place.get(cell);
  const empty = rows[y].slice(Math.max(x + 1, 1)).filter((other) => !other.value.trim());
  const begun = empty.filter((other) => other.dataset.period <= form.dataset.month);
  if (!cell.value.trim() || !begun.length) return;
  remember(cell);
  change(begun.map((other) => [other, cell.value]));
  voice.textContent = say("filled", begun.length);
}

/** Makes what was typed in a cell a change of its own, before another one comes. */
function remember(cell) {
  if (cell.value !== before) changes.push([[cell, before]]);
  before = cell.value;
}

function paste(event) {
  const cell = event.target;
  const text = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "") ?? "";
  if (!place.has(cell) || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const [top, left] = place.get(cell);
  const values = text.split("\n").flatMap((line, y) => line.split("\t").map((value, x) => [rows[top + y]?.[left + x], value.trim()]));
  const fitting = values.filter(([other]) => other);
  remember(cell);
  change(fitting);
  before = cell.value;
  cell.select();
  const lost = values.filter(([other, value]) => !other && value).length;
  voice.textContent = say("pasted", fitting.length) + (lost ? ` ${say("lost", lost)}` : "");
}

function pressed(event) {
  const cell = event.target;
  if (!place.has(cell) || event.altKey || event.isComposing) return;
  const [y, x] = place.get(cell);
  const ctrl = event.ctrlKey || event.metaKey;
  const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  const atStart = whole || (cell.selectionStart === 0 && cell.selectionEnd === 0);
  const atEnd = whole || (cell.selectionStart === cell.value.length && cell.selectionEnd === cell.value.length);
  const last = rows[y].length - 1;
  const step = {
    ArrowUp: () => go(y - 1, x),
    ArrowDown: () => go(y + 1, x),
    ArrowLeft: () => atStart && go(y, x - 1),
    ArrowRight: () => atEnd && go(y, x + 1),
    Home: () => (ctrl ? go(0, 0) : atStart && go(y, 0)),
    End: () => (ctrl ? go(rows.length - 1, last) : atEnd && go(y, last)),
    // Down, and from the last row on to the next column; never out of the form, which Enter would send.
    Enter: () => {
      if (ctrl) fill(cell);
      else if (event.shiftKey) go(y - 1, x) || go(rows.length - 1, x - 1);
      else go(y + 1, x) || go(0, x + 1);
      return true;
    },
    Escape: () => { undo(cell); return true; },
  }[event.key];
  if (!step || (event.shiftKey && event.key !== "Enter")) return;
  if (ctrl && !["Home", "End", "Enter"].includes(event.key)) return;
  if (step()) event.preventDefault();
}

table.addEventListener("keydown", pressed);
table.addEventListener("paste", paste);
table.addEventListener("input", (event) => total(rows[place.get(event.target)[0]]));
table.addEventListener("focusin", (event) => {
  if (place.has(event.target)) before = event.target.value;
});
table.addEventListener("focusout", (event) => {
  if (place.has(event.target)) remember(event.target);
});

let latest = rows[0][0];
table.addEventListener("focusin", (event) => { if (place.has(event.target)) latest = event.target; });
form.querySelector("[data-fill] button").addEventListener("click", () => fill(latest));

form.querySelector("[data-fill]").hidden = false;
form.querySelector("[data-keys]").hidden = false;
rows.forEach(total);
