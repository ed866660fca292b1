import type { AdminRequest } from "../adminApp.ts"
import { ClientScript } from "./clientScript.tsx"

/**
 * For a page with parts that ask for news by themselves (`data-live`): the script for it, and where it says that none come.
 * Nothing else on the page moves for that.
 */
export const LiveState = ({ c }: { c: AdminRequest }) => (
  <>
    <p class="live-state" role="status" />
    <ClientScript c={c} name="live.client.js" />
  </>
)
