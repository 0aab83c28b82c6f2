// What the extension draws on a page: the outline, the hint and the notice of what became of a
// capture. All of it is in a closed shadow root, which the page can neither read nor restyle.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const SHEET = `
    :host { all: initial !important; position: fixed !important; top: 0 !important; left: 0 !important; width: 0 !important; height: 0 !important; display: block !important;
      z-index: 2147483647 !important; pointer-events: none !important; }
    * { box-sizing: border-box; }
    .outline { position: fixed; z-index: 1; pointer-events: none; border-radius: 6px; display: none;
      border: 3px solid #b3261e; background: rgb(179 38 30 / 8%); box-shadow: 0 0 0 2px #fff, 0 0 0 100vmax rgb(20 16 12 / 22%); }
    .label { position: absolute; inset-inline-start: -3px; bottom: 100%; margin-bottom: 6px; max-width: min(420px, 80vw);
      background: #1d1a16; color: #fff; padding: 3px 9px; border-radius: 6px; font: 13px/1.4 system-ui, sans-serif;
      white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
    .label:empty { display: none; }
    .inside { bottom: auto; top: 4px; inset-inline-start: 4px; margin: 0; }
    .panel { position: fixed; z-index: 2; inset-block-end: 16px; left: 50%; transform: translateX(-50%); pointer-events: none;
      width: max-content; max-width: min(560px, calc(100vw - 24px)); padding: 12px 16px; border-radius: 12px; color: #1d1a16;
      background: #fffdf8; border: 1px solid #d9d2c5; border-inline-start: 5px solid #b3261e;
      box-shadow: 0 6px 28px rgb(0 0 0 / 30%); font: 14px/1.45 system-ui, sans-serif; display: none; }
    .panel.good { border-inline-start-color: #1f6b3a; }
    .panel.bad { border-inline-start-color: #b3261e; }
    .panel.busy { border-inline-start-color: #8a5a00; }
    .pane { position: fixed; pointer-events: auto; background: transparent; }
    .again { pointer-events: auto; display: block; margin-top: 8px; padding: 6px 12px; min-height: 34px; border-radius: 8px;
      border: 1px solid currentcolor; background: transparent; color: inherit; font: 600 14px/1.4 system-ui, sans-serif; cursor: pointer; }
    .again:focus-visible { outline: 3px solid #1a5fb4; outline-offset: 2px; }
    .title { display: block; font-weight: 650; }
    .title:empty { display: none; }
    @media (prefers-color-scheme: dark) {
      .panel { background: #24211d; color: #f4efe6; border-color: #4a443b; border-inline-start-color: #f2867f; }
      .panel.good { border-inline-start-color: #7fce9b; }
      .panel.bad { border-inline-start-color: #f2867f; }
      .panel.busy { border-inline-start-color: #eebb62; }
    }`;

  P.makeMarks = () => {
    P.marks?.retire();
    const host = document.createElement("rature-marks");
    let isRetired = false;
    const root = host.attachShadow({ mode: "closed" });
    P.dress(root, SHEET);
    const outline = part("div", "outline");
    const label = part("div", "label");
    const panel = part("div", "panel");
    const title = part("strong", "title");
    const text = part("span", "text");
    const slot = part("span", "actions");
    panel.setAttribute("role", "status");
    panel.setAttribute("aria-live", "polite");
    panel.lang = P.words("language");
    outline.append(label);
    panel.append(title, text, slot);
    const panes = part("div", "panes");
    root.append(panes, outline, panel);
    P.marks = {
      outline(element, words) {
        place(outline, label, element.getBoundingClientRect());
        label.textContent = words;
        if (!isRetired) show(host);
      },
      unoutline: () => void (outline.style.display = "none"),
      cover(elements) {
        panes.replaceChildren(...elements.map(pane));
        if (elements.length > 0 && !isRetired) show(host);
      },
      hint(words) {
        fill(panel, title, text, "", words, "");
        if (!isRetired) show(host);
      },
      say(heading, words, kind, action) {
        outline.style.display = "none";
        panes.replaceChildren();
        fill(panel, title, text, heading, words, kind);
        slot.replaceChildren(...(action ? [button(action)] : []));
        if (!isRetired) show(host);
      },
      hide: () => host.remove(),
      close: (afterMs = 0) => void setTimeout(() => host.remove(), afterMs),
      retire() {
        isRetired = true;
        host.remove();
      },
    };
    return P.marks;
  };

  /**
   * Either way the page's own policy on styles does not reach our sheet. Firefox's extended support
   * release 140 refuses adopted sheets to an extension's scripts.
   * @param {ShadowRoot} root @param {string} css
   */
  P.dress = (root, css) => {
    if (P.isFirefox) {
      const style = document.createElement("style");
      style.textContent = css;
      root.append(style);
    } else {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    }
  };

  /** @param {string} tag @param {string} name */
  const part = (tag, name) => {
    const element = document.createElement(tag);
    element.className = name;
    return element;
  };

  /** Over all of an element. @param {Element} element */
  const pane = (element) => {
    const made = part("div", "pane");
    const { left, top, width, height } = element.getBoundingClientRect();
    Object.assign(made.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    return made;
  };

  /** Only a person presses it: events that the page makes are not trusted. @param {Action} action */
  const button = ({ label, act }) => {
    const element = part("button", "again");
    element.textContent = label;
    element.addEventListener("click", (event) => event.isTrusted && act());
    return element;
  };

  /** In the topmost layer of the page: inside an open modal dialog, if there is one. @param {Element} host */
  const show = (host) => {
    const layer = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.documentElement;
    if (host.parentNode !== layer) layer.append(host);
  };

  /** Around the box, as far as the window goes. @param {HTMLElement} outline @param {HTMLElement} label @param {DOMRect} box */
  const place = (outline, label, box) => {
    const left = Math.max(box.left - 4, 0);
    const right = Math.min(box.right + 4, document.documentElement.clientWidth || innerWidth);
    Object.assign(outline.style, {
      display: "block",
      left: `${left}px`,
      top: `${box.top - 4}px`,
      width: `${Math.max(right - left, 8)}px`,
      height: `${box.height + 8}px`,
    });
    label.classList.toggle("inside", box.top < 40);
  };

  /**
   * @param {HTMLElement} panel @param {HTMLElement} title @param {HTMLElement} text
   * @param {string} heading @param {string} words @param {string} kind
   */
  const fill = (panel, title, text, heading, words, kind) => {
    panel.className = `panel ${kind}`;
    panel.style.display = "block";
    title.textContent = heading;
    text.textContent = words;
  };
})();
