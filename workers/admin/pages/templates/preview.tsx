import { html, raw } from "hono/html"
import { previewTemplate, type TemplatePreview } from "../../../../shared/email/templates/previewTemplate.ts"
import { AppError } from "../../../../shared/errors.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { keptDraft, sentDraft } from "./draft.ts"

/** A mail in a frame of ours: it may look like itself, and do nothing. */
export async function showKept(c: AdminRequest) {
  const { source } = await keptDraft(c, c.req.param("id") ?? "")
  return framed(c, () => previewTemplate(c.get("ctx"), { source, customer: c.req.query("customer") ?? "" }), "html")
}

/** The same of what stands in the form and is not saved. */
export async function showDraft(c: AdminRequest) {
  const { draft, customer } = await sentDraft(c)
  const part = c.req.query("part") === "text" ? "text" : "html"
  return framed(c, () => previewTemplate(c.get("ctx"), { source: { ...draft, version: 0 }, customer }), part)
}

async function framed(c: AdminRequest, render: () => Promise<TemplatePreview>, part: "html" | "text") {
  c.set("framed", true)
  try {
    const { mail, forWhom } = await render()
    const head = html`<div style="font: 14px sans-serif; padding: 10px; background: #eef0f4; color: #1a2233">
      To: ${forWhom?.email ?? forWhom?.name ?? "a sample customer"}<br />Subject: <b>${mail.subject}</b></div>`
    if (part === "text")
      return c.html(html`<!doctype html><body style="margin: 0">${head}
      <pre style="padding: 10px; white-space: pre-wrap">${mail.text}</pre></body>`)
    return c.html(mail.html.replace(/<body[^>]*>/, (body) => `${body}${head}`))
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === "forbidden") throw thrown
    return c.html(
      html`<!doctype html><body style="font: 14px sans-serif; padding: 10px">${raw("<b>No preview.</b> ")}${thrown.message}</body>`,
      400,
    )
  }
}
