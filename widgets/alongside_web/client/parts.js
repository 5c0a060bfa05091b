// A page comes with the state of its activities in pieces of data, one for each cell, as the course makes them ready.

const KIND = "script.alongside-part";

function read(node) {
  return JSON.parse(node.textContent);
}

/** Take each piece as it comes, also those that came before this ran; then say that the page is whole. */
export function follow(take, whole) {
  const seen = new Set();
  const look = () => {
    for (const node of document.querySelectorAll(KIND)) {
      // A piece may still be coming in. It is whole when something follows it, or when the page is.
      if (seen.has(node) || (document.readyState === "loading" && !node.nextSibling)) continue;
      seen.add(node);
      take(read(node));
    }
  };
  const watch = new MutationObserver(look);
  const end = () => {
    watch.disconnect();
    look();
    whole();
  };
  if (document.readyState === "loading") {
    watch.observe(document.documentElement, { childList: true, subtree: true });
    document.addEventListener("DOMContentLoaded", end);
    look();
  } else {
    end();
  }
}

/** Read the pieces out of another copy of the page. */
export function partsOf(html) {
  return [...new DOMParser().parseFromString(html, "text/html").querySelectorAll(KIND)].map(read);
}
