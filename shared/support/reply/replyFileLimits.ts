/**
 * What a reply carries, in bytes. Discord takes 10 files of 10 MiB from a bot, in a request of 25 MiB
 * (https://discord.com/developers/docs/reference#uploading-files). Resend takes 40 MB after base64, but most mail servers
 * refuse what is more than 20 to 25 MB by then, and base64 adds a third.
 */
export const replyFileLimits = {
  count: 10,
  each: 10_000_000,
  together: { discord: 24_000_000, email: 15_000_000 },
} as const
