// Tells of requests that came in since the list was drawn. The list itself stays as it is until somebody
// asks for it anew: nothing moves under the reader's hands. An empty list has nothing to move, and fills itself.

const EVERY = 20_000;
const EVERY_WHILE_HIDDEN = 60_000;
const SOUND = "sound-for-new-requests";
const TONE = 0.5;

const bar = document.querySelector("[data-news]");
const said = bar.querySelector("[data-said]");
const details = bar.querySelector("details");
const sound = bar.querySelector("input");
const address = new URL(bar.dataset.news, location);
const title = document.title;
const told = { new: 0, urgent: 0 };
let askedAt = Date.now();
let isSignedOut = false;
let timer = null;
let audio = null;

function line(name) {
  const words = bar.querySelector(`template[data-line="${name}"]`).content.cloneNode(true);
  for (const slot of words.querySelectorAll("[data-slot]")) {
    slot.textContent = told[slot.dataset.slot];
  }
  return words;
}

function tell(answer) {
  for (const place of document.querySelectorAll("[data-tab-count]")) {
    place.textContent = answer.counts[place.dataset.tabCount];
  }
  if (!answer.new) {
    return;
  }
  address.searchParams.set("since", answer.since);
  told.new += answer.new;
  told.urgent += answer.urgent;
  bar.querySelector("[data-rows]").insertAdjacentHTML("beforeend", answer.rows);
  details.hidden = false;
  said.replaceChildren(line("new"), ...(told.urgent ? [line("urgent")] : []));
  document.title = `(${told.new}) ${title}`;
  beep();
  // Never under somebody who is just filling in a search or a filter.
  if (!document.querySelector(".desk-requests") && !document.activeElement.closest("form")) {
    setTimeout(() => location.reload(), TONE * 1000);
  }
}

async function ask() {
  askedAt = Date.now();
  // A redirect leads to the sign-in page; following it would only fetch that page.
  const response = await fetch(address, { redirect: "manual" });
  if (response.type === "opaqueredirect" || response.status === 403) {
    isSignedOut = details.hidden = true;
    said.replaceChildren(line("signed-out"));
  } else if (response.ok) {
    tell(await response.json());
  }
}

// Less often while nobody can see the page, who may still hear it; what fails is asked again in its turn.
function plan() {
  clearTimeout(timer);
  if (!isSignedOut) {
    const next = askedAt + (document.hidden ? EVERY_WHILE_HIDDEN : EVERY);
    timer = setTimeout(() => ask().catch(() => {}).then(plan), Math.max(0, next - Date.now()));
  }
}

function beep() {
  if (!sound.checked) {
    return;
  }
  audio ??= new AudioContext();
  audio.resume();
  const tone = new OscillatorNode(audio, { frequency: 880 });
  const loudness = new GainNode(audio, { gain: 0.2 });
  loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + TONE);
  tone.connect(loudness).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + TONE);
}

bar.hidden = false;
document.addEventListener("visibilitychange", plan);
plan();
// Kept by this browser: a preference, and nothing about anybody.
sound.checked = localStorage.getItem(SOUND) === "on";
sound.addEventListener("change", () => {
  localStorage.setItem(SOUND, sound.checked ? "on" : "off");
  beep();
});
