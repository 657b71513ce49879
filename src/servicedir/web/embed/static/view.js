// What the element shows: the search box, filters, results and the links to their pages.

const HIGH = { cards: 9, list: 2.75, table: 3.5 }; // Roughly the height of a result, in rem.
const MOST_RESERVED = 5; // Results for which room is kept before there are any.

class View {
  constructor(element) {
    this.element = element;
    this.words = element.words;
    this.boxes = new Map(); // Facet and value -> its box and its number.
    this.saying = 0;
    this.voice = make("div", { class: "hidden", role: "status" });
    this.message = make("div", { class: "message", part: "message", role: "alert" });
    this.results = make("div", { class: "results", part: "results", "aria-busy": "true" });
    const rows = Math.min(Number(element.getAttribute("per-page")) || 20, MOST_RESERVED);
    this.results.style.setProperty("--reserved", `${4 + rows * HIGH[element.layout]}rem`);
    this.slot = make("slot", { hidden: "" });
    this.search = element.isFixed ? [] : [this.form(), this.filters()];
    const body = [...this.search];
    body.push(this.message, this.results, this.slot, this.voice);
    this.parts = [make("div", { class: "body", part: "body", lang: element.language }, body)];
  }

  form() {
    const { words, element } = this;
    this.input = make("input", {
      id: "q", type: "text", enterkeyhint: "search", maxlength: 200, autocomplete: "off", part: "input",
      role: "combobox", "aria-autocomplete": "list", "aria-controls": "list", "aria-expanded": "false",
    });
    this.input.value = element.q;
    const list = make("ul", { id: "list", role: "listbox", "aria-label": words.list, part: "suggestions", hidden: "" });
    const send = (event) => {
      event.preventDefault();
      this.combobox.close();
      element.search({ q: this.input.value.trim() });
    };
    this.combobox = new Combobox(this.input, list, element);
    return make(
      "form",
      { role: "search", part: "search", submit: send },
      make("label", { for: "q", part: "label" }, words.ask),
      make("div", { class: "row" },
        make("div", { class: "combobox" }, this.input, list),
        make("button", { type: "submit", part: "button" }, words.send)),
    );
  }

  filters() {
    this.chosen = make("span");
    this.groups = make("div", { class: "groups" });
    return (this.fold = make(
      "details",
      { part: "filters", hidden: "" },
      make("summary", { part: "filters-title" }, this.words.filters, " ", this.chosen),
      this.groups,
    ));
  }

  /** Shows the numbers of each filter; boxes that are there already stay, with their focus. */
  number(facets) {
    const given = new Set(this.element.given.map(([name]) => name));
    const open = Object.entries(facets).filter(([name, values]) => !given.has(name) && values.length > 1);
    for (const { count } of this.boxes.values()) count.textContent = 0;
    for (const [name, values] of open) {
      for (const { value, label, count, selected } of values) {
        const key = `${name}=${value}`;
        if (!this.boxes.has(key)) this.boxes.set(key, this.box(name, value, label));
        const box = this.boxes.get(key);
        box.count.textContent = count;
        box.input.checked = selected;
      }
    }
    const { length } = this.element.chosen;
    this.chosen.textContent = length ? `(${length})` : "";
    this.fold.hidden = !open.length;
  }

  box(name, value, label) {
    let group = this.groups.querySelector(`[data-facet=${name}]`);
    if (!group) {
      group = make("fieldset", { part: "filter", "data-facet": name }, make("legend", {}, this.words[`facet_${name}`]));
      this.groups.append(group);
    }
    const input = make("input", { type: "checkbox", change: () => this.choose(name, value, input.checked) });
    const count = make("small");
    group.append(make("label", {}, input, make("span", {}, label), " ", count));
    return { input, count };
  }

  choose(name, value, isChosen) {
    const others = this.element.chosen.filter((pair) => pair[0] !== name || pair[1] !== value);
    this.element.search({ chosen: isChosen ? [...others, [name, value]] : others });
  }

  wait() {
    this.results.setAttribute("aria-busy", "true");
  }

  /** Says why there are no results; a site that may not show them shows no search box either, only where to ask. */
  fail(sentence, reason) {
    const { words, element } = this;
    const isRefused = reason === "refused";
    if (isRefused) for (const part of this.search) part.hidden = true;
    this.results.setAttribute("aria-busy", "false");
    this.results.hidden = true;
    const retry = () => {
      this.lead(this.message);
      element.load({ say: true });
    };
    const builder = new URL(`embed/builder?lang=${element.language}`, element.base).href;
    this.message.replaceChildren(
      make("p", {}, sentence),
      reason === "down" ? make("button", { type: "button", part: "button", click: retry }, words.again) : "",
      isRefused ? make("p", {}, make("a", { href: builder }, words.how)) : "",
    );
    this.slot.hidden = false;
  }

  show(found) {
    const { element, words } = this;
    if (!element.isFixed) this.number(found.facets);
    this.labels = {};
    for (const name of ["video", "channel", "nature"]) {
      this.labels[name] = Object.fromEntries(found.facets[name].map(({ value, label }) => [value, label]));
    }
    this.message.replaceChildren();
    this.slot.hidden = true;
    const usedSort = this.root?.activeElement === this.sort;
    this.title = make("h2", { part: "count", tabindex: -1 }, this.counted(found.total));
    this.sort = found.total > 1 && !element.isFixed ? this.sorting() : null;
    this.results.replaceChildren(
      ...[
        make("div", { class: "row" }, this.title, this.sort && make("label", { part: "sort" }, words.sort, " ", this.sort)),
        this.limits(found.facets),
        this.day(),
        this.target === "_blank" && found.total > 0 && make("p", { class: "small", part: "window" }, words.window),
        found.suggestion && this.meant(found.suggestion),
        found.items.length ? this[element.layout](found.items) : found.total ? "" : this.nothing(),
        this.pages(found),
        (found.total > 0 || !element.given.length) && make("p", { part: "more" },
          make("a", { href: element.address("").href, target: this.target }, words.more)),
      ].filter(Boolean),
    );
    this.results.hidden = false;
    this.results.setAttribute("aria-busy", "false");
    if (usedSort) this.sort?.focus();
  }

  get root() {
    return this.results.getRootNode();
  }

  get target() {
    return this.element.getAttribute("target");
  }

  counted(total) {
    return total === 1 ? this.words.one : this.words.many.replace("{n}", total.toLocaleString(this.element.language));
  }

  sorting() {
    const choose = ({ target }) => this.element.search({ sort: target.value });
    const now = this.element.sort || SORTS[0];
    const options = SORTS.map((sort) =>
      make("option", { value: sort, selected: sort === now && "" }, this.words[`sort_${sort}`]));
    return make("select", { change: choose }, options);
  }

  day() {
    const on = this.element.getAttribute("on");
    return on && make("p", { class: "small", part: "day" }, this.words.on.replace("{day}", this.date(on, "day")));
  }

  /** Returns what the list is limited to by its attributes. */
  limits(facets) {
    const label = ([name, value]) => facets[name]?.find((one) => one.value === value)?.label ?? value;
    const filters = this.element.given.map(label).join(", ");
    return filters && make("p", { class: "small", part: "limits" }, filled(this.words.shown, { filters }));
  }

  date(iso, precision) {
    const day = new Date(`${iso}T12:00:00`);
    const shape = { year: "numeric" };
    if (precision !== "year") shape.month = "long";
    if (precision === "day") shape.day = "numeric";
    return Number.isNaN(day.getTime()) ? iso : day.toLocaleDateString(this.element.language, shape);
  }

  meant(words) {
    const take = () => {
      this.input.value = words;
      this.element.search({ q: words }, true);
    };
    const [before, after] = this.words.meant.split("{q}");
    const button = make("button", { type: "button", class: "link", click: take }, words);
    return make("p", { part: "suggestion-words" }, before, this.element.isFixed ? words : button, after);
  }

  nothing() {
    const { words, element } = this;
    const all = () => element.search({ chosen: [] }, true);
    const whole = element.address("");
    for (const name of FACETS) whole.searchParams.delete(name);
    return make(
      "div",
      { part: "nothing" },
      make("p", {}, element.given.length ? words.nothing_here : words.nothing),
      element.chosen.length > 0 && make("button", { type: "button", part: "button", click: all }, words.all),
      element.given.length > 0 && make("a", { href: whole.href, target: this.target }, words.everywhere),
    );
  }

  link(item) {
    const { target } = this;
    const attributes = { href: item.url, part: "title", "data-open": item.slug, target };
    if (target === "_blank") attributes.rel = "noopener";
    return make("a", attributes, item.title);
  }

  video({ video }) {
    const { stage } = video;
    const when = stage === "unknown" ? "" : this.span(video);
    return [make("span", { part: `stage stage-${stage}`, class: "stage" }, this.labels.video[stage] ?? stage), " ", when];
  }

  /** Returns when a stage holds, in the words of the directory's own pages. */
  span({ stage, precision = {}, ...dates }) {
    const said = ["since", "until", "attested"].filter((name) => dates[name]);
    const days = Object.fromEntries(said.map((name) => [name, this.date(dates[name], precision[name] ?? "day")]));
    if (days.since && days.until) return filled(this.words.since_until, days);
    if (days.since) return filled(stage === "planned" ? this.words.as_of : this.words.since, days);
    return said.length ? filled(this.words[said.join("_")], days) : "";
  }

  ways(item) {
    const open = item.channels.filter(({ channel, stage }) => channel !== "video" && ["live", "pilot"].includes(stage));
    return open.map(({ channel }) => `, ${this.labels.channel[channel] ?? channel}`).join("");
  }

  cards(items) {
    return make("ol", { part: "list", class: "cards" }, items.map((item) =>
      make("li", { part: "item" },
        make("p", { class: "small", part: "office" }, `${item.office.name} · ${this.labels.nature[item.nature] ?? ""}`),
        this.link(item),
        make("p", { part: "summary" }, item.highlight ? marked(item.highlight) : item.summary),
        make("p", { part: "channels" }, "Video: ", this.video(item), this.ways(item)))));
  }

  list(items) {
    return make("ul", { part: "list" }, items.map((item) =>
      make("li", { part: "item" }, this.link(item), " ", make("span", { class: "small", part: "office" }, item.office.name))));
  }

  table(items) {
    const { service, office } = this.words;
    const head = [service, office, "Video"].map((words) => make("th", { scope: "col", role: "columnheader" }, words));
    const rows = items.map((item) =>
      make("tr", { part: "item", role: "row" },
        make("th", { scope: "row", role: "rowheader" }, this.link(item)),
        make("td", { part: "office", role: "cell" }, item.office.name),
        make("td", { role: "cell" }, this.video(item))));
    // With its roles said, it is a table also where it is narrow and looks like a list.
    const group = { role: "rowgroup" };
    return make("table", { part: "list", role: "table" },
      make("thead", group, make("tr", { role: "row" }, head)), make("tbody", group, rows));
  }

  pages({ total, page, per_page: perPage }) {
    const last = Math.ceil(total / perPage);
    if (last < 2) return null;
    const { words } = this;
    const go = (to, said, more = {}) =>
      make("li", {}, make("button", { type: "button", part: "page", ...more, click: () => this.turn(to) }, said));
    const items = page > 1 ? [go(page - 1, words.before, { "aria-label": words.page_before })] : [];
    let shown = 0;
    for (const number of [...new Set([1, page - 1, page, page + 1, last])].filter((n) => n >= 1 && n <= last)) {
      if (number > shown + 1) items.push(make("li", { "aria-hidden": "true" }, "…"));
      shown = number;
      const current = number === page ? { "aria-current": "page" } : {};
      items.push(go(number, number, { "aria-label": `${words.page} ${number}`, ...current }));
    }
    if (page < last) items.push(go(page + 1, words.next, { "aria-label": words.page_next }));
    return make("nav", { "aria-label": words.pages, part: "pages" }, make("ul", {}, items));
  }

  turn(page) {
    this.element.search({ page }, true);
  }

  /** Leads to the top of the results, or to something else. */
  lead(to = this.title) {
    to.tabIndex = -1;
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: "nearest" });
  }

  /** Says a sentence to those who listen; the same one twice is said twice. */
  say(sentence) {
    clearTimeout(this.saying);
    this.voice.textContent = "";
    this.saying = setTimeout(() => { this.voice.textContent = sentence; }, 100);
  }
}
