import { type SQL, sql } from "drizzle-orm"
import type { BatchResults } from "../db/batchResults.ts"
import type { Database } from "../db/client.ts"
import { enrolments, ruleFirings, rules, sequences } from "../db/schema/automation.ts"
import { type Departure, departuresOf } from "./departures.ts"
import { type Parsed, problemsOf } from "./problemsOf.ts"
import { type Rule, ruleSchema } from "./ruleSchema.ts"
import { type Sequence, sequenceSchema } from "./sequenceSchema.ts"

export type EnrolmentRow = typeof enrolments.$inferSelect

/** What the engine must know before it can plan: what is configured, and what already happened to these customers. */
export interface LoadedAutomation {
  /** Only those that are enabled. */
  rules: Rule[]
  sequences: Map<string, Sequence>
  /** By our customer id. */
  enrolments: Map<string, EnrolmentRow[]>
  /** `<rule id> <change key>` of what has fired. */
  fired: Set<string>
  /** Leave actions of what has fired, by our customer id. */
  departures: Map<string, Departure[]>
  /** Rules and sequences whose stored shape does not fit; they are skipped. */
  problems: { id: string; message: string }[]
}

export const firingKey = (ruleId: string, changeKey: string) => `${ruleId} ${changeKey}`

/** The queries that load it, for use inside a `db.batch`. `touched` is `any(<our ids of the customers>)`. */
export function selectAutomation(db: Database, touched: SQL) {
  return [
    db.select().from(rules).where(sql`${rules.enabled}`),
    db.select().from(sequences),
    db.select().from(enrolments).where(sql`${enrolments.customerId} = ${touched}`),
    db
      .select({
        ruleId: ruleFirings.ruleId,
        changeKey: ruleFirings.changeKey,
        changeKind: ruleFirings.changeKind,
        customerId: ruleFirings.customerId,
        occurredAt: ruleFirings.occurredAt,
        /** Only where the customer was made to leave a sequence. */
        actions: sql<unknown>`case when ${ruleFirings.actions} @> '[{"do": "leave"}]' then ${ruleFirings.actions} end`,
      })
      .from(ruleFirings)
      .where(sql`${ruleFirings.customerId} = ${touched}`),
  ] as const
}

type Results = BatchResults<ReturnType<typeof selectAutomation>>

export function parseAutomation([ruleRows, sequenceRows, enrolmentRows, firingRows]: Results): LoadedAutomation {
  const problems: LoadedAutomation["problems"] = []
  const fitting = <Row extends { id: string }, Out>(rows: Row[], parse: (row: Row) => Parsed<Out>): Out[] =>
    rows.flatMap((row) => {
      const result = parse(row)
      if (result.success) return [result.data]
      problems.push({ id: row.id, message: problemsOf(result.error).join("; ") })
      return []
    })
  return {
    rules: fitting(ruleRows, ({ updatedAt: _, ...row }) => ruleSchema.safeParse(row)),
    sequences: new Map(
      fitting(sequenceRows, ({ updatedAt: _, ...row }) => sequenceSchema.safeParse(row)).map((each) => [each.id, each]),
    ),
    enrolments: Map.groupBy(enrolmentRows, (row) => row.customerId),
    fired: new Set(firingRows.map((row) => firingKey(row.ruleId, row.changeKey))),
    departures: new Map(
      [...Map.groupBy(firingRows, (row) => row.customerId)].map(([id, rows]) => [id, rows.flatMap(departuresOf)]),
    ),
    problems,
  }
}
