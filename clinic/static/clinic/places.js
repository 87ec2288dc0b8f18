// Where pictures and cards stand in a text: between two blocks, so that no line is torn apart.

// Below the block of a position, or above it; only an empty line gives way.
export function placeBeside($pos, type, isAbove = false) {
  if (!$pos.parent.isTextblock) {
    return { from: $pos.pos, to: $pos.pos };
  }
  const line = $pos.index(-1);
  const fits = (end) => $pos.node(-1).canReplaceWith(line, end, type);
  if ($pos.parent.type.name === "paragraph" && !$pos.parent.childCount && fits(line + 1)) {
    return { from: $pos.before(), to: $pos.after() };
  }
  const edge = isAbove && fits(line) ? $pos.before() : $pos.after();
  return { from: edge, to: edge };
}

// Above or below the block under the mouse, whichever edge is nearer.
export function placeUnder({ clientX, clientY }, view, type) {
  const found = view.posAtCoords({ left: clientX, top: clientY });
  const $pos = view.state.doc.resolve(found ? found.pos : view.state.doc.content.size);
  const block = $pos.parent.isTextblock && view.nodeDOM($pos.before()).getBoundingClientRect();
  return placeBeside($pos, type, clientY < (block.top + block.bottom) / 2);
}

// What is typed next stands under it, on a line of its own.
export function insertBetween(editor, node, given = null) {
  const { doc, selection } = editor.state;
  const place = given || placeBeside(selection.$to, node.type);
  const isFollowed = doc.resolve(place.to).nodeAfter?.type.name === "paragraph";
  const content = [node.toJSON(), ...(isFollowed ? [] : [{ type: "paragraph" }])];
  const under = place.from + node.nodeSize + 1;
  editor.chain().focus().insertContentAt(place, content).setTextSelection(under).scrollIntoView().run();
}
