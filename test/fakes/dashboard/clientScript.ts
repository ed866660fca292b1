/** Sends forms without leaving the page and redraws what changed, keeping what is open and what has the focus. */
export const clientScript = `
let last = ""
const sections = () => [...document.querySelectorAll("section[id]")]

async function redraw() {
  const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html")
  for (const section of sections()) {
    const fresh = page.getElementById(section.id)
    if (!fresh || section.contains(document.activeElement) && document.activeElement.matches("input, select")) continue
    for (const details of section.querySelectorAll("details[open][id]")) fresh.querySelector("#" + CSS.escape(details.id))?.setAttribute("open", "")
    if (fresh.outerHTML === section.outerHTML) continue
    const frames = new Map([...section.querySelectorAll("details[open] > iframe")].map((frame) => [frame.src, frame]))
    if (section.id === "mails" && frames.size > 0) {
      const known = new Set([...section.querySelectorAll("details[id]")].map((each) => each.id))
      const anchor = section.querySelector("details")
      for (const each of fresh.querySelectorAll(":scope > details")) if (!known.has(each.id)) anchor.before(each)
      section.querySelector("h2").replaceWith(fresh.querySelector("h2"))
    } else section.replaceWith(fresh)
  }
}

async function pulse() {
  try {
    const now = await (await fetch("/pulse")).text()
    if (now !== last) {
      last = now
      await redraw()
    }
  } catch {}
  setTimeout(pulse, 700)
}

document.addEventListener("submit", async (event) => {
  const form = event.target
  if (!form.matches('form[action="/_/act"]')) return
  event.preventDefault()
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
  if (answer.status === 400) alert(JSON.stringify(await answer.json()))
  document.activeElement?.blur()
  await redraw()
})
pulse()
`
