import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  type APIApplicationCommandUserOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type RESTPutAPIApplicationGuildCommandsJSONBody,
} from "discord-api-types/v10"
import { priorities } from "../../db/schema/support.ts"
import { permissionBits } from "../../vendors/discord/permissions.ts"

/** Whom Discord shows the commands of staff; whether somebody is staff is looked at again with each. */
const staff = String(permissionBits("MANAGE_MESSAGES"))

const sub = (
  name: string,
  description: string,
  options: APIApplicationCommandBasicOption[] = [],
): APIApplicationCommandSubcommandOption => ({
  type: ApplicationCommandOptionType.Subcommand,
  name,
  description,
  options,
})
const user = (description: string): APIApplicationCommandUserOption => ({
  type: ApplicationCommandOptionType.User,
  name: "user",
  description,
  required: true,
})

/** Every command of the bot. Discord has just these after a set-up. */
export const commands: RESTPutAPIApplicationGuildCommandsJSONBody = [
  {
    type: ApplicationCommandType.ChatInput,
    name: "ticket",
    description: "Work on the ticket of this channel",
    default_member_permissions: staff,
    options: [
      sub("claim", "Answer it from here on"),
      sub("release", "Let go of it"),
      sub("transfer", "Give it to somebody else on the staff", [user("Who takes it")]),
      sub("add", "Let somebody into this ticket", [user("Whom")]),
      sub("remove", "Take somebody out of this ticket", [user("Whom")]),
      sub("priority", "How soon it has to be looked at", [
        {
          type: ApplicationCommandOptionType.String,
          name: "level",
          description: "How soon",
          required: true,
          choices: priorities.map((each) => ({ name: each, value: each })),
        },
      ]),
      sub("category", "What it is about", [
        {
          type: ApplicationCommandOptionType.String,
          name: "name",
          description: "Category",
          required: true,
          autocomplete: true,
        },
      ]),
      sub("note", "A note that only staff see", [
        {
          type: ApplicationCommandOptionType.String,
          name: "text",
          description: "The note",
          required: true,
          max_length: 1900,
        },
      ]),
      sub("reply", "Send a canned reply", [
        {
          type: ApplicationCommandOptionType.String,
          name: "name",
          description: "Which one",
          required: true,
          autocomplete: true,
        },
      ]),
      sub("close", "Close it", [
        {
          type: ApplicationCommandOptionType.String,
          name: "reason",
          description: "Why",
          required: true,
          max_length: 500,
        },
      ]),
      sub("ask-close", "Ask whoever opened it whether it can be closed"),
    ],
  },
  {
    type: ApplicationCommandType.ChatInput,
    name: "customer",
    description: "What we know of a customer",
    default_member_permissions: staff,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "who",
        description: "Three letters of a name, an e-mail address or an id",
        required: true,
        autocomplete: true,
      },
    ],
  },
  {
    type: ApplicationCommandType.ChatInput,
    name: "block",
    description: "Have somebody open no tickets",
    default_member_permissions: staff,
    options: [
      user("Whom"),
      {
        type: ApplicationCommandOptionType.String,
        name: "reason",
        description: "Why",
        required: true,
        max_length: 200,
      },
      {
        type: ApplicationCommandOptionType.Integer,
        name: "days",
        description: "For how long; for good where left out",
        min_value: 1,
        max_value: 3650,
      },
    ],
  },
  {
    type: ApplicationCommandType.ChatInput,
    name: "unblock",
    description: "Have somebody open tickets again",
    default_member_permissions: staff,
    options: [user("Whom")],
  },
  {
    type: ApplicationCommandType.ChatInput,
    name: "link",
    description: "Tell us which customer you are; a code goes to your e-mail address",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "email",
        description: "The address you buy with",
        required: true,
        max_length: 254,
      },
    ],
  },
]
