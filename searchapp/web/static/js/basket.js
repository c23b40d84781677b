// The page of the excerpt basket: the passages kept in this browser, in an order of one's own, with notes, as a document.

import { readBasket, writeBasket } from "./passages.js";

const list = document.getElementById("basket");
const empty = document.getElementById("basket-empty");
const told = document.getElementById("basket-told");
const row = document.getElementById("basket-row");

function render() {
  const entries = readBasket();
  list.replaceChildren(
    ...entries.map((entry, at) => {
      const item = row.content.cloneNode(true).firstElementChild;
      item.querySelector("[data-text]").textContent = entry.text;
      const link = item.querySelector("[data-link]");
      link.textContent = entry.citation;
      link.href = entry.url;
      const note = item.querySelector("textarea");
      note.value = entry.note ?? "";
      note.id = `note-${at}`;
      item.querySelector("label").htmlFor = note.id;
      note.addEventListener("change", () => {
        const kept = readBasket();
        kept[at] = { ...kept[at], note: note.value };
        writeBasket(kept);
      });
      const move = (to) => {
        const kept = readBasket();
        if (to < 0 || to >= kept.length) return;
        kept.splice(to, 0, ...kept.splice(at, 1));
        writeBasket(kept);
        render();
        list.children[to]?.querySelector(to > at ? "[data-down]" : "[data-up]")?.focus();
      };
      item.querySelector("[data-up]").addEventListener("click", () => move(at - 1));
      item.querySelector("[data-down]").addEventListener("click", () => move(at + 1));
      item.querySelector("[data-remove]").addEventListener("click", () => {
        writeBasket(readBasket().filter((_, other) => other !== at));
        render();
        (list.children[Math.min(at, list.children.length - 1)]?.querySelector("[data-remove]") ?? list).focus();
      });
      return item;
    }),
  );
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
  writeBasket([]);
  render();
});
render();
