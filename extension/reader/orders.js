// Other orders of the same list that stand in a row of buttons or tabs ("Top", "New", "Old"), one of
// them chosen. That they are orders, the row's own name in the mark-up says, not a wording.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const CONTROLS = "button,[role=button],[role=tab],[role=radio],a:not(svg *)";
  /** `order-2` and `border-b` are words of layout, `order-status` one of shops. */
  const NAMES = /(?<![a-z])(?:sort(?!able)|orderby|ordering|ranking|chrono|reihenfolge|ordre(?![a-z])|tri(?![a-z]))|(?<![a-z])order(?=$| |[-_](?:by|options?|tabs?|switch|choices?|select|mode|bar|menu|picker|control))/u;
  const CHOSEN = "[aria-selected=true],[aria-pressed=true],[aria-checked=true],[aria-current]:not([aria-current=false]),:disabled,[aria-disabled=true]";
  const CHOSEN_NAME = /^(?:is[-_])?(?:active|selected|current|chosen)$|[-_](?:active|selected|current)$/iu;
  const MOST_LABEL = 40;
  const MOST_ROW = 160;
  const MOST_CHOICES = 8;

  /** @param {Element} element */
  const namesOrder = (element) => {
    const names = [element.id, element.getAttribute("class"), element.getAttribute("aria-label"), element.getAttribute("data-testid"), element.getAttribute("name")];
    return NAMES.test(names.join(" ").replace(/([a-z])([A-Z])/gu, "$1 $2").toLowerCase());
  };

  /** @param {Element} control @param {Element} row */
  const isChosen = (control, row) => {
    for (let at = /** @type {Element | null} */ (control); at && at !== row; at = R.parentOf(at)) {
      if (at.matches(CHOSEN) || [...at.classList].some((token) => CHOSEN_NAME.test(token))) return true;
    }
    return false;
  };

  /** The row of choices around a control that calls itself one of orders; null when there is none. @param {Element} control */
  const rowOf = (control) => {
    let at = R.parentOf(control);
    for (let steps = 0; at && at !== document.body && steps < 4; at = R.parentOf(at), steps += 1) {
      if (R.fold(at.textContent ?? "").length > MOST_ROW) return null;
      if (namesOrder(at)) return at;
    }
    return null;
  };

  /**
   * The choices that are not made now, as `orderChoices` tells them. `chooseOrder` clicks one: only
   * what stays on the page, sends nothing and stands outside the posts is among them.
   */
  R.orderTabs = () => {
    const items = R.findGroup(R.survey(document.body))?.items ?? [];
    const inItem = (/** @type {Element} */ element) => items.some((item) => item.contains(element));
    /** @type {Map<Element, Element[]>} */ const rows = new Map();
    for (const control of R.selectBelow(document, CONTROLS)) {
      const label = R.labelOf(control);
      if (!label || label.length > MOST_LABEL || !R.isBoxed(control) || control.closest("footer,dialog,[role=dialog]") || inItem(control)) continue;
      const row = rowOf(control);
      if (row) rows.set(row, [...(rows.get(row) ?? []), control]);
    }
    R.tabs = [];
    for (const [row, controls] of rows) {
      const chosen = controls.filter((control) => isChosen(control, row));
      if (chosen.length !== 1 || controls.length < 2 || controls.length > MOST_CHOICES) continue;
      R.tabs.push(.../** @type {HTMLElement[]} */ (controls.filter((control) => control !== chosen[0] && R.mayChoose(control))));
    }
    return R.tabs.map((control, at) => ({
      value: [control.dataset.value, control.dataset.sort, control.id, control.getAttribute("name")].find(Boolean) ?? "",
      text: R.labelOf(control),
      href: null,
      choice: [-1, at],
    }));
  };

  /** Clicks one of the choices told last; false when it is gone or may not be clicked any more. @param {number} at */
  R.chooseTab = (at) => {
    const control = R.tabs?.[at];
    if (!control?.isConnected || !R.mayChoose(control)) return false;
    control.click();
    return true;
  };
})();
