// Says under a text box how many characters are left, counted as the server does (clinic/text.py).

const LINE_BREAKS = /\r\n|[\r\n\v\f\x85\u2028\u2029]/;
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const UNWANTED = /(?!\t)[\p{Cc}\p{Cs}\p{Co}\p{Cn}]/gu;
const STRAY_JOINERS = /(?<![\p{L}\p{M}\p{S}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{S}])/gu;
const BLANKS = /[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/g;
// Screen readers hear the number when typing rests, not at every key.
const REST = 1000;

function oneLine(line) {
  const visible = line.replace(INVISIBLE, "").replace(UNWANTED, "").replace(STRAY_JOINERS, "");
  return visible.normalize("NFC").replace(BLANKS, " ").replace(/^ | $/g, "");
}

function charactersIn(text) {
  const lines = text.split(LINE_BREAKS).map(oneLine).join("\n");
  return [...lines.replace(/^\n+|\n+$/g, "")].length;
}

function counted(box) {
  const left = box.dataset.most - charactersIn(box.value);
  if (left === 1) {
    return box.dataset.oneLeft;
  }
  return (left < 0 ? box.dataset.tooMany : box.dataset.left).replace("#", Math.abs(left));
}

function addCounter(box) {
  const shown = document.createElement("p");
  const told = document.createElement("p");
  shown.className = "hint";
  shown.setAttribute("aria-hidden", "true");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  box.after(shown, told);
  let resting;
  const show = () => {
    shown.textContent = counted(box);
  };
  box.addEventListener("input", () => {
    show();
    clearTimeout(resting);
    resting = setTimeout(() => {
      told.textContent = shown.textContent;
    }, REST);
  });
  show();
}

document.querySelectorAll("textarea[data-most]").forEach(addCounter);
