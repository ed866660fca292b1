import type { EventDryRun } from "../../../../shared/automation/dryRunService.ts"
import { Notice } from "../../components/notice.tsx"
import { Time } from "../../components/time.tsx"
import { inWords } from "./inWords.ts"

/** Who would have got what. */
export function DryRunResult({ run, ruleId }: { run: EventDryRun; ruleId: string }) {
  const fires = run.changes.some(({ rules }) => rules.includes(ruleId))
  return (
    <div id="tried" class="tried">
      <Notice tone={fires ? "good" : "neutral"}>
        {run.changes.length === 0
          ? `${run.event.type} tells of no change that rules react to.`
          : fires
            ? "This rule would have fired."
            : "This rule would not have fired."}
      </Notice>
      {run.customerId && (
        <p>
          For <a href={`/customers/${run.customerId}`}>this customer</a>, of all rules together:
        </p>
      )}
      {run.changes.map(({ kind, rules, enrolments, tags, notifications, exits }) => (
        <section>
          <h3>{inWords(kind)}</h3>
          <ul>
            {rules.length === 0 && <li>No rule fires.</li>}
            {rules.map((rule) => (
              <li>Rule {rule} fires</li>
            ))}
            {enrolments.map(({ sequence, exitReason, mails }) => (
              <li>
                Enrolled in {sequence}
                {exitReason && `, and out again: ${exitReason}`}
                <ul>
                  {mails.map(({ template, dueAt, status, reason }) => (
                    <li>
                      {template}, <Time at={dueAt} /> {status !== "due" && `(${reason ?? status})`}
                    </li>
                  ))}
                </ul>
              </li>
            ))}
            {exits.length > 0 && <li>Leaves {exits.length === 1 ? "a sequence" : `${exits.length} sequences`}</li>}
            {tags.length > 0 && <li>Tags change</li>}
            {notifications.map((message) => (
              <li>Staff are told: {message}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
