/** The application, its bot and the key pair of the stand-in: obviously fake, the same everywhere. */
export const discordIdentity = {
  applicationId: "100000000000000001",
  /** A bot's user has the application's id. */
  botId: "100000000000000001",
  guildId: "100000000000000002",
  botToken: "fake-discord-bot-token",
  /** Ed25519, in hexadecimal as the developer portal shows it. */
  publicKey: "1cdbc909915fdc426afe56e4fe3b0737b6b97af8ac57e5aab31b70533799838e",
  privateKey: {
    kty: "OKP",
    crv: "Ed25519",
    d: "XlfNdwHURlQRdRWWO27iiGUbbqRRx6Jp6CAEN1pgOgs",
    x: "HNvJCZFf3EJq_lbk_jsHN7a5evisV-WqsxtwUzeZg44",
  },
} as const
