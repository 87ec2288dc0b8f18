// The lead picture, chosen by its looks instead of by its name in a list.
import { crel, gettext } from "django-prose-editor/editor";
import { choosePicture } from "clinic/pictures";

for (const select of document.querySelectorAll("select[data-picture-choices]")) {
  const textContent = gettext("Choose from the library");
  const button = crel("button", { type: "button", className: "button button-secondary", textContent });
  button.addEventListener("click", async () => {
    const { pictureChoices, pictureUpload } = select.dataset;
    const picture = await choosePicture({ choices: pictureChoices, upload: pictureUpload });
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
