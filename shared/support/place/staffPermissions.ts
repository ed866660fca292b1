import { permissionBits } from "../../vendors/discord/permissions.ts"

/** What everybody in a ticket may do. */
export const memberBits = permissionBits(
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "READ_MESSAGE_HISTORY",
  "ATTACH_FILES",
  "EMBED_LINKS",
)
/** Staff see private threads, theirs among them, by managing threads. */
export const staffBits = memberBits | permissionBits("MANAGE_THREADS", "SEND_MESSAGES_IN_THREADS")
export const botBits = staffBits | permissionBits("MANAGE_CHANNELS", "MANAGE_MESSAGES", "CREATE_PRIVATE_THREADS")
