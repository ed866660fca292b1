import * as z from "zod/mini"
import { importTrials } from "../../../shared/crm/trials/importTrials.ts"
import { trialLimits } from "../../../shared/crm/trials/readTrials.ts"
import { type TrialColumns, trialFields } from "../../../shared/crm/trials/trialColumns.ts"
import { fileEndpoint } from "../endpoint.ts"
import { line } from "../fields.ts"

const column = z.optional(line(200))

export const trialEndpoints = [
  fileEndpoint({
    method: "post",
    path: "/v1/trials/import",
    id: "importTrials",
    tag: "Leads and trials",
    summary: "Keep the trials of an SQLite file, or of its export as CSV or JSON, once per address and source",
    scope: "leads:write",
    file: {
      bytes: trialLimits.bytes,
      types: ["application/vnd.sqlite3", "text/csv", "application/json", "application/octet-stream"],
    },
    query: z.strictObject({
      table: column,
      /** What rows without one get. */
      defaultSource: column,
      email: column,
      source: column,
      startedAt: column,
      endsAt: column,
      convertedAt: column,
      name: column,
      plan: column,
    }),
    answers: { 200: { one: "TrialsImport" } },
    async run(ctx, { file, query }) {
      const { table, defaultSource, ...named } = query
      const columns: TrialColumns = {}
      for (const [field, name] of Object.entries(named))
        if (field in trialFields && name !== undefined) Object.assign(columns, { [field]: name })
      return { status: 200, body: await importTrials(ctx, { bytes: file, table, columns, source: defaultSource }) }
    },
  }),
]
