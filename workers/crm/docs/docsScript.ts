/** Builds the page with text nodes only. */
export const docsScript = `"use strict"
const make = (name, text, into) => {
  const element = document.createElement(name)
  if (text) element.textContent = text
  if (into) into.append(element)
  return element
}
const field = (name, label, into, kind = "input") => {
  const holder = make("label", label, into)
  const input = make(kind, "", holder)
  input.name = name
  return input
}
const show = (value) => JSON.stringify(value, null, 2)

async function send(form, method, path, operation, output) {
  let target = path
  const query = new URLSearchParams()
  const headers = { authorization: "Bearer " + document.querySelector("#key").value.trim() }
  for (const each of operation.parameters) {
    const { value } = form.elements.namedItem(each.in + ":" + each.name)
    if (each.in === "path") target = target.replace("{" + each.name + "}", encodeURIComponent(value))
    else if (value && each.in === "query") query.set(each.name, value)
    else if (value) headers[each.name] = value
  }
  const body = form.elements.namedItem("body")
  if (body) headers["content-type"] = "application/json"
  const search = query.toString()
  try {
    const answer = await fetch(target + (search && "?" + search), { method, headers, body: body ? body.value : undefined })
    const text = await answer.text()
    let shown = text
    try { shown = show(JSON.parse(text)) } catch {}
    output.textContent = answer.status + " " + answer.statusText + "\\n" + shown
  } catch (error) {
    output.textContent = String(error)
  }
}

function add(method, path, operation, main) {
  const details = make("details", "", main)
  details.id = operation.operationId
  make("summary", method.toUpperCase() + " " + path + ": " + operation.summary, details)
  make("p", "Scope: " + operation["x-scope"], details)
  const form = make("form", "", details)
  for (const each of operation.parameters) {
    const input = field(each.in + ":" + each.name, each.name + " (" + each.in + ")", form)
    input.required = each.required
  }
  if (operation.requestBody) {
    make("p", "Schema of the body", form)
    make("pre", show(operation.requestBody.content["application/json"].schema), form).tabIndex = 0
    field("body", "Body", form, "textarea").value = "{}"
  }
  make("button", "Send", form)
  const output = make("pre", "", details)
  // What scrolls is reached with the keyboard.
  output.tabIndex = 0
  output.setAttribute("aria-live", "polite")
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    void send(form, method.toUpperCase(), path, operation, output)
  })
}

async function start() {
  const main = document.querySelector("#operations")
  const openapi = await (await fetch("/openapi.json")).json()
  const tags = new Map()
  for (const [path, operations] of Object.entries(openapi.paths))
    for (const [method, operation] of Object.entries(operations)) {
      const [tag] = operation.tags
      if (!tags.has(tag)) {
        const section = make("section", "", main)
        make("h2", tag, section)
        tags.set(tag, section)
      }
      add(method, path, operation, tags.get(tag))
    }
}
void start()
`
