// Where the rail is longer than the window, the page somebody is on is in sight all the same.
document.querySelector(".rail a[aria-current]")?.scrollIntoView({ block: "nearest" });
