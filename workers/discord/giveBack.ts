import { InteractionType, type RESTPatchAPIInteractionOriginalResponseJSONBody } from "discord-api-types/v10"
import type { DiscordFile } from "../../shared/vendors/discord/discordBody.ts"
import { typedIn } from "../../shared/vendors/discord/modalFields.ts"
import type { Act } from "../../shared/vendors/discord/whoActs.ts"

/** Characters of a message of Discord. */
const longest = 2000

/** The answer with what was typed into the form, which closes when it is sent: below it, or as a file where that is long. */
export function giveBack(
  act: Act,
  content: string,
): { message: RESTPatchAPIInteractionOriginalResponseJSONBody; files?: DiscordFile[] } {
  const typed = act.type === InteractionType.ModalSubmit ? typedIn(act).join("\n\n") : ""
  if (typed === "") return { message: { content } }
  const whole = `${content}\n\nThis is what you wrote:\n${typed}`
  if (whole.length <= longest) return { message: { content: whole } }
  return {
    message: { content: `${content}\n\nWhat you wrote is in the file.` },
    files: [{ name: "what-you-wrote.txt", data: new Blob([typed], { type: "text/plain;charset=utf-8" }) }],
  }
}
