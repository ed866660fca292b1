import { z } from "zod"

const bits = z.union([z.string().regex(/^\d+$/), z.int().min(0)])

const overwrite = z.object({
  id: z.string().regex(/^\d{1,20}$/),
  type: z.union([z.literal(0), z.literal(1)]).optional(),
  allow: bits.nullish(),
  deny: bits.nullish(),
})
export type OverwriteInput = z.infer<typeof overwrite>
export const overwriteInput = overwrite.omit({ id: true })

/** What is said of a channel by whoever makes or changes one; fields left out stay as they are. */
export const channelChange = z.object({
  name: z.string().min(1).max(100).optional(),
  topic: z.string().max(1024).nullish(),
  position: z.int().min(0).nullish(),
  parent_id: z.string().nullish(),
  permission_overwrites: z.array(overwrite).nullish(),
  nsfw: z.boolean().nullish(),
  rate_limit_per_user: z.int().min(0).max(21_600).nullish(),
  /** Of threads. */
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  invitable: z.boolean().optional(),
  auto_archive_duration: z.literal([60, 1440, 4320, 10_080]).optional(),
})
export type ChannelChange = z.infer<typeof channelChange>

export const channelInput = channelChange
  .required({ name: true })
  .extend({ type: z.literal([0, 2, 4, 5, 13, 14, 15]).nullish() })
export type ChannelInput = z.infer<typeof channelInput>
