// What the editor needs to know of our texts beyond its own parts: care cards, and tables with headings.
import { Node, Table as BaseTable, crel, gettext } from "django-prose-editor/editor";
import { ask, choice, field } from "clinic/dialog";
import { insertBetween } from "clinic/places";

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
    menu.defineItem({
      name: "careCard",
      groups: "nodes",
      button: buttons.material("health_and_safety", gettext("Insert a care card")),
      command: async (editor) => {
        const cards = Object.entries(this.options.names);
        const options = cards.map(([value, textContent]) => crel("option", { value, textContent }));
        const given = await ask({
          title: gettext("Insert a care card"),
          submit: gettext("Insert"),
          parts: [field(gettext("Care card"), crel("select", { name: "card" }, options))],
        });
        if (given) {
          insertBetween(editor, editor.schema.nodes.careCard.create({ card: given.get("card") }));
        }
      },
    });
  },
});

// Merged cells don't survive cleaning: readers with a screen reader would lose their way in the table.
const LEFT_OUT = new Set(["table:mergeCells", "table:splitCell"]);

async function askForTable(editor) {
  const number = (name, value) => crel("input", { type: "number", name, value, min: 1, max: 50, required: true });
  const given = await ask({
    title: gettext("Insert a table"),
    submit: gettext("Insert"),
    parts: [
      field(gettext("Rows"), number("rows", 3)),
      field(gettext("Columns"), number("cols", 3)),
      choice(gettext("The first row holds headings"), crel("input", { type: "checkbox", name: "head", checked: true })),
    ],
  });
  if (given) {
    const size = { rows: Number(given.get("rows")), cols: Number(given.get("cols")) };
    const { $to } = editor.state.selection;
    // Behind the line, so that it is not torn apart.
    const place = $to.parent.isTextblock ? $to.end() : $to.pos;
    const table = { ...size, withHeaderRow: given.has("head") };
    editor.chain().focus().setTextSelection(place).insertTable(table).run();
  }
}

async function askForCaption(editor) {
  const value = editor.getAttributes("table").caption || "";
  const given = await ask({
    title: gettext("Caption of the table"),
    submit: gettext("Change"),
    parts: [field(gettext("Caption"), crel("input", { name: "caption", value }))],
  });
  if (given) {
    editor.chain().focus().updateAttributes("table", { caption: given.get("caption").trim() || null }).run();
  }
}

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

  addCommands() {
    return {
      ...this.parent?.(),
      insertTableWithOptions: () => ({ editor }) => {
        askForTable(editor);
        return true;
      },
    };
  },

  addMenuItems({ menu, ...rest }) {
    const kept = { ...menu, defineItem: (item) => LEFT_OUT.has(item.name) || menu.defineItem(item) };
    this.parent?.({ menu: kept, ...rest });
    menu.defineItem({
      name: "table:headerRow",
      groups: "table",
      button: rest.buttons.material("table_rows", gettext("Headings in the first row on or off")),
      hidden: (editor) => !editor.isActive("table"),
      command: (editor) => editor.chain().focus().toggleHeaderRow().run(),
    });
    menu.defineItem({
      name: "table:caption",
      groups: "table",
      button: rest.buttons.material("subtitles", gettext("Caption of the table")),
      hidden: (editor) => !editor.isActive("table"),
      command: askForCaption,
    });
  },
});
