import { isPanelStale } from "../../../../shared/support/setup/panelVersion.ts"
import type { SupportSetup } from "../../../../shared/support/supportSetup.ts"
import { Button } from "../../components/button.tsx"
import { Notice } from "../../components/notice.tsx"

/** Where the panel in Discord does not say yet what the categories are now: since when it is tried, and what went wrong. */
export async function panelNotice(setup: SupportSetup, { mayWrite }: { mayWrite: boolean }) {
  if (!(await isPanelStale(setup))) return null
  const { error } = setup.settings.supportPanel
  if (error === "") return <Notice>The panel in Discord is being brought up to date.</Notice>
  return (
    <>
      <Notice tone="bad">
        The panel in Discord does not show what the categories are now, and is tried again every ten minutes: {error}
      </Notice>
      {mayWrite && (
        <form method="post" action="/tickets/setup/panel">
          <Button>Try again now</Button>
        </form>
      )}
    </>
  )
}
