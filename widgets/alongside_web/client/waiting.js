// The waiting page asks quietly whether there is room, and opens the page once there is.

const PAUSE = 20000; // milliseconds, as the page says

export function wait() {
  const { room } = document.documentElement.dataset;
  if (!room) return; // another of the plain pages
  setInterval(async () => {
    try {
      const reply = await fetch(room, { cache: "no-store" });
      if (reply.ok) location.reload();
    } catch {
      // No network right now: it asks again.
    }
  }, PAUSE);
}
