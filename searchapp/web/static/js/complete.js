// Completion in the search box: a combobox over /api/v1/suggest (WAI-ARIA, editable combobox with list autocomplete).
// Completes the last word of the query; arrow keys choose, Enter takes, Esc closes. Nothing is asked while an input
// method composes.

const WAIT_MS = 120;

/** Where the word that is being typed begins: after white space, a bracket, a quotation mark or a colon. */
export function wordStart(text) {
  const match = /[^\s"“”＂()（）|｜:：]*$/u.exec(text);
  return match ? match.index : text.length;
}

export class Completion {
  constructor(input) {
    this.input = input;
    this.chosen = -1;
    this.asked = 0;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-suggestions`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestionsLabel ?? "");
    this.list.hidden = true;
    input.after(this.list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", (event) => {
      if (!event.isComposing) this.later();
    });
    input.addEventListener("compositionend", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      const option = event.target instanceof Element && event.target.closest("[role=option]");
      if (option) {
        event.preventDefault();
        this.take(option);
      }
    });
  }

  get options() {
    return [...this.list.children];
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const typed = this.input.value.slice(0, this.input.selectionStart ?? undefined);
    const word = typed.slice(wordStart(typed));
    const number = ++this.asked;
    if (!word) return this.close();
    try {
      const url = `${this.input.dataset.suggest}?${new URLSearchParams({ q: word, limit: "8" })}`;
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (!response.ok || number !== this.asked) return;
      this.show((await response.json()).suggestions.filter((found) => found.text !== word));
    } catch {
      this.close();
    }
  }

  show(found) {
    this.list.replaceChildren(
      ...found.map((suggestion, at) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${at}`;
        option.setAttribute("role", "option");
        option.dataset.text = suggestion.text;
        const text = document.createElement("span");
        text.textContent = suggestion.text;
        const count = document.createElement("span");
        count.className = "count";
        count.textContent = String(suggestion.blocks);
        option.append(text, count);
        return option;
      }),
    );
    this.choose(-1);
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  close() {
    clearTimeout(this.timer);
    this.asked++;
    this.show([]);
  }

  choose(at) {
    this.chosen = at;
    this.options.forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    const option = this.options[at];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  key(event) {
    if (event.isComposing || this.list.hidden) return;
    const count = this.options.length;
    if (event.key === "ArrowDown") this.choose((this.chosen + 1) % count);
    else if (event.key === "ArrowUp") this.choose(this.chosen <= 0 ? count - 1 : this.chosen - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.chosen >= 0) this.take(this.options[this.chosen]);
    else return;
    event.preventDefault();
  }

  take(option) {
    const caret = this.input.selectionStart ?? this.input.value.length;
    const typed = this.input.value.slice(0, caret);
    const kept = typed.slice(0, wordStart(typed));
    this.input.value = kept + option.dataset.text + this.input.value.slice(caret);
    const end = kept.length + option.dataset.text.length;
    this.input.setSelectionRange(end, end);
    this.close();
    this.input.focus();
  }
}

document.querySelectorAll("input[data-suggest]").forEach((input) => new Completion(input));
