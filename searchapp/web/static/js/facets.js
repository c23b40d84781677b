// A box that filters a long facet: every [data-find] section gets one, above its values. Without a script the whole list
// stays as it is. Enter takes the only value that is left; Esc empties the box.

const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");

/** The name of the value that `element` shows, without its count. */
function nameOf(element) {
  const copy = element.cloneNode(true);
  copy.querySelector("b")?.remove();
  return copy.textContent.trim();
}

/** Shows the values of `section` whose names hold `sought`, all of them when it is empty; gives how many. */
export function filterValues(section, sought) {
  let shown = 0;
  section.querySelectorAll(".values").forEach((list) => {
    let left = 0;
    [...list.children].forEach((item) => {
      item.hidden = !folded(nameOf(item.matches("li") ? item.querySelector("a") : item)).includes(sought);
      if (!item.hidden) left += 1;
    });
    list.hidden = !left;
    if (list.previousElementSibling?.matches("h4")) list.previousElementSibling.hidden = !left;
    shown += left;
  });
  return shown;
}

function install(section) {
  const box = document.createElement("input");
  box.type = "search";
  box.className = "find-value";
  box.placeholder = section.dataset.find;
  box.setAttribute("aria-label", section.dataset.find);
  box.autocomplete = "off";
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  const fold = section.querySelector("details");
  let wasOpen = fold?.open ?? false;
  const filter = () => {
    const sought = folded(box.value);
    if (fold && !fold.dataset.filtered) wasOpen = fold.open;
    const shown = filterValues(section, sought);
    if (fold) {
      fold.open = sought ? true : wasOpen;
      if (sought) fold.dataset.filtered = "true";
      else delete fold.dataset.filtered;
    }
    told.textContent = sought ? section.dataset.found.replace("{n}", String(shown)) : "";
  };
  box.addEventListener("input", (event) => {
    if (!event.isComposing) filter();
  });
  box.addEventListener("compositionend", filter);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && box.value) {
      box.value = "";
      filter();
    } else if (event.key === "Enter") {
      const left = [...section.querySelectorAll(".values > :not([hidden])")];
      if (left.length === 1) (left[0].querySelector("a, input") ?? left[0]).click();
    } else return;
    event.preventDefault();
  });
  section.querySelector("h3").after(box, told);
}

/** Buttons that keep a value out say which, to who hears them one by one. */
function tell(column) {
  column.querySelectorAll("button[form]").forEach((button) => {
    button.setAttribute("aria-label", column.dataset.without.replace("{value}", nameOf(button.previousElementSibling)));
  });
}

document.querySelectorAll("[data-find]").forEach(install);
document.querySelectorAll("[data-without]").forEach(tell);
