import type { JobState } from "../../../../shared/monitoring/jobState.ts"
import { Badge, type Tone } from "../../components/badge.tsx"

const tones: Record<JobState, Tone> = {
  new: "neutral",
  up: "good",
  late: "warn",
  down: "bad",
  paused: "neutral",
  running: "info",
}

export const JobStateBadge = ({ state }: { state: JobState }) => <Badge tone={tones[state]}>{state}</Badge>
