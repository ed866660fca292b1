import * as z from "zod/mini"
import { attachmentStates, authorKinds, deliveries, messageOrigins, ticketEventKinds } from "../../db/schema/support.ts"

const attachment = z.object({
  id: z.string(),
  name: z.string(),
  contentType: z.string(),
  size: z.number(),
  status: z.enum(attachmentStates),
})
export type TranscriptFile = z.infer<typeof attachment>

const said = z.object({
  type: z.literal("message"),
  id: z.string(),
  at: z.coerce.date(),
  cursorAt: z.string(),
  origin: z.enum(messageOrigins),
  author: z.object({ id: z.nullable(z.string()), name: z.string(), kind: z.enum(authorKinds) }),
  /** Staff see it, the opener does not. */
  internal: z.boolean(),
  /** Null where it was deleted and is not shown. */
  content: z.nullable(z.string()),
  embeds: z.array(z.unknown()),
  /** What it answers. */
  replyTo: z.nullable(z.object({ id: z.string(), author: z.string(), content: z.string() })),
  editedAt: z.nullable(z.coerce.date()),
  deletedAt: z.nullable(z.coerce.date()),
  /** Earlier wordings, with until when they held. */
  edits: z.array(z.object({ until: z.coerce.date(), content: z.string() })),
  files: z.array(attachment),
  delivery: z.nullable(z.enum(deliveries)),
})
export type TranscriptMessage = z.infer<typeof said>

const happened = z.object({
  type: z.literal("event"),
  id: z.string(),
  at: z.coerce.date(),
  cursorAt: z.string(),
  kind: z.enum(ticketEventKinds),
  actor: z.string(),
  actorLabel: z.nullable(z.string()),
  data: z.record(z.string(), z.nullable(z.union([z.string(), z.number()]))),
})
export type TranscriptEvent = z.infer<typeof happened>

/** Something that was said in a ticket, or happened to it. */
export const transcriptEntry = z.discriminatedUnion("type", [said, happened])
export type TranscriptEntry = z.infer<typeof transcriptEntry>
