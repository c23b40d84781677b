// Taking passages along: copy with its source, and the excerpt basket, which stays in this browser.
// Every [data-paragraph] element gets the buttons of <template id="passage-actions">. The passage and its source are
// asked for when a button is pressed, of the address in the template's data-cite.

const KEY = "searchapp-excerpts";

export function readBasket() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

export function writeBasket(entries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    return false;
  }
  showCount(entries.length);
  return true;
}

function showCount(count) {
  document.querySelectorAll("[data-basket-count]").forEach((element) => {
    element.textContent = count ? String(count) : "";
  });
}

const same = (one, other) =>
  one.paragraph_id === other.paragraph_id && one.start === other.start && one.end === other.end;

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

function keep(passage) {
  const kept = readBasket();
  return kept.some((entry) => same(entry, passage)) || writeBasket([...kept, passage]);
}

function install() {
  showCount(readBasket().length);
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
