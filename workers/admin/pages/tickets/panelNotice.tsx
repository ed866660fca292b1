import type { SupportSetup } from "../../../../shared/support/supportSetup.ts"
import { Button } from "../../components/button.tsx"
import { Notice } from "../../components/notice.tsx"

/** Why the panel in Discord does not say what the categories are now, with a way to try again. */
export const PanelNotice = ({ setup, mayWrite }: { setup: SupportSetup; mayWrite: boolean }) => {
  const { error } = setup.settings.supportPanel
  return error ? (
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
  ) : null
}
