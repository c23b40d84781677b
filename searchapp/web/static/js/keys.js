// Keyboard: "/" to the search box, j and k through hits, n and p through marks, "?" to the list of keys.
// Never while an input method composes, in a field, or with Ctrl, Alt or Meta held.

const FIELDS = "input, textarea, select, [contenteditable]";

/** Whether a key press is one of ours to take. */
export function isFree(event) {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return false;
  return !(event.target instanceof Element && event.target.closest(FIELDS));
}

/** Focuses the element `step` places after the focused or last visited one of `elements`; stops at both ends. */
export function walk(elements, last, step) {
  if (!elements.length) return last;
  const at = Math.min(Math.max(last + step, 0), elements.length - 1);
  const element = elements[at];
  if (!element.hasAttribute("tabindex") && !element.matches("a[href], button")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "center", behavior: quiet ? "auto" : "smooth" });
  return at;
}

function install() {
  let hit = -1;
  let mark = -1;
  const hits = () => [...document.querySelectorAll(".hit-list h3 a, .hit-list h4 a")];
  const marks = () => [...document.querySelectorAll("article.text mark")];
  const dialog = document.getElementById("keys");
  document.addEventListener("keydown", (event) => {
    if (!isFree(event)) return;
    switch (event.key) {
      case "/":
        document.getElementById("q")?.focus();
        document.getElementById("q")?.select();
        break;
      case "j":
        hit = walk(hits(), hit, 1);
        break;
      case "k":
        hit = walk(hits(), hit, -1);
        break;
      case "n":
        mark = walk(marks(), mark, 1);
        break;
      case "p":
        mark = walk(marks(), mark, -1);
        break;
      case "?":
        if (dialog instanceof HTMLDialogElement) dialog.showModal();
        break;
      default:
        return;
    }
    event.preventDefault();
  });
}

install();
