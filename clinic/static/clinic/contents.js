// Opens the contents beside the text, and marks there what is being read.
const contents = document.querySelector(".contents details");
const links = [...contents.querySelectorAll("a")];
const headings = links.map((link) => document.getElementById(link.hash.slice(1)));

function mark() {
  const last = headings.findLastIndex((heading) => heading.getBoundingClientRect().top < innerHeight * 0.33);
  links.forEach((link, row) => { link.ariaCurrent = row === last ? "location" : null; });
}

const watch = new IntersectionObserver(mark, { rootMargin: "999999px 0px -67%" });
headings.forEach((heading) => watch.observe(heading));
contents.open = matchMedia("(min-width: 60rem)").matches;
