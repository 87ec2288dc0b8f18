// Links: to our own pages by their names, to other sites by their addresses.
import { Link as BaseLink, crel, gettext } from "django-prose-editor/editor";
import { ask, calmly, field } from "clinic/dialog";

const LEADS_SOMEWHERE = /^(https?:\/\/.|mailto:.|tel:.|\/(?![/\\])|#.)/i;
const WEB_ADDRESS = /^[\w-]+(\.[\w-]+)+([/?#:].*)?$/;
const MAIL_ADDRESS = /^[^\s@/]+@[^\s@]+\.[^\s@]+$/;

// Return what somebody typed as an address, or "" if it leads nowhere.
export function addressOf(typed) {
  const value = typed.trim();
  if (value.startsWith(`${location.origin}/`)) {
    return value.slice(location.origin.length);
  }
  if (LEADS_SOMEWHERE.test(value)) {
    return value;
  }
  if (MAIL_ADDRESS.test(value)) {
    return `mailto:${value}`;
  }
  return WEB_ADDRESS.test(value) ? `https://${value}` : "";
}

function placeButton({ title, kind, url }, choose) {
  const button = crel("button", { type: "button" }, [title, " ", crel("small", { textContent: kind })]);
  button.addEventListener("click", () => choose({ title, url }));
  return crel("li", {}, [button]);
}

async function askForLink(choices, { href, words }) {
  const search = crel("input", { type: "search", autocomplete: "off" });
  const found = crel("ul", { className: "dialog-choices" });
  const news = crel("p", { className: "hint", role: "status" });
  const address = crel("input", { name: "href", value: href || "", autocomplete: "off", required: true });
  const text = crel("input", { name: "words", required: true });
  const choose = ({ title, url }) => {
    address.value = url;
    address.setCustomValidity("");
    text.value = text.value || title;
    address.focus();
  };
  const look = calmly(async () => {
    const response = await fetch(`${choices}?${new URLSearchParams({ q: search.value })}`);
    const { places } = await response.json();
    found.replaceChildren(...places.map((place) => placeButton(place, choose)));
    news.textContent = places.length || !search.value ? "" : gettext("No page of ours has these words in its name.");
  });
  search.addEventListener("input", look);
  address.addEventListener("input", () => {
    const isWrong = address.value && !addressOf(address.value);
    address.setCustomValidity(isWrong ? gettext("Enter an address such as www.example.org.") : "");
  });
  const given = await ask({
    title: href ? gettext("Change the link") : gettext("Insert a link"),
    submit: href ? gettext("Change") : gettext("Insert"),
    parts: [
      field(gettext("Find one of our pages"), search),
      news,
      found,
      field(gettext("Address"), address, gettext("Chosen above, or of another site.")),
      ...(words ? [field(gettext("Words of the link"), text, gettext("Say where it leads."))] : []),
    ],
  });
  return given && { href: addressOf(given.get("href")), words: given.get("words") };
}

async function edit(editor, choices) {
  const isLink = editor.isActive("link");
  const words = editor.state.selection.empty && !isLink;
  const given = await askForLink(choices, { ...editor.getAttributes("link"), words });
  if (!given) {
    editor.commands.focus();
  } else if (words) {
    const link = { type: "link", attrs: { href: given.href } };
    editor.chain().focus().insertContent({ type: "text", text: given.words, marks: [link] }).unsetMark("link").run();
  } else {
    editor.chain().focus().extendMarkRange("link").setLink({ href: given.href }).run();
  }
}

export const Link = BaseLink.extend({
  addOptions() {
    return { ...this.parent?.(), choices: "" };
  },

  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        edit(editor, this.options.choices);
        return true;
      },
    };
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "link",
      groups: "link",
      button: buttons.material("insert_link", gettext("Link")),
      active: (editor) => editor.isActive("link"),
      command: (editor) => edit(editor, this.options.choices),
    });
    menu.defineItem({
      name: "unlink",
      groups: "link",
      button: buttons.material("link_off", gettext("Remove the link")),
      hidden: (editor) => !editor.isActive("link"),
      command: (editor) => editor.chain().focus().extendMarkRange("link").unsetLink().run(),
    });
  },
});
