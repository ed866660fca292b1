import type { EventStatus } from "../../../../shared/db/schema/webhooks.ts"
import { Badge, type Tone } from "../../components/badge.tsx"

const tones: Record<EventStatus, Tone> = {
  received: "info",
  applied: "good",
  ignored: "neutral",
  retrying: "warn",
  failed: "bad",
}

export const EventStatusBadge = ({ status }: { status: EventStatus }) => <Badge tone={tones[status]}>{status}</Badge>
