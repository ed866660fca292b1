import type { Operator } from "../../../../shared/automation/ruleSchema.ts"
import type { CustomerChoices } from "../../../../shared/customers/customerChoices.ts"
import { isList, takesNoValue } from "../../../../shared/customers/segmentCondition.ts"
import { type SegmentField, segmentField, segmentPaths } from "../../../../shared/customers/segmentFields.ts"
import { Button } from "../../components/button.tsx"
import { Checkbox, Field, Select } from "../../components/field.tsx"
import { Section } from "../../components/section.tsx"
import { choicesOf, offeredOperators, operatorName, type SegmentRow, sizeInWords } from "./segmentForm.ts"

interface Props {
  rows: SegmentRow[]
  choices: CustomerChoices
  /** Where the form goes. */
  here: string
  mayWrite: boolean
  size: number | null
}

/**
 * The conditions of a segment. What a row compares with depends on what it is about, so a row that is begun is shown
 * again with what fits: at once with script, by its button without.
 */
export const SegmentRows = ({ rows, choices, here, mayWrite, size }: Props) => {
  const paths = segmentPaths(choices.currencies).flatMap((value) => {
    const field = segmentField(value)
    return field ? [{ value, label: field.label }] : []
  })
  return (
    <div id="conditions">
      <Section title="Conditions">
        {(mayWrite && rows.length < 20 ? [...rows, null] : rows).map((row, index) => {
          const field = row && segmentField(row.field)
          return (
            <fieldset class="wide">
              <legend class="hidden">{`Condition ${index + 1}`}</legend>
              <input type="hidden" name="row" value={index} />
              <div class="row fields">
                <div
                  class="field"
                  hx-post={here}
                  hx-trigger="change"
                  hx-vals='{"does":"more"}'
                  hx-include="closest form"
                  hx-target="#conditions"
                  hx-select="#conditions"
                  hx-swap="outerHTML"
                  hx-sync="closest form:replace"
                >
                  <label for={`field-${index}`}>
                    {row || rows.length === 0 ? "Customers by" : "Another condition"}
                  </label>
                  <Select
                    name={`field-${index}`}
                    value={row?.field}
                    options={
                      row && !paths.some(({ value }) => value === row.field)
                        ? [...paths, { value: row.field, label: field?.label ?? row.field }]
                        : paths
                    }
                    empty={row ? "– leave out –" : "– choose –"}
                  />
                </div>
                {row && field && <Comparison row={row} field={field} index={index} choices={choices} />}
              </div>
              {row && field && <Choices row={row} field={field} index={index} choices={choices} />}
            </fieldset>
          )
        })}
        {mayWrite && (
          <p class="row">
            <Button name="does" value="more">
              Go on
            </Button>
            <span class="hint" aria-live="polite">
              {size === null
                ? rows.length === 0
                  ? "Choose what customers are told apart by, then go on."
                  : "Say for each what to compare with, then go on to see how many there are."
                : `${sizeInWords(size)} customers now.`}
            </span>
          </p>
        )}
      </Section>
    </div>
  )
}

interface ComparisonProps {
  row: SegmentRow
  field: SegmentField
  index: number
  choices: CustomerChoices
}

const Comparison = ({ row, field, index, choices }: ComparisonProps) => {
  const [op, value] = [`op-${index}`, `value-${index}`]
  const offered = offeredOperators(field)
  const chosen = offered.find((each) => each === row.op) ?? offered[0]
  const known = choicesOf(field, choices)
  return (
    <>
      {field.type === "flag" ? (
        <input type="hidden" name={op} value="eq" />
      ) : (
        <Field label="compares" name={op}>
          <Select
            name={op}
            value={chosen}
            options={offered.map((each) => ({ value: each, label: operatorName(field, each) }))}
          />
        </Field>
      )}
      {known ? null : field.type === "flag" ? (
        <Field label="is" name={value}>
          <Select
            name={value}
            value={row.values[0] ?? "yes"}
            options={[
              { value: "yes", label: "yes" },
              { value: "no", label: "no" },
            ]}
          />
        </Field>
      ) : (
        <Field label="with" name={value}>
          <input
            id={value}
            name={value}
            type={field.type === "date" ? "date" : "text"}
            inputmode={field.type === "number" ? "decimal" : undefined}
            value={row.values.join(", ")}
            maxlength={2000}
            autocomplete="off"
            placeholder={chosen && placeholder(field, chosen)}
          />
        </Field>
      )}
    </>
  )
}

const Choices = ({ row, field, index, choices }: ComparisonProps) => {
  const known = choicesOf(field, choices)
  if (!known) return null
  const gone = row.values.filter((each) => !known.some(({ value }) => value === each)).map(unknown)
  return (
    <fieldset class="choices wide">
      <legend class="hidden">{field.label}</legend>
      {[...known, ...gone].map(({ value, label }) => (
        <Checkbox name={`value-${index}`} value={value} label={label} checked={row.values.includes(value)} />
      ))}
    </fieldset>
  )
}

const unknown = (value: string) => ({ value, label: value })

const placeholder = ({ type }: SegmentField, op: Operator): string | undefined =>
  takesNoValue(op) ? "nothing" : isList(op) ? "several, by comma" : type === "number" ? "a month, as 19.90" : undefined
