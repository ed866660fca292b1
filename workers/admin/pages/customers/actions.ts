import { addNote } from "../../../../shared/customers/addNote.ts"
import { changeTags } from "../../../../shared/customers/changeTags.ts"
import { stopEnrolment } from "../../../../shared/customers/stopEnrolment.ts"
import { cancelEmail } from "../../../../shared/email/cancelEmail.ts"
import { AppError } from "../../../../shared/errors.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"

async function field(c: AdminRequest, name: string): Promise<string> {
  const value = (await c.req.parseBody())[name]
  if (typeof value !== "string" || value.trim() === "") throw new AppError("bad_request", `The form has no ${name}.`)
  return value.trim()
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

async function idField(c: AdminRequest, name: string): Promise<string> {
  const value = await field(c, name)
  if (!uuid.test(value)) throw new AppError("bad_request", `The form's ${name} is not an id.`)
  return value
}

const back = (c: AdminRequest, part: string) => c.redirect(`/customers/${c.req.param("id")}#${part}`, 303)

/** What staff do on a customer's page; each leads back to the part of the page it was done in. */
export const customerActions = newPages()
  .post("/tags", permitted("customers:write"), async (c) => {
    const add = await field(c, "tag")
    await changeTags(c.get("ctx"), { id: c.req.param("id") ?? "", add: [add] })
    return back(c, "tags")
  })
  .post("/tags/remove", permitted("customers:write"), async (c) => {
    const remove = await field(c, "tag")
    await changeTags(c.get("ctx"), { id: c.req.param("id") ?? "", remove: [remove] })
    return back(c, "tags")
  })
  .post("/notes", permitted("customers:write"), async (c) => {
    await addNote(c.get("ctx"), {
      customerId: c.req.param("id") ?? "",
      noteId: await idField(c, "noteId"),
      text: await field(c, "text"),
    })
    return back(c, "notes")
  })
  .post("/enrolments/stop", permitted("customers:write"), async (c) => {
    await stopEnrolment(c.get("ctx"), { enrolmentId: await idField(c, "enrolment") })
    return back(c, "sequences")
  })
  .post("/mails/skip", permitted("outbox:write"), async (c) => {
    await cancelEmail(c.get("ctx"), { id: await idField(c, "mail") })
    return back(c, "sequences")
  })
