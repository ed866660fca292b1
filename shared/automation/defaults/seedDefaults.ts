import { type SQL, sql } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { insertRows } from "../../db/bulk.ts"
import { rules, sequences } from "../../db/schema/automation.ts"
import { templates, templateVersions } from "../../db/schema/email.ts"
import { defaultRules } from "./rules.ts"
import { defaultSequences } from "./sequences.ts"
import { defaultTemplates } from "./templates.ts"

export { defaultTemplates } from "./templates.ts"

/** Rules, sequences and templates that Ops HQ ships with, where they are absent; what staff edited stays as it is. */
export async function seedDefaults(ctx: Context): Promise<void> {
  const now = ctx.now()
  await batch(ctx.db, [
    insertAbsent(
      rules,
      defaultRules.map((rule) => ({ ...rule, updatedAt: now })),
    ),
    insertAbsent(
      sequences,
      defaultSequences.map((sequence) => ({ ...sequence, updatedAt: now })),
    ),
    insertAbsent(
      templates,
      defaultTemplates.map(({ id, name, mailClass }) => ({ id, name, mailClass, version: 1, updatedAt: now })),
    ),
    insertAbsent(
      templateVersions,
      defaultTemplates.map(({ id, subject, html, text }) => ({
        templateId: id,
        version: 1,
        subject,
        html,
        text,
        createdAt: now,
        createdBy: "shipped",
      })),
    ),
  ])
}

const insertAbsent = (table: PgTable, rows: object[]): SQL =>
  sql`${insertRows(table, rows).statement} on conflict do nothing`
