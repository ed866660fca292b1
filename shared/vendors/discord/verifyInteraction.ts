import { verifyKey } from "discord-interactions"
import { AppError } from "../../errors.ts"
import { type Interaction, readInteraction } from "./readInteraction.ts"

/** Seconds that a stamp may lie before or after our own clock. */
const tolerance = 300

/**
 * What Discord signed (Ed25519 over stamp and body). Throws `unauthenticated` for everything else, a body that is no
 * interaction included: Discord sends bad requests on purpose and takes the endpoint away unless each is answered with 401.
 */
export async function verifyInteraction(request: {
  headers: Headers
  body: string
  publicKey: string
  now: Date
}): Promise<Interaction> {
  const signature = request.headers.get("x-signature-ed25519") ?? ""
  const stamp = request.headers.get("x-signature-timestamp") ?? ""
  // verifyKey reads hexadecimal leniently; what Discord sends is exact.
  if (!/^[0-9a-f]{128}$/i.test(signature) || !/^\d{1,12}$/.test(stamp))
    throw refused("The signature or its stamp is missing or malformed.")
  if (!(await verifyKey(request.body, signature, stamp, request.publicKey)))
    throw refused("The signature does not match the body.")
  if (Math.abs(request.now.getTime() / 1000 - Number(stamp)) > tolerance)
    throw refused("The signature's stamp is more than 5 minutes off.")
  const interaction = readInteraction(request.body)
  if (!interaction) throw refused("The body is not an interaction.")
  return interaction
}

const refused = (message: string) => new AppError("unauthenticated", message)
