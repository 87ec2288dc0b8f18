// Watches over the session of this page. Who uses the page stays signed in; when nobody does, it asks first,
// then covers everything until its person unlocks it. The server decides; where it is silent, the page covers.

const TICK = 5_000;
const TELL_EVERY = 60_000;
const ASK_EVERY = 30_000;
const PATIENCE = 4_000;
const WARN_BEFORE = 120_000;
const ENDS_SOON = 15 * 60_000;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel", "touchstart"];

const here = document.querySelector("[data-presence]");
const { presence: address, person } = here.dataset;
const cover = document.querySelector("[data-cover]");
const heading = document.querySelector("[data-cover-title]");
const locked = heading.textContent;
const warning = document.querySelector("[data-idle]");
const form = cover.querySelector("#unlock-form");
const failure = form.querySelector("[data-unlock-error]");
const time = cover.querySelector("[data-clock]");
const { zone: timeZone } = time.dataset;
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", timeZone });
const tabs = new BroadcastChannel("presence");
// The page of a locked session is nothing but cover.
const isPage = !cover.showModal;
let isCovered = isPage;
let title = document.title;
let lockAt = Date.now() + here.dataset.left * 1000;
let endAt = Date.now() + here.dataset.endsIn * 1000;
let toldAt = Date.now();
let askedAt = Date.now();
let telling = null;

// Null stands for somebody who is signed out: following the redirect would only fetch the sign-in page.
async function ask(options = {}) {
  askedAt = Date.now();
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(options.address ?? address, { redirect: "manual", signal, ...options });
  if (response.type === "opaqueredirect") {
    return null;
  }
  if (!response.ok) {
    throw new Error(response.status);
  }
  return response.json();
}

const post = (body, more = {}) => ask({ method: "POST", body, ...more });

const token = () => form.elements.csrfmiddlewaretoken.value;

function settle(answer) {
  const isOurs = answer !== null && String(answer.person) === person;
  cover.querySelector("[data-signed-out]").hidden = answer !== null;
  cover.querySelector("[data-taken]").hidden = answer === null || isOurs;
  cover.querySelector("[data-unlock]").hidden = !isOurs;
  heading.textContent = isOurs ? locked : heading.dataset.over;
  if (!isOurs) {
    hide({});
    cover.querySelector("p:not([hidden]) > a").focus();
    if (isPage) reopen();
    return;
  }
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    input.value = answer.token;
  }
  lockAt = Date.now() + answer.left * 1000;
  endAt = Date.now() + answer.ends_in * 1000;
  if (answer.is_locked) {
    hide(answer);
  } else {
    show();
    warn();
  }
}

function hide({ numbers, has_passkey = false }) {
  cover.querySelector("[data-has-passkey]").hidden = !has_passkey;
  cover.querySelector("[data-numbers]").hidden = !numbers;
  for (const place of numbers ? cover.querySelectorAll("[data-number]") : []) {
    place.textContent = numbers[place.dataset.number];
  }
  renewClock();
  if (isCovered) {
    document.title = heading.textContent;
    return;
  }
  isCovered = true;
  title = document.title;
  document.title = heading.textContent;
  // Dialogs give the focus back only to what is in sight.
  warning.close();
  cover.showModal();
  document.documentElement.dataset.locked = "";
}

// What the page of a locked session keeps goes on only when somebody sends it.
function reopen() {
  if (!document.querySelector("[name=kept_post]").value) {
    location.replace(location.href);
  }
}

function show() {
  if (isPage) {
    reopen();
  } else if (isCovered) {
    isCovered = false;
    form.reset();
    failure.hidden = true;
    delete document.documentElement.dataset.locked;
    document.title = title;
    cover.close();
  }
}

function warn() {
  const isNear = lockAt - Date.now() <= WARN_BEFORE;
  if (isNear && !warning?.open) {
    warning?.showModal();
  } else if (!isNear) {
    warning?.close();
  }
}

async function check() {
  try {
    settle(await ask());
  } catch {
    if (Date.now() >= Math.min(lockAt, endAt)) {
      hide({});
    }
  }
}

async function tell() {
  telling = null;
  toldAt = Date.now();
  try {
    settle(await post(new URLSearchParams({ csrfmiddlewaretoken: token() })));
  } catch {
    // A token that is worthless by now is renewed by asking.
    await check();
  }
}

function note() {
  if (!isCovered) {
    telling ??= setTimeout(tell, Math.max(0, toldAt + TELL_EVERY - Date.now()));
  }
}

function tick() {
  const now = Date.now();
  const isOver = !isCovered && now >= Math.min(lockAt, endAt);
  const isAwaited = isCovered || warning.open;
  if (isOver || (isAwaited ? now - askedAt >= ASK_EVERY : now >= lockAt - WARN_BEFORE)) {
    check();
  }
  here.querySelector("[data-ends]")?.toggleAttribute("hidden", now < endAt - ENDS_SOON);
  renewClock();
}

function renewClock() {
  time.textContent = clock.format(Date.now()).toLowerCase();
}

async function unlock(event) {
  event.preventDefault();
  try {
    const answer = await post(new FormData(form));
    settle(answer);
    failure.textContent = answer?.errors.join(" ") ?? "";
    failure.hidden = !failure.textContent;
    tabs.postMessage("unlocked");
  } catch {
    failure.textContent = failure.dataset.offline;
    failure.hidden = false;
    await check();
  }
  form.elements.password.value = form.elements.credential.value = "";
  form.elements.password.focus();
}

async function lock(event) {
  event.preventDefault();
  const body = new FormData(event.target);
  body.delete("next");
  try {
    settle(await post(body, { address: event.target.action }));
    tabs.postMessage("locked");
  } catch {
    event.target.submit();
  }
}

if (!isPage) {
  form.addEventListener("submit", unlock);
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => isCovered && cover.showModal());
  warning.querySelector("[data-stay]").addEventListener("click", tell);
  // Small windows have no rail.
  document.querySelector("[data-lock]")?.addEventListener("submit", lock);
  for (const sign of SIGNS_OF_LIFE) {
    document.addEventListener(sign, note, { capture: true, passive: true });
  }
}
document.addEventListener("visibilitychange", () => document.hidden || check().then(note));
// Back to a page as the browser remembers it: its person may have signed out since.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
tabs.addEventListener("message", check);
setInterval(tick, TICK);
