// Taking passages along: copy with its source, and the excerpt basket, which stays in this browser.
// Every [data-paragraph] element gets the buttons of <template id="passage-actions">. The passage and its source are
// asked for when a button is pressed, of the address in the template's data-cite.

const KEY = "searchapp-excerpts";
const SPOILT = `${KEY}-spoilt`; // what could not be read of the basket, as it was

const isText = (value) => typeof value === "string";
const isPlace = (value) => Number.isInteger(value) && value >= 0;
const idOf = ({ paragraph_id, start, end }) => `${paragraph_id} ${start} ${end}`;

// One entry as every page may rely on it; null for what is none.
function entryOf(value) {
  if (!value || !isText(value.paragraph_id) || !isPlace(value.start) || !isPlace(value.end)) return null;
  const [text, citation, url, note] = ["text", "citation", "url", "note"].map((name) =>
    isText(value[name]) ? value[name] : "",
  );
  // An address of this site: what stands in the store is not to run when it is clicked.
  const safe = /^(https?:\/\/|\/(?!\/))/.test(url) ? url : `/p/${encodeURIComponent(value.paragraph_id)}`;
  return { id: idOf(value), paragraph_id: value.paragraph_id, start: value.start, end: value.end, text, citation, url: safe, note };
}

// Whole entries out of text that breaks off or is spoilt in places: entries hold no braces but inside of strings.
function rescued(stored) {
  return (stored.match(/\{(?:"(?:[^"\\]|\\.)*"|[^{}"])*\}/g) ?? []).flatMap((part) => {
    try {
      return [JSON.parse(part)];
    } catch {
      return [];
    }
  });
}

// The entries in a stored text, each once, and whether nothing in it was lost.
function entriesIn(stored) {
  let values;
  let isWhole = true;
  try {
    values = JSON.parse(stored);
    isWhole = Array.isArray(values) && values.every(entryOf);
  } catch {
    values = rescued(stored);
    isWhole = false;
  }
  const entries = new Map();
  for (const value of Array.isArray(values) ? values : [values, ...Object.values(Object(values))]) {
    const entry = entryOf(value);
    if (entry && !entries.has(entry.id)) entries.set(entry.id, entry);
  }
  return { entries: [...entries.values()], isWhole };
}

export function readBasket() {
  try {
    return entriesIn(localStorage.getItem(KEY) ?? "[]").entries;
  } catch {
    return []; // the store is not allowed
  }
}

// Makes of the entries that are stored at this moment, by whichever tab, what `change` makes of them. Nothing else runs
// in between. False when they cannot be stored; then they are as they were.
export function changeBasket(change) {
  try {
    const stored = localStorage.getItem(KEY) ?? "[]";
    const { entries, isWhole } = entriesIn(stored);
    const changed = change(entries);
    localStorage.setItem(KEY, JSON.stringify(changed));
    if (!isWhole) keepSpoilt(stored);
    showCount(changed.length);
    return true;
  } catch {
    return false;
  }
}

function keepSpoilt(stored) {
  try {
    localStorage.setItem(SPOILT, stored);
  } catch {
    // No room for it: what could be read is stored.
  }
}

// Calls `show` when another tab has changed the basket (key null: cleared all), or when this page is shown again.
export function onBasketChanged(show) {
  window.addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) show();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) show();
  });
}

function showCount(count) {
  document.querySelectorAll("[data-basket-count]").forEach((element) => {
    element.textContent = count ? String(count) : "";
  });
}

async function passageOf(element, address) {
  const asked = new URLSearchParams({ paragraph: element.dataset.paragraph });
  if (element.dataset.start) asked.set("start", element.dataset.start);
  if (element.dataset.end) asked.set("end", element.dataset.end);
  const response = await fetch(`${address}?${asked}`, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  const found = await response.json();
  const [start, end] = found.span;
  return {
    paragraph_id: found.paragraph_id,
    start,
    end,
    text: found.text,
    citation: found.citation.official,
    url: found.url,
    note: "",
  };
}

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Offices serve this page without TLS, where a page is not given the clipboard.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function say(button, label) {
  button.dataset.label ??= button.textContent;
  button.textContent = label;
  clearTimeout(Number(button.dataset.timer));
  button.dataset.timer = String(
    setTimeout(() => {
      button.textContent = button.dataset.label;
    }, 2000),
  );
}

const keep = (passage) =>
  changeBasket((kept) => {
    const entry = entryOf(passage);
    return kept.some(({ id }) => id === entry.id) ? kept : [...kept, entry];
  });

function install() {
  const show = () => showCount(readBasket().length);
  show();
  onBasketChanged(show);
  const template = document.getElementById("passage-actions");
  if (!(template instanceof HTMLTemplateElement)) return;
  const act = (element, button, work) =>
    button.addEventListener("click", async () => {
      try {
        const passage = await passageOf(element, template.dataset.cite);
        const done = (await work(passage)) !== false;
        say(button, done ? button.dataset.done : button.dataset.failed);
      } catch {
        say(button, button.dataset.failed);
      }
    });
  document.querySelectorAll("[data-paragraph]").forEach((element) => {
    const actions = template.content.cloneNode(true);
    act(element, actions.querySelector("[data-copy]"), (passage) => copy(`${passage.text}${passage.citation}`));
    act(element, actions.querySelector("[data-keep]"), keep);
    element.append(actions);
  });
}

install();
