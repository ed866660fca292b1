import { PermissionFlagsBits } from "discord-api-types/v10"
import { z } from "zod"

const id = z.string().min(1)
const flag = z.union([z.boolean(), z.enum(["on", "off", "true", "false"]).transform((value) => /on|true/.test(value))])
const who = { as: id }
const place = { ...who, channel: id }
const permission = z
  .string()
  .refine((name) => name in PermissionFlagsBits, "is no permission of Discord, such as ManageChannels")
  .transform((name) => Object.entries(PermissionFlagsBits).find(([known]) => known === name)?.[1] ?? 0n)

/** What a person in the guild, or whoever administers it, can do, by name. */
export const playActions = z.discriminatedUnion("action", [
  z.object({ action: z.literal("say"), ...place, content: z.string().optional(), replyTo: id.optional() }),
  z.object({ action: z.literal("startThread"), ...place, name: z.string().min(1).max(100), private: flag.optional() }),
  z.object({ action: z.literal("edit"), ...place, message: id, content: z.string() }),
  z.object({ action: z.literal("delete"), ...place, message: id }),
  /** The latest message with such a button when none is named. */
  z.object({ action: z.literal("press"), ...place, message: id.optional(), customId: id }),
  z.object({
    action: z.literal("choose"),
    ...place,
    message: id.optional(),
    customId: id,
    values: z.union([z.string().transform((value) => [value]), z.array(z.string())]).default([]),
  }),
  z.object({
    action: z.literal("submitModal"),
    ...who,
    interaction: id,
    values: z.record(z.string(), z.union([z.string(), z.array(z.string()), z.boolean()])).default({}),
  }),
  z.object({ action: z.literal("closeModal"), ...who, interaction: id }),
  z.object({
    action: z.literal("command"),
    ...place,
    name: id,
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  }),
  z.object({
    action: z.literal("autocomplete"),
    ...place,
    name: id,
    focused: id,
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  }),
  z.object({ action: z.literal("menuCommand"), ...place, name: id, target: id }),
  z.object({ action: z.literal("leave"), ...who }),
  z.object({ action: z.literal("join"), as: id.optional(), name: z.string().max(32).optional() }),
  z.object({ action: z.literal("blockDms"), ...who, blocked: flag }),
  z.object({ action: z.literal("setRole"), ...who, role: id, has: flag }),
  z.object({ action: z.literal("deleteChannel"), channel: id }),
  z.object({ action: z.literal("rolePermission"), role: id, permission, on: flag }),
  z.object({
    action: z.literal("switch"),
    messageContent: flag.optional(),
    guildMembers: flag.optional(),
    rateLimits: flag.optional(),
  }),
  z.object({ action: z.literal("exhaust"), channel: id, seconds: z.coerce.number().min(0).max(3600).default(10) }),
  z.object({ action: z.literal("expireLinks") }),
  z.object({ action: z.literal("replay"), interaction: id }),
  z.object({ action: z.literal("checkEndpoint"), badOnly: flag.optional() }),
])
export type PlayAction = z.infer<typeof playActions>
