// Parts of a page that ask for news by themselves: [data-live], those that ask and those that are exchanged along with them.
{
  const asks = (element) => element?.matches?.("[data-live][hx-get]") ?? false
  const state = document.querySelector(".live-state")
  function tell(text) {
    if (state && state.textContent !== text) state.textContent = text
  }

  // Nobody looks: nothing is asked until somebody does.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (asks(event.detail.elt) && document.hidden) event.preventDefault()
  })
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return
    for (const part of document.querySelectorAll("[data-live][hx-get]")) htmx.trigger(part, "live")
  })

  // Whatever is no news leaves the page as it is, and what is typed in it: a sign-in page above all.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail
    if (!asks(elt)) return
    if (xhr.status === 200 || xhr.status === 204) return tell("")
    event.preventDefault()
    tell(
      xhr.status === 401
        ? "You are signed out. What you typed is still here: sign in in another tab, and this page goes on."
        : "This page is not up to date: there was no good answer. It keeps asking.",
    )
  })
  for (const failure of ["htmx:sendError", "htmx:timeout"])
    document.addEventListener(failure, (event) => {
      if (asks(event.detail.elt)) tell("This page is not up to date: there is no connection. It keeps asking.")
    })

  /** The same thing before and after it is exchanged. */
  const keyOf = (element) =>
    [
      element.closest("[id]")?.id,
      element.tagName,
      element.textContent.trim(),
      element.getAttribute("href"),
      element.form?.getAttribute("action"),
    ].join("|")
  const parts = () => [...document.querySelectorAll("[data-live]")]
  const within = (selector) => parts().flatMap((part) => [...part.querySelectorAll(selector)])

  let focused = null
  let unfolded = new Set()
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!asks(event.detail.elt)) return
    // Who is selecting a text goes on with that; the news come with the next answer.
    const selection = getSelection()
    if (selection && !selection.isCollapsed && parts().some((part) => part.contains(selection.anchorNode))) {
      event.detail.shouldSwap = false
      return
    }
    const active = document.activeElement
    const part = active?.closest("[data-live]")
    focused = part ? { part: part.id, key: active === part ? null : keyOf(active) } : null
    unfolded = new Set(within("details[open] > summary").map(keyOf))
  })
  document.addEventListener("htmx:afterSwap", () => {
    for (const summary of within("details > summary")) if (unfolded.has(keyOf(summary))) summary.parentNode.open = true
    unfolded = new Set()
    if (!focused) return
    const { part, key } = focused
    focused = null
    if (document.activeElement !== document.body) return
    const same = within("a[href], button, summary").find((element) => keyOf(element) === key)
    // What had the focus may be gone: then its surroundings have it, so that no other button is pressed by mistake.
    const next = same ?? document.getElementById(part)
    next?.focus({ preventScroll: true })
  })
}
