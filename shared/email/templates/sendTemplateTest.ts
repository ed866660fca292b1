import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import type { ResendApi } from "../../vendors/resend.ts"
import type { MailSource } from "../createRenderer.ts"
import { senderOf } from "../frozenMessage.ts"
import { lintTemplate } from "./lintTemplate.ts"
import { previewTemplate } from "./previewTemplate.ts"

/**
 * Sends what a template, saved or not, says to a customer to the staff member who asks, and to nobody else; its subject
 * begins with [Test]. `testId`, a UUID, is the Idempotency-Key: the same one sends once. Throws `bad_request` with what
 * is wrong with the template, `vendor_unavailable` where Resend did not take it.
 */
export async function sendTemplateTest(
  ctx: Context<{ resend: ResendApi }>,
  input: { source: MailSource; customer: string; testId: string },
): Promise<{ to: string }> {
  requirePermission(ctx, "templates:write")
  const { actor } = ctx
  if (actor.kind !== "staff") throw new AppError("forbidden", "A test goes to the staff member who asks for it.")
  if (!z.uuid().safeParse(input.testId).success)
    throw new AppError("bad_request", "The form is incomplete. Open it again.")
  const { mail, brand } = await previewTemplate(ctx, input)
  const problems = lintTemplate(input.source, brand)
  if (problems.length > 0) throw new AppError("bad_request", problems.join(" "), { details: { problems } })

  const message = {
    ...senderOf(brand),
    to: actor.email,
    subject: `[Test] ${mail.subject}`,
    html: mail.html,
    text: mail.text,
    headers: { "X-Entity-Ref-ID": input.testId },
    tags: [{ name: "template_test", value: input.source.id }],
  }
  const result = await ctx.vendors.resend.send([message], input.testId)
  const [item] = result.kind === "accepted" ? result.items : []
  if (item && "rejected" in item) throw new AppError("vendor_rejected", `Resend refused the test: ${item.rejected}`)
  if (result.kind !== "accepted") {
    const code = result.kind === "rejected" || result.kind === "conflict" ? "vendor_rejected" : "vendor_unavailable"
    throw new AppError(code, `Resend did not take the test: ${result.reason}`)
  }
  await batch(ctx.db, [
    auditEntry(ctx, {
      action: "template.tested",
      subject: { type: "template", id: input.source.id },
      after: { to: actor.email, subject: message.subject },
    }),
  ])
  return { to: actor.email }
}
