import type { RESTPostAPIChannelMessageJSONBody } from "discord-api-types/v10"
import { customId } from "../../vendors/discord/customId.ts"
import { buttonStyles, componentKinds } from "../../vendors/discord/kinds.ts"
import { isThisSolved } from "./isThisSolved.ts"

/** Asks whoever opened a ticket whether it can be closed; they answer by a button. */
export const closingQuestion = ({ id, openerId }: { id: string; openerId: string }) =>
  ({
    content: isThisSolved(openerId),
    allowed_mentions: { parse: [], users: [openerId] },
    components: [
      {
        type: componentKinds.row,
        components: [
          {
            type: componentKinds.button,
            style: buttonStyles.success,
            label: "Yes, close it",
            custom_id: customId("ticket.solved", id),
          },
          {
            type: componentKinds.button,
            style: buttonStyles.secondary,
            label: "Not yet",
            custom_id: customId("ticket.unsolved", id),
          },
        ],
      },
    ],
  }) satisfies RESTPostAPIChannelMessageJSONBody
