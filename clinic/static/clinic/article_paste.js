// What is pasted from word processors: their hidden structure is made plain here, then the editor drops
// all that it does not know. Word fakes its lists, Word Online its headings and nested lists.
import { Extension, crel, gettext, pm } from "django-prose-editor/editor";

const HEADINGS = "h1, h2, h3, h4, h5, h6";
const BLOCKS = `${HEADINGS}, p, ul, ol, table, blockquote`;
// Deleted with changes tracked, filled in by the program, or made by our page as well.
const NOT_WRITTEN = "del, .msoDel, .EOP, [class^=MsoToc], [id^='Table of Contents']";
const WORD_LIST = /mso-list:\s*(l\d+)\s+level(\d+)/i;
// What Word types in front of an item of a numbered list, such as "1." or "b)".
const NUMBER = /^\s*[\p{L}\p{N}]{1,5}[.)]/u;

// What the editor reads; all other attributes stay behind. So do merged cells, as in articles.tidy.
const KEPT = new Set(["href", "src", "alt", "data-picture", "data-card"]);

// Styles that mean something, by the words in them.
const MEANINGS = [
  ["strong", /font-weight:\s*(bold|[6-9]00)/i],
  ["em", /font-style:\s*(italic|oblique)/i],
  ["sup", /vertical-align:\s*super/i],
  ["sub", /vertical-align:\s*sub\b/i],
];
const NOT_BOLD = /font-weight:\s*(normal|[1-5]00)/i;

const styleOf = (element) => element.dataset.style || "";

// Our policy refuses style attributes even in a document that is only read, so they get another name first.
function read(html) {
  const withoutSheets = html.replace(/<style[\s\S]*?<\/style>/gi, "");
  const tag = /<[a-z][^>]*>/gi;
  const unstyled = withoutSheets.replace(tag, (found) => found.replace(/(\s)style(?=\s*=)/gi, "$1data-style"));
  return new DOMParser().parseFromString(unstyled, "text/html").body;
}

const unwrap = (element) => element.replaceWith(...element.childNodes);

function rename(element, tag) {
  const renamed = element.ownerDocument.createElement(tag);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

// Word keeps the level of an item in its style, behind a typed bullet; Word Online in an attribute.
function itemOf(element) {
  const { listid, ariaLevel, tag } = element.dataset;
  if (ariaLevel) {
    return { list: listid, level: Number(ariaLevel), tag };
  }
  const style = WORD_LIST.exec(styleOf(element));
  if (!style) {
    return null;
  }
  let bullet = "";
  for (const mark of element.querySelectorAll("[data-style*='mso-list:Ignore' i]")) {
    bullet += mark.textContent;
    mark.remove();
  }
  return { list: style[1], level: Number(style[2]), tag: NUMBER.test(bullet) ? "ol" : "ul" };
}

function elementAfter(node) {
  let next = node.nextSibling;
  while (next && next.nodeType !== Node.ELEMENT_NODE && !(next.nodeType === Node.TEXT_NODE && next.data.trim())) {
    next = next.nextSibling;
  }
  return next;
}

// `open` holds the lists that the next item may belong to, outermost first.
function put(element, item, open) {
  const isNext = open.length && elementAfter(open[0]) === element;
  if (!isNext || (item.level === 1 && open[0].dataset.list !== item.list)) {
    open.length = 0;
  }
  open.length = Math.min(open.length, item.level);
  if (open.length === item.level && open.at(-1).localName !== item.tag) {
    open.pop();
  }
  while (open.length < item.level && (!open.length || open.at(-1).lastElementChild)) {
    const list = element.ownerDocument.createElement(item.tag);
    list.dataset.list = item.list;
    if (open.length) {
      open.at(-1).lastElementChild.append(list);
    } else {
      element.before(list);
    }
    open.push(list);
  }
  const entry = element.ownerDocument.createElement("li");
  entry.append(...element.childNodes);
  open.at(-1).append(entry);
  element.remove();
}

function makeListsReal(body) {
  for (const list of body.querySelectorAll("ul:has(> li[data-aria-level]), ol:has(> li[data-aria-level])")) {
    for (const entry of list.children) {
      entry.dataset.tag = list.localName;
    }
    unwrap(list);
  }
  const open = [];
  for (const element of body.querySelectorAll(`${HEADINGS}, p, li[data-aria-level]`)) {
    const item = itemOf(element);
    if (item) {
      put(element, item, open);
    }
  }
}

function makeHeadingsReal(body) {
  // LibreOffice writes a numbered heading as a list of one.
  for (const heading of body.querySelectorAll(`li :is(${HEADINGS})`)) {
    for (let box = heading.closest("li, ul, ol"); box; box = heading.closest("li, ul, ol")) {
      unwrap(box);
    }
  }
  for (const element of body.querySelectorAll("p[role=heading][aria-level]")) {
    rename(element, `h${Math.min(element.getAttribute("aria-level"), 6)}`);
  }
  // As articles.tidy does: the title of the page is the only heading of level 1.
  body.querySelectorAll("h1").forEach((heading) => rename(heading, "h2"));
  body.querySelectorAll("h5, h6").forEach((heading) => rename(heading, "h4"));
  body.querySelectorAll(`:is(${HEADINGS}) :is(b, strong)`).forEach(unwrap);
}

// Google Docs and Word Online write bold words as styled spans, and Google Docs wraps all in a bold that is none.
function makeStylesReal(body) {
  for (const element of body.querySelectorAll("[data-style]")) {
    const style = styleOf(element);
    if (NOT_BOLD.test(style) && element.matches("b, strong")) {
      unwrap(element);
    } else if (element.matches("span")) {
      for (const [tag] of MEANINGS.filter(([, meaning]) => meaning.test(style))) {
        const meant = element.ownerDocument.createElement(tag);
        meant.append(...element.childNodes);
        element.append(meant);
      }
    }
  }
}

function dropWhatNobodyWrote(body) {
  body.querySelectorAll(NOT_WRITTEN).forEach((element) => element.remove());
  body.querySelectorAll("a:not([href]), a[href^='#']").forEach(unwrap);
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data.replaceAll("\u00a0", " ");
  }
}

function dropWhatIsEmpty(body) {
  body.querySelectorAll("body > br").forEach((element) => element.remove());
  for (const blocks of [`p, ${HEADINGS}`, "li", "ul, ol"]) {
    for (const element of body.querySelectorAll(blocks)) {
      if (!element.textContent.trim() && !element.querySelector("img") && !element.closest("td, th")) {
        element.remove();
      }
    }
  }
}

function dropAttributes(body) {
  for (const element of body.querySelectorAll("*")) {
    const dropped = element.getAttributeNames().filter((name) => !KEPT.has(name));
    dropped.forEach((name) => element.removeAttribute(name));
  }
}

// Return pasted HTML with real headings and lists, and how many pictures did not come along.
export function plain(html) {
  const body = read(html);
  dropWhatNobodyWrote(body);
  body.querySelectorAll("div").forEach((box) => box.querySelector(BLOCKS) && unwrap(box));
  makeListsReal(body);
  makeStylesReal(body);
  makeHeadingsReal(body);
  const pictures = body.querySelectorAll("img:not([data-picture])");
  pictures.forEach((picture) => picture.remove());
  dropWhatIsEmpty(body);
  dropAttributes(body);
  return { html: body.innerHTML, lost: pictures.length };
}

function tell(editor, lost) {
  const words = lost ? gettext("Pictures did not come along. Insert them with the picture button.") : "";
  const box = editor.view.dom.closest(".prose-editor");
  if (!box.nextElementSibling?.matches(".paste-note")) {
    box.after(crel("p", { className: "paste-note", role: "status" }));
  }
  box.nextElementSibling.textContent = words;
}

// A text that begins with a heading stays apart from the paragraph it is pasted behind.
function withItsHeading(slice) {
  const { content, openEnd } = slice;
  const beginsAnew = content.childCount > 1 && content.firstChild.type.name === "heading";
  return beginsAnew ? new pm.model.Slice(content, 0, openEnd) : slice;
}

export const PastedText = Extension.create({
  name: "pastedText",

  transformPastedHTML(html) {
    // Our own text, on its way from one place to another.
    if (html.includes("data-pm-slice")) {
      return html;
    }
    const { html: kept, lost } = plain(html);
    tell(this.editor, lost);
    return kept;
  },

  addProseMirrorPlugins: () => [new pm.state.Plugin({ props: { transformPasted: withItsHeading } })],
});
