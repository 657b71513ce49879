// The element itself: what it is told by its attributes, what it asks for, and what it says to its page.

/** A search of the directory within another page: <service-directory office="jugendamt"><a href="…">…</a></service-directory> */
class ServiceDirectory extends HTMLElement {
  static observedAttributes = [...SINGLE, ...FACETS, "lang", "per-page", "layout", "search", "src", "target"];

  pending = null;
  starting = false;
  kept = new Map(); // What was typed -> what completes it.

  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [sheet];
    this.root.addEventListener("click", (event) => this.opened(event));
    this.root.addEventListener("auxclick", (event) => event.button === 1 && this.opened(event));
  }

  connectedCallback() {
    this.start();
  }

  disconnectedCallback() {
    this.pending?.abort();
    this.pending = null;
  }

  attributeChangedCallback(name, before, after) {
    // Before it has begun, it is told of the attributes that it has.
    if (!this.view || !this.isConnected || before === after || this.starting) return;
    this.starting = true;
    queueMicrotask(() => {
      this.starting = false;
      if (this.isConnected) this.start();
    });
  }

  /** Begins anew, as the attributes say now. */
  start() {
    const said = (this.closest("[lang]")?.lang ?? "").slice(0, 2).toLowerCase();
    this.language = said in TEXTS ? said : Object.keys(TEXTS)[0];
    this.words = TEXTS[this.language];
    this.base = new URL(this.getAttribute("src") || "./", HOME);
    this.layout = LAYOUTS.includes(this.getAttribute("layout")) ? this.getAttribute("layout") : LAYOUTS[0];
    this.isFixed = this.getAttribute("search") === "off";
    this.given = FACETS.flatMap((name) => this.values(name).map((value) => [name, value]));
    this.chosen = [];
    this.q = this.getAttribute("q") ?? "";
    this.sort = this.getAttribute("sort") ?? "";
    this.page = 1;
    this.view = new View(this);
    this.root.replaceChildren(...this.view.parts);
    this.load();
  }

  /** Returns the values of an attribute that holds several. */
  values(name) {
    return (this.getAttribute(name) ?? "").split(/[\s,]+/).filter(Boolean);
  }

  /** Returns the address of this search on a page of the directory. */
  address(path, more = {}) {
    const address = new URL(path, this.base);
    const pairs = { q: this.q, on: this.getAttribute("on"), sort: this.sort, lang: this.language, ...more };
    for (const [name, value] of [...this.given, ...this.chosen, ...Object.entries(pairs)]) {
      if (value) address.searchParams.append(name, value);
    }
    return address;
  }

  /** Searches with changes: for other words and filters from the first page on. `lead`: to the top of the results. */
  search(changes, lead = false) {
    Object.assign(this, { page: 1, ...changes });
    this.load({ lead, say: true });
  }

  /** Asks for results and shows them, unless somebody asked for others meanwhile. */
  async load({ lead = false, say = false } = {}) {
    this.pending?.abort();
    const mine = (this.pending = new AbortController());
    const patience = setTimeout(() => mine.abort(), WAIT);
    this.view.wait();
    try {
      const address = this.address("api/v1/services", {
        page: this.page > 1 ? this.page : "",
        per_page: this.getAttribute("per-page"),
      });
      const asked = fetch(address, { signal: mine.signal, credentials: "omit" });
      const [may, answer] = await Promise.all([mayShow(this.base), asked]);
      if (mine !== this.pending) return;
      const body = may ? await answer.json() : {};
      if (mine !== this.pending) return;
      if (!may) this.fail("refused", this.words.refused);
      else if (answer.status === 400) this.fail("invalid", body.detail);
      else if (!answer.ok) throw new Error(`status ${answer.status}`);
      else this.show(body, { lead, say });
    } catch (error) {
      if (mine === this.pending) this.fail("down", this.words.down);
    } finally {
      clearTimeout(patience);
    }
  }

  show(found, { lead, say }) {
    this.view.show(found);
    if (lead) this.view.lead();
    else if (say) this.view.say(this.view.counted(found.total));
    const { total, page, per_page: perPage, items } = found;
    this.tell("results", { total, page, perPage, items, address: this.address("").href });
  }

  /** Says why there are no results; the link in the element is there again. */
  fail(reason, message) {
    this.view.fail(message, reason);
    this.tell("error", { reason, message });
  }

  /** Has the page know of something; returns whether it wants it to go on. */
  tell(name, detail, cancelable = false) {
    return this.dispatchEvent(
      new CustomEvent(`servicedirectory:${name}`, { detail, cancelable, bubbles: true, composed: true }),
    );
  }

  /** Somebody opens an entry. */
  opened(event) {
    const link = event.target.closest?.("a[data-open]");
    if (!link) return;
    if (this.open(link.href, link.textContent, link.dataset.open)) count(this.base);
    else event.preventDefault();
  }

  open(url, title, slug) {
    return this.tell("open", { url, title, slug }, true);
  }

  /** Goes where a suggestion leads. */
  follow(item) {
    if (!this.open(item.url, item.text, item.slug ?? "")) return;
    count(this.base);
    if (this.getAttribute("target") === "_blank") window.open(item.url, "_blank", "noopener");
    else location.assign(item.url);
  }

  /** Returns what completes typed words: where filters are fixed, what a search for them would find. */
  async suggest(typed, signal) {
    const address = new URL(this.given.length ? "api/v1/services" : "api/v1/suggest", this.base);
    address.search = new URLSearchParams([["q", typed], ["lang", this.language], ...this.given]);
    if (this.given.length) {
      for (const [name, value] of [["on", this.getAttribute("on")], ["fields", "title,url,slug"], ["per_page", MOST_SUGGESTED]]) {
        if (value) address.searchParams.set(name, value);
      }
    }
    if (!this.kept.has(address.href)) {
      const answer = await fetch(address, { signal, credentials: "omit" });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const { items } = await answer.json();
      const suggestions = items.map((item) => ({ text: item.title, kind: "service", ...item }));
      this.kept.set(address.href, suggestions);
    }
    return this.kept.get(address.href);
  }
}

if (!customElements.get("service-directory")) customElements.define("service-directory", ServiceDirectory);
