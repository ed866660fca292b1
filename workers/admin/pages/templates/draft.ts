import { type TemplateDetail, templateDetail } from "../../../../shared/email/templates/templateDetail.ts"
import { AppError } from "../../../../shared/errors.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { formOf, idFromName, seenVersionOf } from "../formOf.ts"

/** A template as it stands in the form. */
export interface Draft {
  id: string
  name: string
  mailClass: "transactional" | "marketing"
  subject: string
  html: string
  text: string
  /** The version in use when the form was opened; 0: it is new. */
  seenVersion: number
}

export const emptyDraft: Draft = {
  id: "",
  name: "",
  mailClass: "transactional",
  subject: "",
  html: "<p>Hello{% if customer.name %} {{ customer.name }}{% endif %},</p>\n",
  text: "Hello{% if customer.name %} {{ customer.name }}{% endif %},\n",
  seenVersion: 0,
}

export async function sentDraft(c: AdminRequest) {
  const form = await formOf(c)
  const body = await c.req.parseBody({ all: true })
  // Browsers send line ends as CR LF; blanks at the ends of a part are the writer's.
  const part = (name: string) => [body[name]].flat().map(String)[0]?.replaceAll("\r\n", "\n") ?? ""
  const kept = c.req.param("id") ?? "new"
  const name = form.one("name")
  const draft: Draft = {
    id: kept === "new" ? idFromName(name) : kept,
    name,
    mailClass: form.one("mailClass") === "marketing" ? "marketing" : "transactional",
    subject: part("subject"),
    html: part("html"),
    text: part("text"),
    seenVersion: seenVersionOf(form.one("seenVersion")),
  }
  return { draft, customer: form.one("customer"), testId: form.one("testId") }
}

/** A kept template, at the version that the address names. */
export async function keptDraft(c: AdminRequest, id: string): Promise<TemplateDetail> {
  const wanted = c.req.query("version") ?? ""
  const version = /^[1-9]\d{0,8}$/.test(wanted) ? Number(wanted) : undefined
  const detail = await templateDetail(c.get("ctx"), { id, ...(version && { version }) })
  if (!detail)
    throw new AppError("not_found", `There is no template "${id}"${version ? ` of version ${version}` : ""}.`)
  return detail
}
