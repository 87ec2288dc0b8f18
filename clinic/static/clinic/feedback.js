// Says that a form is on its way, and sends it once. Without a script the browser's own signs remain.

const status = document.querySelector("[data-feedback]");
const sent = new Map();

const sizeOf = (form) =>
  [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]).reduce((sum, { size }) => sum + size, 0);

function label(button, words) {
  button[button.matches("input") ? "value" : "textContent"] = words;
}

// A file of some size takes its time; how much is left only the browser knows.
function showUpload(button, words) {
  const line = document.createElement("span");
  const bar = document.createElement("progress");
  line.className = "upload";
  bar.setAttribute("aria-label", words);
  line.append(bar);
  button.after(line);
  return line;
}

function begin(form, button) {
  const words = form.dataset.busy ?? (sizeOf(form) ? status.dataset.uploading : status.dataset.saving);
  const before = button?.matches("input") ? button.value : button?.innerHTML;
  const line = button && sizeOf(form) ? showUpload(button, words) : null;
  status.textContent = words;
  button?.setAttribute("aria-disabled", "true");
  if (button) {
    label(button, words);
  }
  sent.set(form, () => {
    button?.removeAttribute("aria-disabled");
    if (button?.matches("input")) {
      button.value = before;
    } else if (button) {
      button.innerHTML = before;
    }
    line?.remove();
    status.textContent = "";
  });
}

// Files to download leave the page where it is, and other windows do too.
const staysHere = (form, button) => form.matches("[data-download]") || form.target || button?.formTarget;

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== "post" || staysHere(form, submitter)) {
    return;
  }
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  // Afterwards, so that the button is sent with its own value.
  setTimeout(() => begin(form, submitter));
  sent.set(form, () => {});
});

function free() {
  sent.forEach((undo) => undo());
  sent.clear();
}

// Back from the page that followed, or stopped on the way: the form can be sent again.
window.addEventListener("pageshow", ({ persisted }) => persisted && free());
window.navigation?.addEventListener("navigateerror", free);
