// The staff pages work without this: it makes them quicker to use.

/** Times in the reader's own time zone. */
function showLocalTimes(root) {
  for (const element of root.querySelectorAll("time[data-local]")) {
    const at = new Date(element.dateTime)
    element.title = `${element.dateTime.slice(0, 19).replace("T", " ")} UTC`
    element.textContent = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })
    element.removeAttribute("data-local")
  }
}

const palette = document.getElementById("palette")
const paletteInput = palette?.querySelector("input")

function openPalette() {
  if (!palette || palette.open) return
  palette.showModal()
  paletteInput.select()
  // Shows the pages before anything is typed.
  paletteInput.dispatchEvent(new Event("search", { bubbles: true }))
}

/** Up and down go through the hits, from the search field and back to it. */
function moveInPalette(event) {
  const hits = [...palette.querySelectorAll(".hits a")]
  if (hits.length === 0) return
  const at = hits.indexOf(document.activeElement)
  const next = event.key === "ArrowDown" ? at + 1 : at - 1
  event.preventDefault()
  if (next < 0) paletteInput.focus()
  else hits[Math.min(next, hits.length - 1)].focus()
}

let goes = false
const typing = (element) => element?.closest("input, textarea, select, [contenteditable]") !== null

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault()
    openPalette()
    return
  }
  if (palette?.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) return moveInPalette(event)
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || palette?.open) return
  if (event.key === "/") {
    event.preventDefault()
    openPalette()
  } else if (goes) {
    goes = false
    document.querySelector(`nav a[data-shortcut="${CSS.escape(event.key)}"]`)?.click()
  } else goes = event.key === "g"
})

// Enter in the palette goes to the first hit rather than to the page of all hits.
palette?.querySelector("form").addEventListener("submit", (event) => {
  const first = palette.querySelector(".hits a")
  if (!first) return
  event.preventDefault()
  first.click()
})
palette?.addEventListener("click", (event) => {
  if (event.target === palette) palette.close()
})
document.querySelector("[data-palette-open]")?.addEventListener("click", openPalette)

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target
  // What goes into a frame leaves the form where it is.
  if (form.method !== "post" || event.submitter?.formTarget) return
  if (form.dataset.sent) event.preventDefault()
  form.dataset.sent = "yes"
})
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent
})

// What would be refused for its size is said before it is sent.
document.addEventListener("change", (event) => {
  const input = event.target
  if (input.type !== "file" || !input.dataset.mostBytes) return
  const { mostFiles, mostBytes, mostTogether } = input.dataset
  const files = [...input.files]
  const large = files.find(({ size }) => size > Number(mostBytes))
  const together = files.reduce((sum, { size }) => sum + size, 0)
  const problem =
    files.length > Number(mostFiles)
      ? `These are ${files.length} files: up to ${mostFiles} go along.`
      : large
        ? `"${large.name}" is larger than ${mostBytes / 1e6} MB.`
        : together > Number(mostTogether)
          ? `These files are larger than ${mostTogether / 1e6} MB together.`
          : ""
  input.setCustomValidity(problem)
  if (problem) input.reportValidity()
})

// What a page asks for by itself does not show that somebody is there: it keeps no session alive.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.triggeringEvent?.isTrusted) event.detail.headers["ops-unattended"] = "1"
})

// Who reads further up in a conversation stays there when it grows; at its end, one stays at the end.
let talkHeight = 0
document.addEventListener("htmx:beforeSwap", (event) => {
  talkHeight = event.target.closest(".talk")?.scrollHeight ?? 0
})
document.addEventListener("htmx:afterSwap", (event) => {
  const talk = event.target.closest?.(".talk") ?? document.querySelector(".talk")
  if (talkHeight > 0 && talk && talk.scrollTop < -20) talk.scrollTop -= talk.scrollHeight - talkHeight
  talkHeight = 0
})

// Before anything of it is painted.
document.addEventListener("htmx:afterSwap", () => showLocalTimes(document))
showLocalTimes(document)
