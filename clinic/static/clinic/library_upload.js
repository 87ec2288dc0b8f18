// Takes several pictures into the library at once, each with its progress; then shows them.

const box = document.querySelector("[data-library-upload]");

function lineFor(file) {
  const line = document.createElement("li");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  line.append(file.name, " ", bar);
  box.querySelector("ul").append(line);
  return { line, bar };
}

async function send(upload, file) {
  const { line, bar } = lineFor(file);
  try {
    await upload(box.dataset.libraryUpload, file, (share) => {
      bar.value = share;
    });
    return true;
  } catch (error) {
    line.className = "is-refused";
    line.textContent = `${file.name}: ${error.message}`;
    return false;
  }
}

// One after the other, since each is decoded on the server.
async function take(files) {
  const { upload } = await import(box.dataset.module);
  let stored = 0;
  for (const file of files) {
    stored += await send(upload, file);
  }
  if (stored === files.length) {
    location.reload();
  }
}

if (box) {
  box.hidden = false;
  box.querySelector("input").addEventListener("change", ({ target }) => target.files.length && take([...target.files]));
  for (const name of ["dragover", "dragleave", "drop"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.toggle("is-over", name === "dragover");
    });
  }
  box.addEventListener("drop", ({ dataTransfer }) => take([...dataTransfer.files]));
}
