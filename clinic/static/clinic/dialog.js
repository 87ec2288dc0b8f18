// One dialog for all that the editor asks: a heading that names it, a form, and two buttons.
import { crel, gettext } from "django-prose-editor/editor";

let count = 0;

// A control with its label, and perhaps a hint that screen readers say with it.
export function field(label, control, hint = "") {
  control.id = `dialog-${++count}`;
  const parts = [crel("label", { htmlFor: control.id, textContent: label })];
  if (hint) {
    parts.push(crel("p", { id: `${control.id}-hint`, className: "hint", textContent: hint }));
    control.setAttribute("aria-describedby", `${control.id}-hint`);
  }
  return crel("div", { className: "field" }, [...parts, control]);
}

// A radio button or box to tick.
export function choice(label, control) {
  control.id = `dialog-${++count}`;
  return crel("div", { className: "choice" }, [control, crel("label", { htmlFor: control.id, textContent: label })]);
}

// Ask, and return what was filled in as FormData, or null. `open(dialog, finish)` may wire up the parts;
// finish(value) closes the dialog with another answer.
export function ask({ title, submit, parts, open = () => {} }) {
  return new Promise((resolve) => {
    const heading = crel("h2", { id: `dialog-${++count}`, textContent: title });
    const button = (type, className, textContent) => crel("button", { type, className, textContent });
    const cancel = button("button", "button button-secondary", gettext("Cancel"));
    const buttons = submit ? [button("submit", "button", submit), cancel] : [cancel];
    const form = crel("form", {}, [heading, ...parts, crel("div", { className: "desk-actions" }, buttons)]);
    const dialog = crel("dialog", { className: "desk-dialog", "aria-labelledby": heading.id }, [form]);
    // At once, since the event of closing comes late: what is typed next belongs to the text.
    const finish = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    cancel.addEventListener("click", () => finish(null));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      finish(new FormData(form));
    });
    dialog.addEventListener("cancel", () => finish(null));
    // Outside the form of the text, which hears every change inside itself.
    document.body.append(dialog);
    dialog.showModal();
    open(dialog, finish);
  });
}

// Wait until nobody has typed for a moment.
export function calmly(action, wait = 250) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...given), wait);
  };
}
