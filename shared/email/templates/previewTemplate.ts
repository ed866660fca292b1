import { sql } from "drizzle-orm"
import { customerTimeZone } from "../../automation/dueAt.ts"
import { parseFacts, selectFacts } from "../../billing/selectFacts.ts"
import type { Context } from "../../context.ts"
import { customerConditions } from "../../customers/customerFilter.ts"
import { AppError } from "../../errors.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import type { Settings } from "../../settings/settings.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { createRenderer, type MailSource, type RenderedMail } from "../createRenderer.ts"
import { mailVariables } from "../mailVariables.ts"
import { sampleVariables } from "../sampleVariables.ts"

export interface TemplatePreview {
  mail: RenderedMail
  /** Whom it is rendered for: a customer, or null for the sample. */
  forWhom: { id: string; name: string | null; email: string | null } | null
  brand: Settings["brand"]
}

/**
 * What a template, saved or not, says to a customer: their latest subscription and invoice, the newest who fits the
 * search; else the sample, of which the invoice and what has changed always are. Links to unsubscribe lead nowhere.
 * Throws `bad_request` where it does not render.
 */
export async function previewTemplate(
  ctx: Context,
  input: { source: MailSource; customer: string },
): Promise<TemplatePreview> {
  requirePermission(ctx, "templates:read")
  const found = input.customer.trim() === "" ? null : await findCustomer(ctx, input.customer)
  const [settingRows, ...factRows] = await ctx.db.batch([
    selectSettings(ctx.db),
    ...selectFacts(ctx.db, {
      customerIds: found ? [found.id] : [],
      subscriptionIds: found?.subscription_id ? [found.subscription_id] : [],
      invoiceIds: found?.invoice_id ? [found.invoice_id] : [],
    }),
  ])
  const { brand } = parseSettings(settingRows)
  const facts = parseFacts(factRows)
  const sample = sampleVariables(brand).full
  const customer = found && facts.customers.get(found.id)
  const variables = customer
    ? mailVariables({
        customer,
        subscription: facts.subscriptions.get(found.subscription_id ?? "") ?? null,
        invoice: facts.invoices.get(found.invoice_id ?? "") ?? null,
        change: sample.change,
        brand,
        links: sample.links,
      })
    : sample
  const timeZone = customer ? customerTimeZone(customer, brand.timeZone) : brand.timeZone
  return {
    mail: createRenderer().render(input.source, variables, timeZone),
    forWhom: found && { id: found.id, name: found.name, email: found.email },
    brand,
  }
}

interface Found extends Record<string, unknown> {
  id: string
  name: string | null
  email: string | null
  subscription_id: string | null
  invoice_id: string | null
}

async function findCustomer(ctx: Context, query: string): Promise<Found> {
  requirePermission(ctx, "customers:read")
  if (query.trim().length < 3) throw new AppError("bad_request", "Write three characters or more of a customer.")
  const answer = await ctx.db.execute<Found>(sql`
    select c.id, c.name, c.email,
      (select s.id from subscriptions s where s.customer_id = c.id order by s.relevant desc, s.started_at desc limit 1) as subscription_id,
      (select i.id from invoices i where i.customer_id = c.id order by i.created_at desc limit 1) as invoice_id
    from customers c where ${sql.join(customerConditions({ q: query.trim() }), sql` and `)}
    order by c.created_at desc, c.id desc limit 1`)
  const [row] = answer.rows
  if (!row) throw new AppError("not_found", `No customer fits "${query}".`)
  return row
}
