/* While the slider moves, the page itself shows the color; nothing is stored before saving. */

const slider = document.querySelector(".hue-slider");
slider?.addEventListener("input", () => {
  document.documentElement.style.setProperty("--hue", slider.value);
});
