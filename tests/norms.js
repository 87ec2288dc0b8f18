// What tests ask a page about its norms. Each function returns complaints, one line for each.
window.norms = (() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [contenteditable=true]";
  const SHOWN = { checkOpacity: false, checkVisibilityCSS: true };

  const all = (selector) => [...document.querySelectorAll(selector)];
  const name = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const isShown = (element) => element.checkVisibility(SHOWN) && element.getClientRects().length > 0;
  const isAside = (element) => element.closest(".visually-hidden, .skip-link, .skip-to-content-link, [aria-hidden=true]");

  // A label is part of its button or box, and a link laid over its card is as large as the card.
  function targetOf(control) {
    const over = getComputedStyle(control, "::after");
    const card = over.position === "absolute" && over.inset === "0px" ? control.closest("li, article, tr, .card") : null;
    return [control, ...(control.labels ?? []), card].filter(Boolean);
  }

  function box(control) {
    const boxes = targetOf(control).map((part) => part.getBoundingClientRect());
    const [left, top] = [Math.min(...boxes.map((b) => b.left)), Math.min(...boxes.map((b) => b.top))];
    const [right, bottom] = [Math.max(...boxes.map((b) => b.right)), Math.max(...boxes.map((b) => b.bottom))];
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  }

  function headings() {
    const shown = all("h1, h2, h3, h4, h5, h6").filter(isShown);
    const levels = shown.map((heading) => Number(heading.localName[1]));
    const skips = shown.filter((_, at) => at > 0 && levels[at] > levels[at - 1] + 1).map(name);
    const tops = levels.filter((level) => level === 1).length;
    return tops === 1 ? skips : [`${tops} h1`, ...skips];
  }

  // Links within a sentence are as high as its lines (2.5.8 excepts them).
  function isInSentence(control) {
    const around = control.closest("p, li, dd, td, figcaption, label, blockquote, .prose, .help");
    return control.localName === "a" && getComputedStyle(control).display === "inline" &&
      around && around.innerText.trim().length > control.innerText.trim().length + 2;
  }

  // 2.5.8 allows less where a circle of 24 px around the middle meets no other target.
  function targets() {
    const controls = all(CONTROLS).filter((one) => isShown(one) && !isAside(one) && !one.disabled && !isInSentence(one));
    const boxes = controls.map(box);
    return controls.filter((_, at) => {
      const { left, top, width, height } = boxes[at];
      if (width >= 24 && height >= 24) return false;
      const [x, y] = [left + width / 2, top + height / 2];
      return boxes.some((other, which) => which !== at && !controls[at].contains(controls[which]) &&
        x + 12 > other.left && x - 12 < other.right && y + 12 > other.top && y - 12 < other.bottom);
    }).map((one) => `${Math.round(box(one).width)}x${Math.round(box(one).height)} ${name(one)}`);
  }

  function primaries() {
    return all(".button, .submit-row input[type=submit], .buttons button").filter((one) => isShown(one) && box(one).height < 44)
      .map((one) => `${Math.round(box(one).height)} ${name(one)}`);
  }

  function sideways() {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = all("main *").filter((one) => isShown(one) && one.getBoundingClientRect().right > clientWidth + 1);
    return [`${scrollWidth} > ${clientWidth}`, ...wide.slice(0, 3).map(name)];
  }

  // What a box with hidden overflow cuts off; whoever scrolls can still read the rest.
  function clipped() {
    return all("body *").filter((one) => {
      const { overflowX, overflowY, clipPath, textOverflow } = getComputedStyle(one);
      if (!isShown(one) || isAside(one) || !one.innerText?.trim() || clipPath !== "none" || one.clientWidth < 2) return false;
      const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
      return (cuts(overflowX) && one.scrollWidth > one.clientWidth + 1 && textOverflow !== "ellipsis") ||
        (cuts(overflowY) && one.scrollHeight > one.clientHeight + 1);
    }).map(name);
  }

  function space() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
    document.adoptedStyleSheets.push(sheet);
  }

  // The focused element, what it lays over its card, its label and its neighbours: any may draw the focus.
  let last;
  const drawing = (parts) => parts.flatMap((part) => [undefined, "::after"].map((pseudo) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(part, pseudo);
    return [outlineStyle === "none" ? "" : outlineWidth + outlineColor, boxShadow].join();
  })).join("|");

  function covered(element) {
    const { left, right, top, bottom } = box(element);
    const [x, y] = [(left + Math.min(right, innerWidth)) / 2, (top + bottom) / 2];
    const points = [[x, y], [x, top + 3], [x, bottom - 3]].filter(([, at]) => at > 0 && at < innerHeight);
    if (points.length === 0) return "out of sight";
    const over = points.map(([px, py]) => document.elementFromPoint(px, py)).map((hit) => {
      for (let one = hit; one; one = one.parentElement) {
        if (["fixed", "sticky"].includes(getComputedStyle(one).position)) return one.contains(element) ? null : one;
      }
      return null;
    });
    return over.every(Boolean) ? `under ${name(over[0])}` : "";
  }

  // Where the last press of Tab has led. The stop before it is drawn without focus by now: they are compared.
  function stop() {
    const element = document.activeElement;
    const hasMoved = last && last.element !== element;
    const before = hasMoved && drawing(last.parts) === last.drawn ? [name(last.element)] : [];
    if (element === document.body) { last = undefined; return { end: true, unseen: before }; }
    const around = [element, ...(element.labels ?? []), element.parentElement, element.nextElementSibling].filter(Boolean);
    const isBack = hasMoved && !(last.element.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
    // Day, month and year of a date are stops of their own.
    const isStuck = last && !hasMoved && !/^(date|time|datetime-local)$/.test(element.type);
    if (last === undefined || hasMoved) last = { element, parts: around, drawn: drawing(around) };
    return {
      end: false, name: name(element), unseen: before, back: isBack ? name(element) : "", stuck: isStuck,
      covered: covered(element),
    };
  }

  function help() {
    return all("header a[href^='tel:'], header .open-line, header .site-phone, footer a[href^='tel:'], footer .open-now, footer .open-line, footer table, footer dl")
      .map((one) => `${one.closest("header, footer").localName} ${one.localName}.${one.className}`);
  }

  function skip() {
    const [first] = all(CONTROLS);
    return first.matches("[class^=skip-]") && document.querySelector(first.hash) ? [] : [name(first)];
  }

  const languages = () => all("html:not([lang]), [lang='']").map(name);
  const paste = () => all("main input:not([type=hidden], [type=submit])")
    .filter((field) => !field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true }))).map(name);
  const state = () => [location.href, document.title, document.body.innerHTML, scrollY, document.activeElement.outerHTML].join("\n");

  return { headings, targets, primaries, sideways, clipped, space, stop, skip, help, languages, paste, state };
})();
