// The lead picture, chosen by its looks instead of by its name in a list.
import { crel, gettext } from "django-prose-editor/editor";
import { choosePicture } from "clinic/pictures";

for (const select of document.querySelectorAll("select[data-picture-library]")) {
  const textContent = gettext("Choose from the library");
  const button = crel("button", { type: "button", className: "button button-secondary", textContent });
  button.addEventListener("click", async () => {
    const picture = await choosePicture(JSON.parse(select.dataset.pictureLibrary));
    if (picture) {
      if (![...select.options].some((option) => option.value === String(picture.id))) {
        select.add(new Option(picture.title, picture.id));
      }
      select.value = picture.id;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    button.focus();
  });
  select.after(button);
}
