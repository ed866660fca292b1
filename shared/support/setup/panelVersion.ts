import type { SupportSetup } from "../supportSetup.ts"
import { uuidFrom } from "../uuidFrom.ts"
import { panelMessage } from "./panelMessage.ts"

/** Tells two panels apart that do not say the same. */
export const panelVersion = (setup: SupportSetup): Promise<string> => uuidFrom(JSON.stringify(panelMessage(setup)))

/** Whether the panel that stands in Discord says something else than it is to say; one that was never posted does not. */
export async function isPanelStale(setup: SupportSetup): Promise<boolean> {
  const { messageId, shown } = setup.settings.supportPanel
  return messageId !== "" && shown !== (await panelVersion(setup))
}

/** What failed is tried again after so long. */
const againAfter = 600_000

/** Whether it is time to bring it up to date. */
export async function isPanelDue(setup: SupportSetup, now: Date): Promise<boolean> {
  const { error, triedAt } = setup.settings.supportPanel
  const waits = error !== "" && now.getTime() - new Date(triedAt).getTime() < againAfter
  return !waits && (await isPanelStale(setup))
}
