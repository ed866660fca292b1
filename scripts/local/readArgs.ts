import { type ParseArgsConfig, parseArgs } from "node:util"

/** The command line; what it does not know ends the script with what is wrong and how it is used. */
export function readArgs<Config extends ParseArgsConfig>(
  usage: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    const told = error instanceof Error ? error.message.split(". ")[0] : String(error)
    console.error(`${told}.\n\n${usage}`)
    process.exit(2)
  }
}
