import type { AutomationChange } from "../../../../shared/automation/listAutomation.ts"
import { Section } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"

/** Versions, and who made them. */
export const History = ({ history }: { history: AutomationChange[] }) => (
  <Section title="Versions" id="versions">
    {history.length === 0 && <p class="hint">As shipped</p>}
    <ul class="lines">
      {history.map(({ version, who, at, action }) => (
        <li>
          <span>
            {version === null ? "Version 1" : `Version ${version}`}: {action.split(".")[1]} by {who ?? "somebody"}
          </span>
          <span class="hint">
            <Time at={at} />
          </span>
        </li>
      ))}
    </ul>
  </Section>
)
