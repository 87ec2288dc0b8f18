// Let a click on the picture set its focal point. The two numbers are the form's own; they work without this.
const picture = document.querySelector("[data-focus]");
const [x, y] = ["focal_x", "focal_y"].map((name) => document.getElementById(`id_${name}`));

if (picture && x && y) {
  const mark = document.createElement("span");
  mark.className = "focus-mark";
  picture.append(mark);

  const show = () => {
    mark.style.left = `${x.value}%`;
    mark.style.top = `${y.value}%`;
  };
  const percent = (part, whole) => Math.min(100, Math.max(0, Math.round((part / whole) * 100)));

  picture.addEventListener("click", ({ clientX, clientY }) => {
    const box = picture.getBoundingClientRect();
    x.value = percent(clientX - box.left, box.width);
    y.value = percent(clientY - box.top, box.height);
    show();
  });
  x.addEventListener("input", show);
  y.addEventListener("input", show);
  show();
}
