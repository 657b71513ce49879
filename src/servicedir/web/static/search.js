// What a script adds to the search: suggestions while somebody types, and results that follow the filters at once.
// Everything here may fail: the form is then sent, and links are followed, as browsers do.

const PATIENCE = 100; // Milliseconds without a key before suggestions are asked for.
const FEWEST = 2; // Letters from which on there are suggestions.
const MOST_KEPT = 200;
const WHOLE_DAY = /^(19|2\d)\d\d-\d\d-\d\d$/; // Who types a year is at 2, 20 and 202 before it is 2024.

const voice = document.createElement("div");
voice.className = "kern-sr-only";
voice.setAttribute("role", "status");
document.body.append(voice);
let saying = 0;

/** Says a sentence to those who listen, the last one if they come fast; the same one twice is said twice. */
function say(sentence, wait = 100) {
  clearTimeout(saying);
  voice.textContent = "";
  saying = setTimeout(() => { voice.textContent = sentence; }, wait);
}

/** Suggestions below a search box: an editable combobox with a list box, as the ARIA Authoring Practices describe. */
class Suggesting {
  items = [];
  active = -1;
  kept = new Map();
  timer = 0;
  pending = null;

  constructor(input) {
    this.input = input;
    this.words = input.dataset;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-suggestions`;
    this.list.className = "suggesting__list";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.words.list);
    this.place();
    // A search field may not be a combobox (ARIA in HTML); a text field is one that looks and works alike.
    input.type = "text";
    input.enterKeyHint = "search";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", (event) => this.typed(event));
    input.addEventListener("compositionend", (event) => this.typed(event));
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    input.form.addEventListener("submit", () => this.close());
    // The focus stays in the field, so that the list does not close under the finger.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) this.choose(this.items[[...this.list.children].indexOf(option)]);
    });
  }

  /** Puts the field and its list into a box; who is typing already does not notice. */
  place() {
    const box = document.createElement("div");
    box.className = "suggesting";
    const { selectionStart, selectionEnd } = this.input;
    const isTyping = document.activeElement === this.input;
    this.input.replaceWith(box);
    box.append(this.input, this.list);
    if (isTyping) {
      this.input.focus({ preventScroll: true });
      this.input.setSelectionRange(selectionStart, selectionEnd);
    }
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get query() {
    return this.input.value.trim().replace(/\s+/g, " ");
  }

  typed(event) {
    this.stop();
    this.activate(-1);
    if (event.isComposing) return;
    if (this.isTooShort()) this.close();
    else this.timer = setTimeout(() => this.open(), this.kept.has(this.query) ? 0 : PATIENCE);
  }

  isTooShort() {
    return (this.query.match(/[\p{L}\p{N}]/gu) ?? []).length < FEWEST;
  }

  stop() {
    clearTimeout(this.timer);
    this.pending?.abort();
  }

  /** Shows what completes the typed words, as soon as it is there and if it is still wanted. */
  async open() {
    this.stop();
    const query = this.query;
    if (this.isTooShort()) return;
    try {
      const items = this.kept.get(query) ?? (await this.ask(query));
      if (query === this.query && document.activeElement === this.input) this.show(items);
    } catch (error) {
      if (error.name === "AbortError") return;
      console.warn(error);
      this.close();
    }
  }

  async ask(query) {
    this.pending = new AbortController();
    const address = new URL(this.words.suggest, location);
    address.searchParams.set("q", query);
    const answer = await fetch(address, { signal: this.pending.signal, credentials: "omit" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    // Where filters are fixed, what is asked is the list of services itself.
    const items = (await answer.json()).items.map((item) => ({ text: item.title, kind: "service", ...item }));
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(query, items);
    return items;
  }

  show(items) {
    this.items = items;
    this.activate(-1);
    this.list.replaceChildren(...items.map((item, at) => this.option(item, at)));
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    const sentence = items.length === 1 ? this.words.one : this.words.many.replace("{n}", items.length);
    say(items.length ? sentence : "", 400);
  }

  option(item, at) {
    const option = document.createElement("li");
    option.id = `${this.input.id}-suggestion-${at}`;
    option.className = "suggesting__option";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const [text, kind] = [item.text, this.words[item.kind] ?? ""].map((words) => {
      const span = document.createElement("span");
      span.textContent = words;
      return span;
    });
    kind.className = "suggesting__kind";
    option.append(text, " ", kind);
    return option;
  }

  close() {
    this.stop();
    this.activate(-1);
    if (!this.isOpen) return;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    say("");
  }

  /** Marks an option as the one that Enter takes; -1 none. */
  activate(at) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    const option = this.list.children[at];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        this.move(event);
        break;
      case "Enter":
        if (this.isOpen && this.items[this.active]) {
          event.preventDefault();
          this.choose(this.items[this.active]);
        }
        break;
      case "Escape":
        if (this.isOpen || this.input.value) event.preventDefault();
        if (!this.isOpen) this.input.value = "";
        this.close();
        break;
      case "Home":
      case "End":
      case "ArrowLeft":
      case "ArrowRight":
        this.activate(-1); // Back to the words, in which the browser moves the cursor.
        break;
      case "Tab":
        this.close();
        break;
    }
  }

  async move(event) {
    const isDown = event.key === "ArrowDown";
    if (!this.isOpen && this.isTooShort()) return;
    event.preventDefault();
    if (!this.isOpen) await this.open();
    else if (event.altKey && !isDown) this.close();
    if (event.altKey || !this.isOpen) return;
    const last = this.items.length - 1;
    if (isDown) this.activate(this.active === last ? 0 : this.active + 1);
    else this.activate(this.active <= 0 ? last : this.active - 1);
  }

  /** Goes where a suggestion leads; a completed search keeps the filters that are chosen. */
  choose(item) {
    this.close();
    if (item.kind === "search") {
      this.input.value = item.text;
      this.input.form.requestSubmit();
    } else if (document.body.classList.contains("framed")) {
      window.open(item.url, "_blank", "noopener");
    } else {
      location.assign(item.url);
    }
  }
}

/** The catalogue's page as it is for another address, without leaving it: what is the same stays, with its focus. */
class Results {
  pending = null;
  timer = 0;
  shown = here();

  constructor(form) {
    this.form = form;
    document.documentElement.classList.add("live"); // The buttons of the filters are for pages without a script.
    form.addEventListener("formdata", (event) => this.leaveOut(event.formData));
    form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("change", (event) => this.changed(event));
    document.addEventListener("click", (event) => this.clicked(event));
    window.addEventListener("popstate", (event) => {
      if (here() !== this.shown) this.go(location.href, { push: false, y: event.state?.y });
    });
  }

  /** Leaves out what goes without saying, so that addresses are short enough to be passed on. */
  leaveOut(data) {
    for (const name of [...data.keys()]) {
      if (data.getAll(name).join("") === "") data.delete(name);
    }
    if (data.get("sort") === this.form.elements.sort?.options[0].value) data.delete("sort");
  }

  get address() {
    const address = new URL(this.form.action);
    address.search = new URLSearchParams(new FormData(this.form));
    return address;
  }

  changed({ target }) {
    if (target.form !== this.form || this.form.contains(target)) return;
    const isDay = target.type === "date";
    if (isDay && target.value && !WHOLE_DAY.test(target.value)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.go(this.address), isDay ? 400 : 0);
  }

  /** On a phone, the button below the filters closes them and leads to what they leave. */
  submitted(event) {
    const filters = event.submitter?.closest("details");
    if (!filters) return;
    event.preventDefault();
    filters.open = false;
    if (this.address.href === location.href) this.lead();
    else this.go(this.address, { lead: true });
  }

  clicked(event) {
    const link = event.target.closest(".catalogue a[href], .presets a[href], main > .notice a[href]");
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || link.target || event.defaultPrevented) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || address.pathname !== new URL(this.form.action).pathname) return;
    event.preventDefault();
    this.go(address, { lead: Boolean(link.closest(".pages, .nothing")) });
  }

  /** Shows another address; whatever goes wrong, the browser goes there itself. `lead`: to the top of the results. */
  async go(address, { push = true, lead = false, y } = {}) {
    this.pending?.abort();
    this.pending = new AbortController();
    document.querySelector(".results").ariaBusy = "true";
    try {
      const answer = await fetch(address, { signal: this.pending.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.querySelector("main .catalogue")) throw new Error("no results in the answer");
      if (push) {
        history.replaceState({ ...history.state, y: scrollY }, "");
        history.pushState({}, "", address);
      }
      this.show(page, push);
      if (lead) this.lead();
      else say(document.getElementById("results-title").textContent.trim());
      if (y !== undefined) scrollTo({ top: y, behavior: "instant" });
    } catch (error) {
      if (error.name === "AbortError") return;
      console.warn(error);
      if (push) location.assign(address);
      else location.reload();
    }
  }

  show(page, isAsked) {
    // Who is in a field, and goes on there, keeps what stands in it; going back brings back what stood in it.
    const used = isAsked ? document.activeElement : null;
    const before = document.activeElement;
    this.shown = here();
    document.title = page.title;
    for (const part of ["link[rel=canonical]", ".languages", "main"]) {
      const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
      if (old && fresh) follow(old, fresh, used, this.form);
    }
    const [words, fresh] = [this.form.elements.q, page.getElementById("q")];
    if (words !== used && fresh) words.value = fresh.getAttribute("value") ?? "";
    // What was pressed may be gone, as the last filter with its link.
    if (before !== document.body && !before.isConnected) this.lead();
  }

  /** Leads to the top of the results. */
  lead() {
    const title = document.getElementById("results-title");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    title.scrollIntoView({ block: "start" });
  }
}

function here() {
  return location.pathname + location.search;
}

/** Makes an element and all in it like a fresh one, without replacing what is there already. `kept` is left alone, and
 *  so is what somebody has opened or closed; of the search form only its looks follow. */
function follow(old, fresh, kept, form) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isOwn(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !isOwn(old, name)) old.setAttribute(name, value);
  }
  if (old === form) return;
  if (old.type === "checkbox") old.checked = fresh.hasAttribute("checked");
  else if (old.localName === "option" && fresh.hasAttribute("selected")) old.selected = true;
  else if (old.localName === "input" && old !== kept) old.value = fresh.getAttribute("value") ?? "";

  let next = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const found = isElement(child) ? nextLike(next, child) : next && !isElement(next) ? next : null;
    if (!found) {
      old.insertBefore(document.adoptNode(child), next);
      continue;
    }
    while (next !== found) next = dropped(next);
    if (isElement(found)) follow(found, child, kept, form);
    else if (found.data !== child.data) found.data = child.data;
    next = found.nextSibling;
  }
  while (next) next = dropped(next);
}

/** Tells whether an attribute is the reader's, or a script's. */
function isOwn(element, name) {
  return (name === "open" && element.localName === "details") || (name === "tabindex" && element.id === "results-title");
}

function isElement(node) {
  return node.nodeType === Node.ELEMENT_NODE;
}

/** Returns the first of a node and those after it that is another state of the same thing. */
function nextLike(node, element) {
  let one = node;
  while (one && !(isElement(one) && keyOf(one) === keyOf(element))) one = one.nextSibling;
  return one;
}

/** Returns what tells an element from others beside it, whatever state it is in. */
function keyOf(element) {
  const control = element.control ?? element; // A label is known by its control.
  const name = control.type === "checkbox" ? `${control.name}=${control.value}` : control.id;
  return `${element.nodeName} ${name} ${element.control ? "" : (element.classList[0] ?? "")}`;
}

function dropped(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

const input = document.querySelector("input[data-suggest]");
if (input?.form) new Suggesting(input);
if (input?.form && document.querySelector(".catalogue")) new Results(input.form);
