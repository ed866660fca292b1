/**
 * Text of others as Discord shows it letter by letter: no formatting, no link under other words, no mention, no channel, no
 * time stamp.
 */
export const escapeMarkdown = (text: string): string =>
  text
    .replaceAll(/[\\`*_{}[\]()#+\-.!|~<>:@/]/g, (sign) => `\\${sign}`)
    // Addresses of the web stay readable.
    .replaceAll(/https?\\:\\\/\\\//g, (address) => address.replaceAll("\\", ""))
