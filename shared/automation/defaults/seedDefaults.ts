import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { insertRows } from "../../db/bulk.ts"
import { rules, sequences } from "../../db/schema/automation.ts"
import { templates, templateVersions } from "../../db/schema/email.ts"
import { defaultRules } from "./rules.ts"
import { defaultSequences } from "./sequences.ts"
import { dunningTemplates } from "./templates/dunning.ts"
import { lifecycleTemplates } from "./templates/lifecycle.ts"
import { onboardingTemplates } from "./templates/onboarding.ts"

export const defaultTemplates = [...onboardingTemplates, ...dunningTemplates, ...lifecycleTemplates]

/** Rules, sequences and templates that Ops HQ ships with, where they are absent; what staff edited stays as it is. */
export async function seedDefaults(ctx: Context): Promise<void> {
  const updatedAt = ctx.now()
  const absent = sql`on conflict do nothing`
  await batch(ctx.db, [
    sql`${
      insertRows(
        rules,
        defaultRules.map((rule) => ({ ...rule, updatedAt })),
      ).statement
    } ${absent}`,
    sql`${
      insertRows(
        sequences,
        defaultSequences.map((each) => ({ ...each, updatedAt })),
      ).statement
    } ${absent}`,
    sql`${
      insertRows(
        templates,
        defaultTemplates.map(({ id, name, mailClass }) => ({ id, name, mailClass, version: 1, updatedAt })),
      ).statement
    } ${absent}`,
    sql`${
      insertRows(
        templateVersions,
        defaultTemplates.map(({ id, subject, html, text }) => ({
          templateId: id,
          version: 1,
          subject,
          html,
          text,
          createdAt: updatedAt,
          createdBy: "shipped",
        })),
      ).statement
    } ${absent}`,
  ])
}
