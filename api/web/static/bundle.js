/**
 * Says that a bundle is being made while its download has not begun. The address gets a word of
 * our own, which the answer brings back as a cookie: that is how a page learns that it came.
 */
const EVERY = 300;
const LONGEST = 180_000;
const COOKIE = "rature_made";

const making = document.getElementById("making");

/** @returns {string} */
function word() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} made */
function wait(made) {
  if (!making) return;
  making.hidden = false;
  const began = Date.now();
  const timer = setInterval(() => {
    const came = document.cookie.split("; ").includes(`${COOKIE}=${made}`);
    if (came || Date.now() - began > LONGEST) {
      clearInterval(timer);
      making.hidden = true;
    }
  }, EVERY);
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-bundle]") : null;
  if (!(link instanceof HTMLAnchorElement)) return;
  const made = word();
  const address = new URL(link.href);
  address.searchParams.set("made", made);
  link.href = address.href;
  wait(made);
});

for (const form of document.querySelectorAll("form[data-bundle]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  form.addEventListener("submit", () => {
    let field = form.querySelector("[name=made]");
    if (!(field instanceof HTMLInputElement)) {
      field = document.createElement("input");
      field.setAttribute("type", "hidden");
      field.setAttribute("name", "made");
      form.append(field);
    }
    if (field instanceof HTMLInputElement) field.value = word();
    if (field instanceof HTMLInputElement) wait(field.value);
  });
}
