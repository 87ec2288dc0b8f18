// What the editor needs to know of our texts beyond its own parts: care cards, captions and pictures.
import { Node, Table as BaseTable, crel, gettext, updateAttrsDialog } from "django-prose-editor/editor";

// A card of the library: known by its short name, worded elsewhere, so it can be moved and removed only.
export const CareCard = Node.create({
  name: "careCard",
  group: "block",
  atom: true,
  draggable: true,

  addOptions: () => ({ names: {} }),
  addAttributes: () => ({
    card: { parseHTML: (element) => element.dataset.card, renderHTML: ({ card }) => ({ "data-card": card }) },
  }),
  parseHTML: () => [{ tag: "care-card[data-card]" }],
  renderHTML: ({ HTMLAttributes }) => ["care-card", HTMLAttributes],

  addNodeView() {
    return ({ node }) => {
      const name = this.options.names[node.attrs.card] || node.attrs.card;
      return { dom: crel("div", { className: "card-in-text", textContent: `${gettext("Care card")}: ${name}` }) };
    };
  },

  addMenuItems({ menu, buttons }) {
    const slugs = new Map(Object.entries(this.options.names).map(([slug, name]) => [name, slug]));
    const ask = updateAttrsDialog(
      { card: { title: gettext("Care card"), enum: [...slugs.keys()] } },
      { title: gettext("Insert a care card"), submitText: gettext("Insert") },
    );
    menu.defineItem({
      name: "careCard",
      groups: "nodes",
      button: buttons.material("health_and_safety", gettext("Insert a care card")),
      command: async (editor) => {
        const chosen = await ask(editor, {});
        if (chosen) {
          const card = { type: "careCard", attrs: { card: slugs.get(chosen.card) } };
          editor.chain().focus().insertContent(card).run();
        }
      },
    });
  },
});

// Pictures of the library pass through unchanged.
export const PictureFigure = Node.create({
  name: "pictureFigure",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes: () => ({ inside: { rendered: false, parseHTML: (element) => element.innerHTML } }),
  parseHTML: () => [{ tag: "figure:has(> img[data-picture])", priority: 100 }],
  renderHTML: ({ node }) => crel("figure", { innerHTML: node.attrs.inside }),
});

// Merged cells don't survive cleaning: readers with a screen reader would lose their way in the table.
const LEFT_OUT = new Set(["table:mergeCells", "table:splitCell"]);

export const Table = BaseTable.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      caption: {
        default: null,
        parseHTML: (element) => element.querySelector("caption")?.textContent || null,
        renderHTML: ({ caption }) => (caption ? { "data-caption": caption } : {}),
      },
    };
  },

  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],

  renderHTML({ node, HTMLAttributes }) {
    const caption = node.attrs.caption ? [["caption", node.attrs.caption]] : [];
    return ["table", HTMLAttributes, ...caption, ["tbody", 0]];
  },

  addMenuItems({ menu, ...rest }) {
    const kept = { ...menu, defineItem: (item) => LEFT_OUT.has(item.name) || menu.defineItem(item) };
    this.parent?.({ menu: kept, ...rest });
    const ask = updateAttrsDialog(
      { caption: { title: gettext("Caption") } },
      { title: gettext("Caption of the table"), submitText: gettext("Update") },
    );
    menu.defineItem({
      name: "table:caption",
      groups: "table",
      button: rest.buttons.material("subtitles", gettext("Caption of the table")),
      hidden: (editor) => !editor.isActive("table"),
      command: async (editor) => {
        const given = await ask(editor, editor.getAttributes("table"));
        if (given) {
          editor.chain().focus().updateAttributes("table", { caption: given.caption || null }).run();
        }
      },
    });
  },
});
