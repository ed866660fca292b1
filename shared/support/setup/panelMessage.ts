import type { RESTPostAPIChannelMessageJSONBody } from "discord-api-types/v10"
import { buttonStyles, componentKinds } from "../../vendors/discord/kinds.ts"
import type { SupportSetup } from "../supportSetup.ts"

/** What stands in the panel's channel: the button, and the categories for whoever knows what it is about. */
export function panelMessage({ settings, categories }: SupportSetup): RESTPostAPIChannelMessageJSONBody {
  const enabled = categories.filter((each) => each.enabled).slice(0, 25)
  return {
    embeds: [
      {
        title: `${settings.brand.name} support`,
        description:
          "Press the button, tell us what it is about, and a private channel opens where you reach a person. Nobody else sees it.",
        color: Number.parseInt(settings.brand.color.slice(1), 16),
      },
    ],
    components: [
      {
        type: componentKinds.row,
        components: [
          {
            type: componentKinds.button,
            style: buttonStyles.primary,
            label: "Open a ticket",
            custom_id: "ticket.open",
          },
        ],
      },
      ...(enabled.length > 1
        ? [
            {
              type: componentKinds.row,
              components: [
                {
                  type: componentKinds.list,
                  custom_id: "ticket.category",
                  placeholder: "Or choose what it is about",
                  options: enabled.map(({ id, name, description }) => ({
                    value: id,
                    label: name.slice(0, 100),
                    ...(description && { description: description.slice(0, 100) }),
                  })),
                },
              ],
            },
          ]
        : []),
    ],
  }
}
