// Copies facts and texts into the clipboard. Which fact was copied, never what it says, is noted at once.
// Without a script there are no such buttons.

const SHOWN_FOR = 2000;

const box = document.querySelector("[data-copied-at]");
const status = box.querySelector("[role=status]");
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;

function note(field) {
  fetch(box.dataset.copiedAt, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams({ field }),
    keepalive: true,
  });
}

async function copy(button) {
  const { copy: text, field } = button.dataset;
  await navigator.clipboard.writeText(text);
  if (field) {
    note(field);
  }
  const label = button.querySelector("span");
  const before = label.textContent;
  if (before === box.dataset.copied) {
    return;
  }
  label.textContent = status.textContent = box.dataset.copied;
  setTimeout(() => {
    label.textContent = before;
    status.textContent = "";
  }, SHOWN_FOR);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
