// The desk around the text: counters, more rows, checks that lead to their place, the preview beside it.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => root.querySelectorAll(selector);

// Counted as the server does: signs, with runs of blanks as one.
const lengthOf = (value) => [...value.replace(/\s+/g, " ").trim()].length;

for (const box of $$("[data-count]")) {
  const most = Number(box.dataset.count);
  const counter = document.createElement("p");
  counter.className = "counter";
  const show = () => {
    const length = lengthOf(box.value);
    const isOver = length > most;
    counter.textContent = `${length} / ${most}${isOver && box.dataset.over ? `. ${box.dataset.over}` : ""}`;
    counter.classList.toggle("is-over", isOver);
  };
  box.after(counter);
  box.addEventListener("input", show);
  show();
}

for (const rows of $$("[data-rows]")) {
  const button = $("[data-add-row]", rows);
  const total = $(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`, rows);
  button.hidden = false;
  button.addEventListener("click", () => {
    const row = $("[data-new-row]", rows).content.cloneNode(true);
    for (const element of $$("*", row)) {
      for (const attribute of element.attributes) {
        attribute.value = attribute.value.replace("__prefix__", total.value);
      }
    }
    total.value = Number(total.value) + 1;
    $("legend", row).textContent = $("legend", row).textContent.replace("__prefix__", total.value);
    const first = $("input:not([type=hidden])", row);
    button.before(row);
    first.focus();
  });
}

// The tools stick to the top of the window and the buttons to its end: words under them are not seen.
const COVERED = { top: 110, right: 0, bottom: 150, left: 0 };

let editor = null;
document.addEventListener("prose-editor:ready", ({ detail }) => {
  editor = detail.editor;
  const { editorProps } = editor.options;
  editor.setOptions({ editorProps: { ...editorProps, scrollMargin: COVERED, scrollThreshold: COVERED } });
});

// Where these words stand in the editor, from their end, since the window moves to where a selection leads.
// A line break counts as one blank, as it does for its positions.
function find(words) {
  let found = null;
  editor.state.doc.descendants((node, at) => {
    if (found || !node.isTextblock) {
      return !found;
    }
    const start = node.textBetween(0, node.content.size, "", " ").replace(/\s/g, " ").indexOf(words);
    found = start < 0 ? null : { from: at + 1 + start + words.length, to: at + 1 + start };
    return false;
  });
  return found;
}

// On narrow screens it lies over the text.
const side = $("#side[popover]");

function lead({ field, quote }) {
  if (side?.matches(":popover-open")) {
    side.hidePopover();
  }
  if (field === "body" && editor) {
    const place = quote && find(quote);
    const chain = editor.chain().focus();
    (place ? chain.setTextSelection(place) : chain).scrollIntoView().run();
    return;
  }
  const box = $(`#id_${field}, #id_${field}_0, #id_${field}-0-title`);
  box?.closest("details")?.setAttribute("open", "");
  box?.focus();
}

const checks = $("[data-checks-list]");
checks?.addEventListener("click", (event) => {
  const check = event.target.closest("button[data-field]");
  if (check) {
    lead(check.dataset);
  }
});

let shown = "";

function showChecks(panel) {
  if (panel === shown) {
    return;
  }
  shown = panel;
  const chosen = [...$$("button", checks)].indexOf(document.activeElement);
  checks.innerHTML = panel;
  $("[data-checks-count]").textContent = $$("li", checks).length || "";
  $$("button", checks)[chosen]?.focus();
  $("[data-checks-news]").textContent = [...$$("h3", checks)].map((heading) => heading.textContent).join(", ");
}

if (side && $(".has-error", side) && getComputedStyle(side).display === "none") {
  side.showPopover();
}

const preview = $("[data-preview]");
const frame = preview && $("iframe", preview);

// The page is drawn at its true width, then made to fit the box.
function fitPreview() {
  const box = $("[data-preview-box]", preview);
  const width = box.classList.contains("is-desktop") ? 1280 : 375;
  box.style.setProperty("--scale", Math.min(1, box.clientWidth / width));
}

if (preview) {
  const width = $("[data-preview-width]", preview);
  width.hidden = false;
  width.addEventListener("change", ({ target }) => {
    $("[data-preview-box]", preview).className = `preview-box is-${target.value}`;
    fitPreview();
  });
  new ResizeObserver(fitPreview).observe($("[data-preview-box]", preview));
}

// In place, so that it stays where it was scrolled to. Before it is first seen there is nothing to renew.
function renewPreview() {
  const { location } = frame.contentWindow;
  if (preview.open && location.href !== "about:blank") {
    location.reload();
  }
}

document.addEventListener("desk:saved", ({ detail }) => {
  $("[data-unsaved]")?.removeAttribute("hidden");
  showChecks(detail.panel);
  renewPreview();
});
preview?.addEventListener("toggle", renewPreview);
