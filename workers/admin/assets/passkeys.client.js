// Passkeys: asks the browser for one, then sends what it answers.
const told = document.querySelector("[data-passkey-told]")

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
  })
  const read = await answer.json()
  if (!answer.ok) throw new Error(read.error?.message ?? "Something went wrong. Try again.")
  return read
}

async function run(action) {
  if (told) told.textContent = ""
  try {
    location.assign((await action()).next)
  } catch (error) {
    const cancelled = error instanceof DOMException
    if (told) told.textContent = cancelled ? "No passkey was used." : error.message
  }
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = !("PublicKeyCredential" in window)
  button.addEventListener("click", () =>
    run(async () => {
      const path = button.dataset.passkey
      const options = await post(`${path}/options`)
      if (button.dataset.passkeyDoes === "register") {
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
        const credential = await navigator.credentials.create({ publicKey })
        return post(path, { name: document.getElementById("passkey-name").value, answer: credential.toJSON() })
      }
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
      const credential = await navigator.credentials.get({ publicKey })
      return post(path, { back: button.dataset.back, answer: credential.toJSON() })
    }),
  )
}
