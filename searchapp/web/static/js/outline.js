// The outline beside a report follows the scroll: the heading that is being read is marked (aria-current) and stands in
// sight. Without a script the outline is a list of links.

/** The line, in pixels from the top of the window, that a heading passes to become the one that is read. */
const READING_LINE = 140;

function install(outline) {
  const scroller = outline.querySelector("ol");
  const links = new Map();
  outline.querySelectorAll("a[href^='#']").forEach((link) => {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) links.set(target, link);
  });
  if (!links.size) return;
  const targets = [...links.keys()];
  let current = null;
  /** Where the outline is being scrolled to, until it is there. */
  let aim = null;
  scroller.addEventListener("scrollend", () => {
    aim = null;
  });

  const mark = (link) => {
    if (link === current) return;
    current?.removeAttribute("aria-current");
    current = link;
    if (!link) return;
    link.setAttribute("aria-current", "location");
    // Only the outline itself is scrolled, never the page, and only when the link is out of its sight: out of what will
    // be in sight, when it is still on its way for another link.
    const seen = aim ?? scroller.scrollTop;
    const box = scroller.getBoundingClientRect();
    const place = link.getBoundingClientRect();
    const top = place.top - box.top + scroller.scrollTop;
    if (top < seen + 24 || top + place.height > seen + box.height - 24) {
      const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches || !("onscrollend" in window);
      const most = scroller.scrollHeight - scroller.clientHeight;
      aim = quiet ? null : Math.min(Math.max(top - box.height / 3, 0), most);
      scroller.scrollTo({ top: top - box.height / 3, behavior: quiet ? "auto" : "smooth" });
    }
  };

  /** Near the end of the page a reader who came to a place in it reads there: it cannot rise to the line. */
  const line = () => {
    const place = document.querySelector("article.text :target")?.getBoundingClientRect().top ?? 0;
    const atEnd = window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 2;
    return atEnd && place < window.innerHeight ? Math.max(place, READING_LINE) : READING_LINE;
  };

  const read = () => {
    const at = line() + 1;
    const passed = targets.filter((target) => target.getBoundingClientRect().top <= at);
    mark(passed.length ? links.get(passed[passed.length - 1]) : null);
  };

  // What is watched reaches from the line down beyond any page: a heading leaves it, or comes back, only by crossing
  // the line, however far the page jumps.
  const observer = new IntersectionObserver(read, { rootMargin: `-${READING_LINE}px 0px 1000000px 0px`, threshold: 1 });
  targets.forEach((target) => observer.observe(target));
  window.addEventListener("hashchange", read);
  window.addEventListener("load", read);
  read();
}

document.querySelectorAll("nav.outline").forEach(install);
