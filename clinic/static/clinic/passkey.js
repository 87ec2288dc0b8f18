// Forms with data-passkey ask the browser for a passkey or key ("get"), or to make one ("create"), and send
// what it answers, in the form that data-fills names if there is one. Browsers without them never see these
// forms. allauth's script turns JSON into what browsers want; older ones can't themselves.
const options = async (form) => {
  if (!form.dataset.options) return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  return answer.json();
};

// Without a name or password typed, the key itself must know who holds it, and ask for a PIN or a finger.
const standingAlone = (creation) => {
  const selection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  return { publicKey: { ...creation.publicKey, authenticatorSelection: selection } };
};

export const credential = async (form) => {
  const found = await options(form);
  if (form.dataset.passkey === "get") return window.webauthnJSON.get(found.request_options);
  const isAlone = form.elements.passwordless?.checked;
  return window.webauthnJSON.create(isAlone ? standingAlone(found.creation_options) : found.creation_options);
};

const ask = async (form) => {
  const failure = form.querySelector("[data-passkey-failed]");
  failure.hidden = true;
  try {
    const target = document.getElementById(form.dataset.fills) ?? form;
    target.elements.credential.value = JSON.stringify(await credential(form));
    // Without an event, because this form would ask again.
    target === form ? form.submit() : target.requestSubmit();
  } catch {
    failure.hidden = false;
  }
};

if (window.webauthnJSON?.supported() && window.isSecureContext) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    // What is hidden when the page opens gets no focus.
    form.querySelector("[autofocus]")?.focus();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
}
