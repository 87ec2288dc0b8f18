// The editor builds its text box and tools without names and states; screen readers need them.
import { gettext } from "django-prose-editor/editor";

const NAMES = {
  heading2: gettext("Heading"),
  heading3: gettext("Smaller heading"),
  heading4: gettext("Smallest heading"),
  bulletList: gettext("List with bullets"),
  orderedList: gettext("Numbered list"),
  blockquote: gettext("Quote"),
  bold: gettext("Bold"),
  italic: gettext("Italic"),
  subscript: gettext("Subscript, as in H₂O"),
  superscript: gettext("Superscript, as in m²"),
  table: gettext("Insert a table"),
  "table:toggleHeaderCell": gettext("Heading cell on or off"),
  "history:undo": gettext("Undo"),
  "history:redo": gettext("Redo"),
};

function describe(editor, name) {
  const tools = editor.view.dom.parentElement.querySelector(".prose-menubar");
  editor.view.dom.setAttribute("aria-label", name);
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", gettext("Tools for the text"));
  const buttons = [...tools.querySelectorAll("button[data-name]")];
  for (const button of buttons) {
    button.title = NAMES[button.dataset.name] || button.title;
    button.setAttribute("aria-label", button.title);
  }
  const showState = () => {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", button.classList.contains("active"));
      button.setAttribute("aria-disabled", button.classList.contains("disabled"));
    }
  };
  editor.on("transaction", showState);
  showState();
}

document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  const name = label.firstChild.textContent.trim().replace(/:$/, "");
  // Its tools are drawn when it has been created, which is after it is ready.
  editor.on("create", () => describe(editor, name));
});
