// Suggestions below the element's search box: an editable combobox, as the ARIA Authoring Practices describe.

class Combobox {
  items = [];
  active = -1;
  timer = 0;
  pending = null;

  constructor(input, list, element) {
    Object.assign(this, { input, list, element });
    input.addEventListener("input", (event) => this.typed(event));
    input.addEventListener("compositionend", (event) => this.typed(event));
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // So that the focus stays in the field.
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.items[[...list.children].indexOf(option)]);
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get query() {
    return this.input.value.trim().replace(/\s+/g, " ");
  }

  get isTooShort() {
    return (this.query.match(/[\p{L}\p{N}]/gu) ?? []).length < FEWEST;
  }

  typed(event) {
    this.stop();
    this.activate(-1);
    if (event.isComposing) return;
    if (this.isTooShort) this.close();
    else this.timer = setTimeout(() => this.open(), PATIENCE);
  }

  stop() {
    clearTimeout(this.timer);
    this.pending?.abort();
  }

  async open() {
    this.stop();
    const query = this.query;
    if (this.isTooShort) return;
    this.pending = new AbortController();
    try {
      const items = await this.element.suggest(query, this.pending.signal);
      if (query === this.query && this.input.getRootNode().activeElement === this.input) this.show(items);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // Without suggestions the search works all the same.
    }
  }

  show(items) {
    const { words, view } = this.element;
    this.items = items;
    this.activate(-1);
    this.list.replaceChildren(
      ...items.map((item, at) =>
        make(
          "li",
          { id: `s${at}`, role: "option", "aria-selected": "false", part: "suggestion" },
          make("span", {}, item.text),
          " ",
          make("span", { class: "small", part: "suggestion-kind" }, words[item.kind] ?? ""),
        ),
      ),
    );
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    view.say(!items.length ? "" : items.length === 1 ? words.suggested : words.suggestions.replace("{n}", items.length));
  }

  close() {
    this.stop();
    this.activate(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }

  /** Marks an option as the one that Enter takes; -1 none. */
  activate(at) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    const option = this.list.children[at];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return this.input.setAttribute("aria-activedescendant", option.id);
  }

  pressed(event) {
    const { key } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (key === "ArrowDown" || key === "ArrowUp") this.move(event);
    else if (key === "Enter" && this.isOpen && this.items[this.active]) {
      event.preventDefault();
      this.choose(this.items[this.active]);
    } else if (key === "Escape") {
      if (this.isOpen || this.input.value) event.preventDefault();
      if (!this.isOpen) this.input.value = "";
      this.close();
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(key)) this.activate(-1);
    else if (key === "Tab") this.close();
  }

  async move(event) {
    const isDown = event.key === "ArrowDown";
    if (!this.isOpen && this.isTooShort) return;
    event.preventDefault();
    if (!this.isOpen) await this.open();
    else if (event.altKey && !isDown) this.close();
    if (event.altKey || !this.isOpen) return;
    const last = this.items.length - 1;
    if (isDown) this.activate(this.active === last ? 0 : this.active + 1);
    else this.activate(this.active <= 0 ? last : this.active - 1);
  }

  choose(item) {
    this.close();
    if (item.kind !== "search") return this.element.follow(item);
    this.input.value = item.text;
    return this.input.form.requestSubmit();
  }
}
