import { Field, TextInput } from "../../components/field.tsx"
import { ConditionEditor } from "./conditionEditor.tsx"
import { type Edit, EditButton } from "./editButton.tsx"
import { type ExitDraft, exitName } from "./exitForm.ts"

/** What ends a sequence, each with its own condition. */
export const ExitRows = (props: {
  exits: ExitDraft[]
  here: string
  mayWrite: boolean
  focus?: Edit | undefined
  refused?: string | undefined
}) => {
  const { exits, here, mayWrite, focus } = props
  return (
    <>
      {exits.map(({ tree, reason }, at) => {
        const name = exitName(at)
        const focused = focus?.name === name
        return (
          <fieldset class="group">
            <legend>{`End ${at + 1}`}</legend>
            <input type="hidden" name="exit" value={at} />
            <Field label="because" name={`${name}-reason`}>
              <TextInput
                name={`${name}-reason`}
                value={reason}
                maxLength={200}
                focused={focus?.name === "exits" && focus.at === at}
              />
            </Field>
            <ConditionEditor
              name={name}
              tree={tree}
              here={here}
              mayWrite={mayWrite}
              focus={focused ? focus.at : undefined}
              problem={focused ? props.refused : undefined}
            />
            {mayWrite && (
              <p>
                <EditButton name="exits" verb="remove" at={at} here={here} label={`Remove end ${at + 1}`}>
                  Remove end
                </EditButton>
              </p>
            )}
          </fieldset>
        )
      })}
      {mayWrite && (
        <p class="row">
          <EditButton name="exits" verb="add" at={exits.length} here={here} label="Add an end">
            Add an end
          </EditButton>
        </p>
      )}
    </>
  )
}
