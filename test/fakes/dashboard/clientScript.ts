/** Sends forms without leaving the page, and lets the page follow what happens without losing what is open or typed. */
export const clientScript = `
const notice = document.getElementById("notice")
function tell(text) {
  notice.textContent = text
  notice.classList.toggle("shown", text !== "")
  clearTimeout(tell.timer)
  if (text) tell.timer = setTimeout(() => tell(""), 6000)
}

// Makes one tree look like another; elements with an id keep their identity, so frames and open details stay.
function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return old.replaceWith(fresh)
  if (old.nodeType !== Node.ELEMENT_NODE) { old.nodeValue = fresh.nodeValue; return }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name)
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) {
    old.setAttribute(name, value)
    if (name === "value" && old !== document.activeElement) old.value = value
  }
  if (!old.hasAttribute("data-src")) morphChildren(old, fresh)
}
function morphChildren(old, fresh) {
  const named = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]))
  const kept = new Set([...fresh.children].map((child) => child.id).filter((id) => named.has(id)))
  for (const [id, child] of named) if (!kept.has(id)) child.remove()
  let at = old.firstChild
  for (const wanted of [...fresh.childNodes]) {
    const known = wanted.id && named.get(wanted.id)
    if (known) {
      if (known === at) at = at.nextSibling
      else old.insertBefore(known, at)
      morph(known, wanted)
    } else if (at && !at.id && !wanted.id) {
      const next = at.nextSibling
      morph(at, wanted)
      at = next
    } else old.insertBefore(wanted, at)
  }
  while (at) { const next = at.nextSibling; at.remove(); at = next }
}

const logs = () => [...document.querySelectorAll("[data-log]")]
const toEnd = (log) => { log.scrollTop = log.scrollHeight }
const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 40

async function redraw() {
  const following = new Set(logs().filter(atEnd))
  const dialogs = new Set([...document.querySelectorAll("[data-dialog]")].map((dialog) => dialog.id))
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html")
  for (const section of document.querySelectorAll("section[id]")) {
    const fresh = page.getElementById(section.id)
    if (fresh) morph(section, fresh)
  }
  for (const log of logs()) if (following.has(log)) toEnd(log)
  focusDialog(dialogs)
}

// Into a modal that was not there before.
function focusDialog(known) {
  for (const dialog of document.querySelectorAll("[data-dialog]"))
    if (!known.has(dialog.id)) dialog.querySelector("input:not([type=hidden]), textarea, select")?.focus()
}

let last
async function follow() {
  try {
    const now = document.hidden ? last : await (await fetch("/pulse")).text()
    if (last !== undefined && now !== last) await redraw()
    last = now
  } catch {
    last = ""
  }
  setTimeout(follow, 700)
}

document.addEventListener("submit", async (event) => {
  const form = event.target
  const action = form.getAttribute("action") ?? ""
  if (!action.startsWith("/_/")) return
  event.preventDefault()
  if (form.getAttribute("aria-busy") === "true") return
  const fields = new FormData(form, event.submitter)
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields)
  form.setAttribute("aria-busy", "true")
  try {
    const answer = await fetch(action, { method: "POST", body, redirect: "manual" })
    if (answer.type !== "opaqueredirect" && !answer.ok) return tell((await answer.json()).error)
    tell((event.submitter?.textContent ?? "Done") + ": done")
    if (form.hasAttribute("data-clear")) {
      form.reset()
      for (const log of logs()) toEnd(log)
    }
    if (document.querySelector("main.narrow")) location.reload()
    else await redraw()
  } finally {
    form.removeAttribute("aria-busy")
  }
})

// Enter sends what is written; Shift and Enter begin a new line.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.closest(".compose textarea")) return
  event.preventDefault()
  event.target.form.requestSubmit(event.target.form.querySelector("button"))
})

let typing
document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-suggest]")
  if (!field) return
  clearTimeout(typing)
  typing = setTimeout(async () => {
    const fields = new FormData(field.form)
    fields.set("action", "autocomplete:" + field.dataset.suggest)
    await fetch(field.form.getAttribute("action"), { method: "POST", body: fields, redirect: "manual" })
    await redraw()
  }, 250)
})

document.addEventListener("toggle", async (event) => {
  const payload = event.target.open && event.target.querySelector(":scope > .body > pre[data-src]")
  if (payload && !payload.textContent) payload.textContent = await (await fetch(payload.dataset.src)).text()
}, true)

for (const log of logs()) toEnd(log)
focusDialog(new Set())
follow()
`
