// Taking passages along: copy with its source, and the excerpt basket, which stays in this browser.
// Every [data-passage] element gets the buttons of <template id="passage-actions">; data-passage is JSON:
// {"paragraph_id", "start", "end", "text", "citation", "url"}.

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

async function copy(passage) {
  const text = `${passage.text}${passage.citation}`;
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Offices serve this page without TLS, where the clipboard of the page is not given.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function say(button, label) {
  const before = button.textContent;
  button.textContent = label;
  setTimeout(() => {
    button.textContent = before;
  }, 1500);
}

function install() {
  showCount(readBasket().length);
  const template = document.getElementById("passage-actions");
  if (!(template instanceof HTMLTemplateElement)) return;
  document.querySelectorAll("[data-passage]").forEach((element) => {
    const passage = JSON.parse(element.dataset.passage);
    const actions = template.content.cloneNode(true);
    const [copying, keeping] = [actions.querySelector("[data-copy]"), actions.querySelector("[data-keep]")];
    copying.addEventListener("click", async () => {
      await copy(passage);
      say(copying, copying.dataset.done);
    });
    keeping.addEventListener("click", () => {
      const kept = readBasket();
      const known = kept.some((entry) => same(entry, passage));
      const stored = known || writeBasket([...kept, { ...passage, note: "" }]);
      say(keeping, stored ? keeping.dataset.done : keeping.dataset.failed);
    });
    element.append(actions);
  });
}

install();
