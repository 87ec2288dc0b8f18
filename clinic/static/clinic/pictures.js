// The picture library in a dialog: find a picture or upload one; then say what it tells the reader.
import { crel, gettext } from "django-prose-editor/editor";
import { ask, calmly, choice, field } from "clinic/dialog";
import { upload } from "clinic/upload";

const interpolate = (words, value) => words.replace("%s", value);

function tile(picture, finish) {
  const image = crel("img", { src: picture.thumb, alt: "", loading: "lazy", width: 120, height: 90 });
  const button = crel("button", { type: "button" }, [image, crel("span", { textContent: picture.title })]);
  button.addEventListener("click", () => finish(picture));
  return crel("li", {}, [button]);
}

// Let somebody choose a picture of the library or upload one; return it, or null.
// A file that was dropped or pasted is uploaded at once.
export function choosePicture({ choices, upload: uploadUrl, accept, taken }, dropped = null) {
  const search = crel("input", { type: "search", autocomplete: "off" });
  const file = crel("input", { type: "file", accept });
  const progress = crel("progress", { max: 1, value: 0, hidden: true, "aria-label": gettext("Upload") });
  const trouble = crel("p", { className: "dialog-error", role: "alert" });
  const found = crel("ul", { className: "dialog-pictures" });
  const more = crel("button", {
    type: "button",
    className: "button button-secondary",
    textContent: gettext("More pictures"),
    hidden: true,
  });
  return ask({
    title: gettext("Choose a picture"),
    parts: [
      field(gettext("Upload a picture"), file, taken),
      progress,
      trouble,
      field(gettext("Or find one in the library"), search),
      found,
      more,
    ],
    open(dialog, finish) {
      let next = 1;
      const look = async () => {
        const response = await fetch(`${choices}?${new URLSearchParams({ q: search.value, page: next })}`);
        const answer = await response.json();
        const tiles = answer.pictures.map((picture) => tile(picture, finish));
        if (next === 1) {
          found.replaceChildren();
        }
        found.append(...tiles);
        next = answer.next;
        more.hidden = !next;
      };
      const send = async (chosen) => {
        trouble.textContent = "";
        progress.hidden = false;
        try {
          finish(await upload(uploadUrl, chosen, (share) => (progress.value = share)));
        } catch (error) {
          trouble.textContent = error.message;
        }
        progress.hidden = true;
      };
      const lookAnew = calmly(() => {
        next = 1;
        look();
      });
      search.addEventListener("input", lookAnew);
      more.addEventListener("click", look);
      file.addEventListener("change", () => file.files[0] && send(file.files[0]));
      look();
      if (dropped) {
        send(dropped);
      }
    },
  });
}

// Ask what a picture tells in this place; return { alt, caption }, or null. `alt` is "" for decoration.
// Without a proposed caption none is asked: it is written under the picture itself.
export async function describePicture(picture, { alt, caption, submit }) {
  const radio = (value, checked) => crel("input", { type: "radio", name: "role", value, checked, required: true });
  const words = crel("textarea", { name: "alt", rows: 2, value: alt || "", maxLength: 200 });
  const underneath = crel("input", { name: "caption", value: caption || "", maxLength: 200 });
  const tells = radio("tells", Boolean(alt));
  const decorates = radio("decorates", alt === "");
  const demand = () => (words.required = tells.checked);
  const given = await ask({
    title: gettext("What does this picture tell?"),
    submit,
    parts: [
      crel("img", { className: "dialog-picture", src: picture.url, alt: "" }),
      crel("fieldset", { className: "field" }, [
        crel("legend", { textContent: gettext("For readers who can’t see it") }),
        choice(gettext("It tells something: describe it"), tells),
        choice(gettext("It only decorates"), decorates),
      ]),
      field(gettext("Description"), words, gettext("What it shows, in one sentence.")),
      ...(caption === undefined ? [] : [field(gettext("Caption under the picture (optional)"), underneath)]),
    ],
    open(dialog) {
      dialog.addEventListener("change", demand);
      words.addEventListener("input", () => {
        tells.checked = tells.checked || Boolean(words.value);
        demand();
      });
      demand();
    },
  });
  if (!given) {
    return null;
  }
  return { alt: given.get("role") === "tells" ? given.get("alt").trim() : "", caption: given.get("caption")?.trim() };
}

export const altLine = (alt) => {
  if (alt) {
    return interpolate(gettext("Described as: %s"), alt);
  }
  return alt === "" ? gettext("Decoration") : gettext("Not described yet");
};
