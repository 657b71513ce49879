// What a script adds to a page in a frame: the page around it learns how high it is, and that something was opened.
// Everything here may fail: the frame then scrolls, and nothing is counted.

const SHAPES = { height: "servicedirectory:height", hello: "servicedirectory:hello" };

if (parent !== window) {
  // The site around, as far as the browser tells; else it says so itself.
  let site = location.ancestorOrigins?.[0] ?? "";

  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height) parent.postMessage({ type: SHAPES.height, height }, site || "*");
  };

  const opened = (event) => {
    const link = event.target.closest("a[target=_blank]");
    const { clicks } = document.body.dataset; // Of what a page shows only where it shows something is it counted.
    if (!link || !clicks || !site || site === location.origin || event.button > 1) return;
    const body = new URLSearchParams({ site });
    fetch(clicks, { method: "POST", body, keepalive: true, credentials: "omit" }).catch(() => {});
  };

  new ResizeObserver(tell).observe(document.body);
  addEventListener("message", ({ origin, source, data }) => {
    if (source !== parent || data?.type !== SHAPES.hello) return;
    site = origin;
    tell();
  });
  document.addEventListener("click", opened);
  document.addEventListener("auxclick", opened);
}
