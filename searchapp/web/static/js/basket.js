// The page of the excerpt basket: the passages kept in this browser, in an order of one's own, with notes, as a document.

import { changeBasket, onBasketChanged, readBasket } from "./passages.js";

const list = document.getElementById("basket");
const empty = document.getElementById("basket-empty");
const told = document.getElementById("basket-told");
const row = document.getElementById("basket-row");

// Another tab may have changed the basket: entries are named by their ids, never by their places in the list.
function change(made) {
  told.textContent = changeBasket(made) ? "" : list.dataset.unstored;
  render();
}

const itemOf = (id) => [...list.children].find((item) => item.dataset.id === id);

function move(id, by) {
  change((entries) => {
    const at = entries.findIndex((entry) => entry.id === id);
    const to = at + by;
    if (at < 0 || to < 0 || to >= entries.length) return entries;
    entries.splice(to, 0, ...entries.splice(at, 1));
    return entries;
  });
  itemOf(id)?.querySelector(by > 0 ? "[data-down]" : "[data-up]").focus();
}

function remove(id) {
  const at = [...list.children].findIndex((item) => item.dataset.id === id);
  change((entries) => entries.filter((entry) => entry.id !== id));
  (list.children[Math.min(at, list.children.length - 1)]?.querySelector("[data-remove]") ?? list).focus();
}

function itemFor(entry, at) {
  const item = row.content.cloneNode(true).firstElementChild;
  const { id } = entry;
  item.dataset.id = id;
  item.querySelector("[data-text]").textContent = entry.text;
  const link = item.querySelector("[data-link]");
  link.textContent = entry.citation;
  link.href = entry.url;
  const note = item.querySelector("textarea");
  note.value = entry.note;
  note.id = `note-${at}`;
  item.querySelector("label").htmlFor = note.id;
  note.addEventListener("input", () => {
    const noted = changeBasket((entries) =>
      entries.map((each) => (each.id === id ? { ...each, note: note.value } : each)),
    );
    told.textContent = noted ? "" : list.dataset.unstored;
  });
  item.querySelector("[data-up]").addEventListener("click", () => move(id, -1));
  item.querySelector("[data-down]").addEventListener("click", () => move(id, 1));
  item.querySelector("[data-remove]").addEventListener("click", () => remove(id));
  return item;
}

function render() {
  const entries = readBasket();
  // Whoever writes a note while another tab changes the basket goes on writing.
  const writing = document.activeElement?.matches("textarea") ? document.activeElement : null;
  const id = writing?.closest("[data-id]")?.dataset.id;
  list.replaceChildren(...entries.map(itemFor));
  const same = id && itemOf(id)?.querySelector("textarea");
  if (same) {
    const { selectionStart, selectionEnd } = writing;
    same.focus();
    same.setSelectionRange(selectionStart, selectionEnd);
  }
  empty.hidden = entries.length > 0;
  document.querySelectorAll("[data-export]").forEach((button) => {
    button.disabled = !entries.length;
  });
}

async function take(button) {
  const excerpts = readBasket().map(({ paragraph_id, start, end, note }) => ({ paragraph_id, start, end, note }));
  told.textContent = "";
  try {
    const response = await fetch(`${list.dataset.address}?format=${button.dataset.export}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ excerpts }),
    });
    if (!response.ok) {
      told.textContent = (await response.json().catch(() => ({}))).detail ?? list.dataset.failed;
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = `${list.dataset.name}.${button.dataset.export}`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch {
    told.textContent = list.dataset.failed;
  }
}

document.querySelectorAll("[data-export]").forEach((button) => button.addEventListener("click", () => take(button)));
document.getElementById("basket-clear")?.addEventListener("click", () => {
  change(() => []);
});
onBasketChanged(render);
render();
