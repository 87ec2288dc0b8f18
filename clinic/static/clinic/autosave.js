// Keeps what is being typed: in the first pause of seconds, on leaving a box, on leaving the page.
// Nothing typed goes into the browser's storage: the working copy on the server is the only other place.

const WAIT = 2500;
const WAIT_AFTER_A_BOX = 300;
// Who types without a pause is saved as well.
const LONGEST_WAIT = 10000;
const TRY_AGAIN = 15000;
// In bytes; in step with articles.desk_forms.
const LONGEST_BODY = 500_000;
// What browsers still send of a page that is being closed, in characters, with room for other fields.
const LONGEST_FAREWELL = 30_000;

const form = document.querySelector("form[data-autosave]");
const place = form?.querySelector("[data-saved]");
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" });
// How far from its end somebody stood in the page when they saved: a number, and nothing that was typed.
const PLACE = `place:${location.pathname}`;
let isDirty = false;
let waitingSince = 0;
let isLeaving = false;
let isOvertaken = false;
let underWay = null;
let timer = null;

function say(line, words = "") {
  const said = form.querySelector(`template[data-line="${line}"]`).content.cloneNode(true);
  said.querySelector("[data-slot]")?.append(words);
  place.replaceChildren(said);
  place.dataset.state = line;
}

function plan(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

const isTooLong = () => new Blob([form.elements.body.value]).size > LONGEST_BODY;

// A redirect leads to the sign-in page; following it would only fetch that page.
const ask = (options) => fetch(form.dataset.autosave, { redirect: "manual", ...options });

async function post() {
  const isFarewell = document.hidden && form.elements.body.value.length < LONGEST_FAREWELL;
  return ask({ method: "POST", body: new FormData(form), keepalive: isFarewell });
}

// Signing in again in another tab makes the tokens of this page worthless.
async function renewToken() {
  const response = await ask();
  if (!response.ok) {
    return false;
  }
  const { token } = await response.json();
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    input.value = token;
  }
  return true;
}

async function exchange() {
  let response = await post();
  if (response.status === 403 && (await renewToken())) {
    response = await post();
  }
  if (response.type === "opaqueredirect" || response.status === 403) {
    isDirty = true;
    say("signed-out");
    plan(TRY_AGAIN);
    return;
  }
  if (![200, 409].includes(response.status)) {
    throw new Error(response.status);
  }
  settle(await response.json());
}

function settle(answer) {
  if (answer.conflict) {
    isDirty = isOvertaken = true;
    say("conflict", `${answer.conflict.who}, ${answer.conflict.at}`);
    return;
  }
  form.elements.version.value = answer.version;
  if (answer.errors.length) {
    isDirty = true;
    say("partly", answer.errors.join(" "));
  } else if (!isDirty) {
    say("saved", clock.format(Date.now()).toLowerCase());
  }
  document.dispatchEvent(new CustomEvent("desk:saved", { detail: answer }));
}

async function save() {
  clearTimeout(timer);
  if (!isDirty || isOvertaken || isLeaving) {
    return;
  }
  if (underWay) {
    plan(WAIT_AFTER_A_BOX);
    return;
  }
  waitingSince = Date.now();
  if (isTooLong()) {
    say("too-long");
    return;
  }
  isDirty = false;
  say("saving");
  underWay = exchange().catch(() => {
    isDirty = true;
    say("offline");
    plan(TRY_AGAIN);
  });
  await underWay;
  underWay = null;
}

function note() {
  waitingSince = isDirty ? waitingSince : Date.now();
  isDirty = true;
  if (!isOvertaken) {
    say("typing");
    plan(Math.min(WAIT, waitingSince + LONGEST_WAIT - Date.now()));
  }
}

// The save of the whole form must name the newest version and token, and must not end on an error page.
async function submit(event) {
  clearTimeout(timer);
  if (isLeaving) {
    return;
  }
  event.preventDefault();
  if (isTooLong()) {
    say("too-long");
    return;
  }
  await underWay;
  try {
    await renewToken();
  } catch {
    say("offline");
    plan(TRY_AGAIN);
    return;
  }
  isLeaving = true;
  sessionStorage.setItem(PLACE, document.documentElement.scrollHeight - scrollY);
  form.requestSubmit(event.submitter);
}

// After a save the writer is where they were, and reads what was done beside the button.
function goBack() {
  const fromEnd = sessionStorage.getItem(PLACE);
  const message = document.querySelector(".messagelist");
  sessionStorage.removeItem(PLACE);
  if (fromEnd === null || !message || document.querySelector(".error-summary, .desk-conflict")) {
    return;
  }
  say("done", message.textContent.trim());
  message.remove();
  form.querySelector(".desk-actions button").focus({ preventScroll: true });
  // The text has its height only with the editor; what is still drawn above it moves nothing.
  const scroll = () => scrollTo(0, document.documentElement.scrollHeight - fromEnd);
  document.addEventListener("prose-editor:ready", scroll, { once: true });
}

if (form) {
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("focusout", () => isDirty && plan(WAIT_AFTER_A_BOX));
  form.addEventListener("submit", submit);
  document.addEventListener("visibilitychange", save);
  addEventListener("online", save);
  addEventListener("pageshow", () => (isLeaving = false));
  addEventListener("beforeunload", (event) => (isDirty || underWay) && !isLeaving && event.preventDefault());
  goBack();
}
