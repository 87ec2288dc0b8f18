// Keeps the time that is left right while somebody looks at it, in the words of the server.

const EVERY = 20_000;
const MINUTE = 60_000;

const words = document.querySelector("[data-now][data-left]").dataset;
// The clock of this computer may be wrong.
const ahead = Date.now() - Date.parse(words.now);

const put = (text, values) => text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);

function said(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = String(minutes % 60).padStart(2, "0");
  return hours ? put(words.hours, { hours, minutes: rest }) : put(words.minutes, { minutes });
}

function urgency(now, due, alarm) {
  if (now >= due) {
    return "urgent";
  }
  return now >= alarm ? "soon" : "calm";
}

function renew() {
  const now = Date.now() - ahead;
  for (const badge of document.querySelectorAll("time[data-alarm]")) {
    const due = Date.parse(badge.dateTime);
    const time = said(Math.floor(Math.abs(due - now) / MINUTE));
    badge.textContent = put(now >= due ? words.late : words.left, { time });
    badge.className = `badge badge-${urgency(now, due, Date.parse(badge.dataset.alarm))}`;
  }
}

setInterval(renew, EVERY);
document.addEventListener("visibilitychange", renew);
