// Where the rail is longer than the window, the page somebody is on is in sight all the same.
document.querySelector(".rail a[aria-current]")?.scrollIntoView({ block: "nearest" });

// What is opened at the foot of the rail comes into sight with what is in it.
const settings = document.querySelector(".rail details");
settings?.addEventListener("toggle", () => {
  (settings.querySelector("[aria-current]") ?? settings.lastElementChild).scrollIntoView({ block: "nearest" });
});

// Where the rail is a menu over the page, what has the focus is never behind it.
const menu = document.querySelector("#rail-menu");
menu?.addEventListener("focusout", ({ relatedTarget }) => {
  if (menu.matches(":popover-open") && relatedTarget && !relatedTarget.closest(".rail")) {
    menu.hidePopover();
  }
});
