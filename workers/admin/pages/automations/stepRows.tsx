import { Badge } from "../../components/badge.tsx"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { EditButton } from "./editButton.tsx"
import type { StepRow } from "./stepForm.ts"

/** The mails of a sequence; `waiting` is how many people each of the kept ones has to come for. */
export const StepRows = (props: {
  rows: StepRow[]
  templates: { id: string; name: string }[]
  waiting: Map<number, number>
  here: string
  mayWrite: boolean
  focus?: number | undefined
}) => {
  const button = { name: "mails", here: props.here }
  return (
    <>
      {props.rows.map((row, at) => (
        <fieldset class="wide">
          <legend class="hidden">{`Mail ${at + 1}`}</legend>
          <div class="row fields">
            <Field label={`Mail ${at + 1}`} name="template" id={`template-${at}`}>
              <Select
                id={`template-${at}`}
                name="template"
                value={row.template}
                options={props.templates.map(({ id, name }) => ({ value: id, label: name }))}
                empty="–"
                focused={props.focus === at}
              />
            </Field>
            <Field label="after" name="amount" id={`amount-${at}`}>
              <TextInput id={`amount-${at}`} name="amount" type="number" value={row.amount} />
            </Field>
            <Field label="unit" name="unit" id={`unit-${at}`}>
              <Select id={`unit-${at}`} name="unit" value={row.unit} options={units} />
            </Field>
            <Field label="time of day" name="time" id={`time-${at}`}>
              <TextInput id={`time-${at}`} name="time" type="time" value={row.time} />
            </Field>
            {props.mayWrite && (
              <EditButton {...button} verb="remove" at={at} label={`Remove mail ${at + 1}`}>
                Remove
              </EditButton>
            )}
            {props.waiting.has(at) && <Badge tone="info">{`${props.waiting.get(at)} wait for it`}</Badge>}
          </div>
        </fieldset>
      ))}
      {props.mayWrite && (
        <p class="row">
          <EditButton {...button} verb="add" at={props.rows.length} label="Add mail">
            Add mail
          </EditButton>
        </p>
      )}
    </>
  )
}

const units = [
  { value: "minutes", label: "minutes" },
  { value: "hours", label: "hours" },
  { value: "days", label: "days" },
  { value: "at", label: "days, at the customer's" },
]
