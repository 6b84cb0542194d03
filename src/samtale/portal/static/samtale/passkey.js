// Passkeys: the one thing on the portal's pages that cannot do without a script.
// A form with data-passkey="sign-in|use|make" is sent with the credential in its field.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function decoded(options) {
  const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (key[list]) key[list] = key[list].map((one) => ({ ...one, id: bytes(one.id) }));
  return key;
}

function encoded(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function optionsFor(form) {
  if (form.dataset.options) {
    const given = JSON.parse(document.getElementById(form.dataset.options).textContent);
    return given.creation_options ?? given.request_options;
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options;
}

async function credentialFor(form) {
  const publicKey = decoded(await optionsFor(form));
  if (form.dataset.passkey !== "make") return navigator.credentials.get({ publicKey });
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return navigator.credentials.create({ publicKey });
}

async function send(form) {
  const button = form.querySelector("button[type=submit]");
  const failed = form.querySelector("[data-passkey-failed]");
  button.setAttribute("aria-busy", "true");
  failed.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(encoded(await credentialFor(form)));
    form.submit();
  } catch {
    failed.hidden = false;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

if (window.PublicKeyCredential)
  for (const hidden of document.querySelectorAll("[data-needs-passkeys]")) hidden.hidden = false;
for (const form of document.querySelectorAll("form[data-passkey]"))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form);
  });
