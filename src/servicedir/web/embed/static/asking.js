// What the element and its parts need: names, a way to make elements, and what is asked of the directory.
// The pieces of this module are put together by the server (web/embed/element.py), which says TEXTS and STYLE above.

const HOME = new URL("./", import.meta.url);
const FACETS = ["video", "channel", "nature", "office", "topic", "audience", "language"];
const SINGLE = ["q", "on", "sort"];
const SORTS = ["relevance", "title", "updated"];
const LAYOUTS = ["cards", "list", "table"];
const PATIENCE = 100; // Milliseconds without a key before suggestions are asked for.
const FEWEST = 2; // Letters from which on there are suggestions.
const MOST_SUGGESTED = 6; // Of a list with fixed filters.
const WAIT = 10000; // Milliseconds after which a server that does not answer counts as one that is down.

const sheet = new CSSStyleSheet(); // Made by a script, which a policy on styles allows; `style` attributes it would not.
sheet.replaceSync(STYLE);

/** Makes an element; what is a function listens, what is null or false is left out. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Returns a sentence with what is filled in where {name} or ${name} stands. */
function filled(sentence, values) {
  return sentence.replace(/\$?\{(\w+)\}/g, (_whole, name) => values[name]);
}

const SIGNS = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'" };

/** Returns the nodes of escaped text in which <mark> is the only markup; whatever else there is stays text. */
function marked(html) {
  return html.split(/<mark>(.*?)<\/mark>/s).map((piece, at) => {
    const text = piece.replace(/&(\w+|#\d+);/g, (sign, name) => SIGNS[name] ?? sign);
    return at % 2 ? make("mark", { part: "mark" }, text) : text;
  });
}

const asked = new Map();

/** Returns whether this page's site may show a directory; asked once for all elements of a page. */
function mayShow(base) {
  const address = new URL("embed/allowed", base).href;
  if (!asked.has(address)) {
    const answer = fetch(address, { credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(WAIT) })
      .then((answer) => answer.json())
      .then((said) => said.allowed === true);
    asked.set(address, answer);
    answer.catch(() => asked.delete(address)); // Once it is up again, it may be asked again.
  }
  return asked.get(address);
}

/** Has it counted that something was opened here: the site and the day, nothing of who did it. */
function count(base) {
  if (base.origin === location.origin) return;
  fetch(new URL("embed/clicks", base), { method: "POST", keepalive: true, credentials: "omit" }).catch(() => {});
}
