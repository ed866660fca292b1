import type { Stage } from "../../../shared/db/schema/billing.ts"
import { Badge, type Tone } from "./badge.tsx"

const tones: Record<Stage, Tone> = {
  lead: "neutral",
  trial: "info",
  purchase: "info",
  onboarding: "info",
  active: "good",
  at_risk: "bad",
  churned: "neutral",
  win_back: "warn",
}

export const StageBadge = ({ stage }: { stage: Stage }) => (
  <Badge tone={tones[stage]}>{stage.replaceAll("_", " ")}</Badge>
)
