// Frames of the directory on this page are as high as what is in them. They say so themselves; without this they scroll.

function hello(frame) {
  frame.contentWindow?.postMessage({ type: "servicedirectory:hello" }, "*");
}

const frames = [...document.querySelectorAll("iframe[src]")].filter((frame) => frame.src.startsWith(`${HOME.href}embed`));

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== HOME.origin || data?.type !== "servicedirectory:height") return;
  if (typeof data.height !== "number" || !(data.height > 0 && data.height < 100000)) return;
  const frame = [...document.querySelectorAll("iframe[src]")].find((one) => one.contentWindow === source);
  if (frame) frame.style.height = `${Math.ceil(data.height)}px`;
});
for (const frame of frames) {
  frame.addEventListener("load", () => hello(frame));
  hello(frame);
}
