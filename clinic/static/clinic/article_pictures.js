// Figures in a text: a picture of the library, what it tells in this place, and a caption written right there.
import { Node, Plugin, crel, gettext } from "django-prose-editor/editor";
import { altLine, choosePicture, describePicture } from "clinic/pictures";
import { insertBetween, placeUnder } from "clinic/places";

const imageIn = (transfer) => [...(transfer?.files || [])].find((file) => file.type.startsWith("image/"));

async function insert(editor, options, dropped = null, place = null) {
  const picture = await choosePicture(options, dropped);
  const proposed = { alt: picture?.alt || null, caption: picture?.caption || "", submit: gettext("Insert") };
  const use = picture && (await describePicture(picture, proposed));
  if (!use) {
    editor.commands.focus();
    return;
  }
  const { schema } = editor;
  const attrs = { picture: String(picture.id), src: picture.url, alt: use.alt };
  const caption = use.caption ? schema.text(use.caption) : null;
  insertBetween(editor, schema.nodes.pictureFigure.create(attrs, caption), place);
}

async function describeAnew(editor, at) {
  const { src, alt } = editor.state.doc.nodeAt(at).attrs;
  const use = await describePicture({ url: src }, { alt, submit: gettext("Change") });
  if (use) {
    editor.view.dispatch(editor.state.tr.setNodeAttribute(at, "alt", use.alt));
  }
  editor.commands.focus();
}

const imageOf = (element) => element.querySelector(":scope > img") || element;

export const PictureFigure = Node.create({
  name: "pictureFigure",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,

  addOptions: () => ({ choices: "", upload: "" }),

  addAttributes: () => ({
    picture: { default: null, parseHTML: (element) => imageOf(element).dataset.picture },
    src: { default: null, parseHTML: (element) => imageOf(element).getAttribute("src") },
    // null: nobody has said yet what the picture tells; "": it only decorates.
    alt: { default: null, parseHTML: (element) => imageOf(element).getAttribute("alt") },
  }),

  parseHTML: () => [
    {
      tag: "figure:has(> img[data-picture])",
      priority: 100,
      contentElement: (element) => element.querySelector("figcaption") || document.createElement("figcaption"),
    },
    { tag: "img[data-picture]", priority: 100, contentElement: () => document.createElement("figcaption") },
  ],

  renderHTML({ node: { attrs } }) {
    const said = Object.entries({ "data-picture": attrs.picture, alt: attrs.alt, src: attrs.src });
    const image = ["img", Object.fromEntries(said.filter(([, value]) => value !== null))];
    return ["figure", image, ["figcaption", 0]];
  },

  addNodeView() {
    return ({ node, editor, getPos }) => {
      const image = crel("img", { src: node.attrs.src || "", alt: "" });
      const line = crel("span", { textContent: altLine(node.attrs.alt) });
      const button = crel("button", { type: "button", className: "link-button", textContent: gettext("Change") });
      button.addEventListener("click", () => describeAnew(editor, getPos()));
      const about = crel("p", { className: "figure-about", contentEditable: "false" }, [line, " ", button]);
      const caption = crel("figcaption", { "data-hint": gettext("Caption (optional)") });
      const update = (changed) => {
        line.textContent = altLine(changed.attrs.alt);
        return changed.type === node.type && changed.attrs.src === node.attrs.src;
      };
      const dom = crel("figure", { className: "figure-in-text" }, [image, about, caption]);
      return { dom, contentDOM: caption, update, stopEvent: ({ target }) => target === button };
    };
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "pictureFigure",
      groups: "nodes",
      button: buttons.material("image", gettext("Insert a picture")),
      command: (editor) => insert(editor, this.options),
    });
  },

  addProseMirrorPlugins() {
    const take = (event, transfer, place = null) => {
      const file = imageIn(transfer);
      // Word and Excel put a picture of what is copied beside the words themselves.
      if (!file || /<(p|h\d|li|td)\b/i.test(transfer.getData("text/html"))) {
        return false;
      }
      event.preventDefault();
      insert(this.editor, this.options, file, place);
      return true;
    };
    return [
      new Plugin({
        props: {
          handlePaste: (view, event) => {
            const { state } = view;
            // A caption takes words only.
            if (state.selection.$from.parent.type.name === this.name) {
              const words = event.clipboardData.getData("text/plain").replace(/\s+/g, " ");
              view.dispatch(state.tr.insertText(words));
              return true;
            }
            return take(event, event.clipboardData);
          },
          handleDrop: (view, event) =>
            take(event, event.dataTransfer, placeUnder(event, view, this.type)),
        },
      }),
    ];
  },
});
