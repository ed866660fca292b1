import { subjects } from "../../../../shared/automation/ruleSchema.ts"
import { Field, Select } from "../../components/field.tsx"
import { type ActionRow, actionOptions } from "./actionForm.ts"
import { EditButton } from "./editButton.tsx"

/** The actions of a rule, in the order in which they are done. */
export const ActionRows = (props: {
  rows: ActionRow[]
  sequences: { id: string; name: string }[]
  here: string
  mayWrite: boolean
  focus?: number | undefined
}) => {
  const button = { name: "actions", here: props.here }
  return (
    <>
      {props.rows.map((row, at) => (
        <fieldset class="wide">
          <legend class="hidden">{`Action ${at + 1}`}</legend>
          <div class="row fields">
            <Field label="Action" name="do" id={`do-${at}`}>
              <Select
                id={`do-${at}`}
                name="do"
                value={row.do}
                options={actionOptions}
                empty="–"
                focused={props.focus === at}
              />
            </Field>
            <Field label="Sequence, tag or message" name="target" id={`target-${at}`}>
              <input
                id={`target-${at}`}
                name="target"
                value={row.target}
                list="sequences"
                autocomplete="off"
                maxlength={500}
              />
            </Field>
            <Field label="Once for each, or why" name="subject" id={`subject-${at}`}>
              <input
                id={`subject-${at}`}
                name="subject"
                value={row.subject}
                list="subjects"
                autocomplete="off"
                placeholder="customer"
                maxlength={500}
              />
            </Field>
            <Field label="Not who was in" name="unless" id={`unless-${at}`}>
              <input
                id={`unless-${at}`}
                name="unless"
                value={row.unless}
                list="sequences"
                autocomplete="off"
                placeholder="sequences, by comma"
                maxlength={500}
              />
            </Field>
            {props.mayWrite && (
              <div class="row">
                {at > 0 && (
                  <EditButton {...button} verb="up" at={at} label={`Do action ${at + 1} earlier`}>
                    ↑
                  </EditButton>
                )}
                <EditButton {...button} verb="remove" at={at} label={`Remove action ${at + 1}`}>
                  Remove
                </EditButton>
              </div>
            )}
          </div>
        </fieldset>
      ))}
      {props.mayWrite && (
        <p class="row">
          <EditButton {...button} verb="add" at={props.rows.length} label="Add action">
            Add action
          </EditButton>
        </p>
      )}
      <datalist id="sequences">
        {props.sequences.map(({ id, name }) => (
          <option value={id}>{name}</option>
        ))}
      </datalist>
      <datalist id="subjects">
        {subjects.map((value) => (
          <option value={value} />
        ))}
      </datalist>
    </>
  )
}
