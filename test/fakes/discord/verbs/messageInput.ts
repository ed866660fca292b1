import { z } from "zod"
import { component } from "../model/component.ts"

const snowflake = z.string().regex(/^\d{1,20}$/)

const allowedMentions = z.object({
  parse: z.array(z.enum(["users", "roles", "everyone"])).nullish(),
  users: z.array(snowflake).max(100).nullish(),
  roles: z.array(snowflake).max(100).nullish(),
  replied_user: z.boolean().nullish(),
})
export type AllowedMentions = z.infer<typeof allowedMentions>

const embed = z.looseObject({
  title: z.string().max(256).optional(),
  description: z.string().max(4096).optional(),
  footer: z.looseObject({ text: z.string().max(2048) }).optional(),
  author: z.looseObject({ name: z.string().max(256) }).optional(),
  fields: z
    .array(z.looseObject({ name: z.string().min(1).max(256), value: z.string().min(1).max(1024) }))
    .max(25)
    .optional(),
})
export type Embed = z.infer<typeof embed>

/** What is said of a message by whoever sends or edits one; fields left out stay as they are. */
export const messageInput = z.object({
  content: z.string().max(2000).nullish(),
  embeds: z.array(embed).max(10).nullish(),
  components: z.array(component).max(40).nullish(),
  flags: z.int().nullish(),
  tts: z.boolean().nullish(),
  allowed_mentions: allowedMentions.nullish(),
  attachments: z
    .array(
      z.object({
        id: z.union([z.int(), z.string()]),
        filename: z.string().max(1024).nullish(),
        title: z.string().max(1024).nullish(),
        description: z.string().max(1024).nullish(),
      }),
    )
    .max(10)
    .nullish(),
  nonce: z.union([z.int(), z.string().max(25)]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: z
    .object({ message_id: snowflake.optional(), fail_if_not_exists: z.boolean().nullish() })
    .nullish(),
})
export type MessageInput = z.infer<typeof messageInput>
