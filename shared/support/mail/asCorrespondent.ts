import { correspondentOf } from "./correspondentOf.ts"

/** A mail as from whom its ticket belongs to. */
export function asCorrespondent<Mail extends Parameters<typeof correspondentOf>[0]>(mail: Mail): Mail {
  const { email, name } = correspondentOf(mail)
  return { ...mail, fromEmail: email, fromName: name }
}
