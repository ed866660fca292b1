import { Badge, type Tone } from "../../components/badge.tsx"

const tones: Record<string, Tone> = {
  sent: "good",
  delivered: "good",
  due: "info",
  sending: "info",
  delayed: "warn",
  unknown: "warn",
  suppressed: "warn",
  stale: "warn",
  failed: "bad",
  bounced: "bad",
}

/** What became of a mail: what Resend told last, else what we know. */
export function MailStatusBadge({ status, delivery }: { status: string; delivery: string | null }) {
  const known = delivery ?? status
  return <Badge tone={tones[known] ?? "neutral"}>{known}</Badge>
}
