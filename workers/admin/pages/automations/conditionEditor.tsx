import { fieldType } from "../../../../shared/automation/conditionFields.ts"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { isKeyed, pathOf } from "./comparisonOf.ts"
import { fieldOptions, operatorOptions } from "./conditionChoices.ts"
import { type Entry, labelWithin, matches, partsOf, type Row, type Tree } from "./conditionTree.ts"
import { EditButton } from "./editButton.tsx"
import { deepestGroup } from "./readTree.ts"

export interface ConditionEditorProps {
  /** What its fields and buttons are named after; several may stand in one form. */
  name: string
  tree: Tree
  /** Where the form goes. */
  here: string
  mayWrite: boolean
  /** The entry where the writer goes on. */
  focus?: number | undefined
  problem?: string | undefined
}

/**
 * A condition of groups within groups. Every button sends the form, which comes back as typed with the part added, moved
 * or gone; with script only this part of the page is exchanged, and what a field is compared with and by fits the field at
 * once. The page reads it with readTree and editTree.
 */
export const ConditionEditor = (props: ConditionEditorProps) => (
  <>
    {props.problem && <Notice tone="warn">{props.problem}</Notice>}
    <GroupParts {...props} at={0} label="" />
  </>
)

interface PartProps extends ConditionEditorProps {
  at: number
  /** As `2.1`; empty for the group around all. */
  label: string
}

const GroupParts = (props: PartProps) => {
  const { name, tree, at, label, focus } = props
  const group = tree[at]
  if (group?.kind !== "group") return null
  const id = `${name}-match-${at}`
  const called = label === "" ? "" : ` to group ${label}`
  return (
    <>
      <div class="row fields">
        <Field label="Where" name={`${name}-match`} id={id}>
          <Select id={id} name={`${name}-match`} value={group.match} options={matches} focused={focus === at} />
        </Field>
        {label !== "" && <Moves {...props} called={`group ${label}`} />}
      </div>
      {partsOf(tree, at).map((place, index) => (
        <Part {...props} at={place} label={labelWithin(label, index)} />
      ))}
      {props.mayWrite && (
        <p class="row">
          <EditButton {...props} verb="add-row" label={`Add condition${called}`}>
            Add condition
          </EditButton>
          {group.depth < deepestGroup && (
            <EditButton {...props} verb="add-group" label={`Add group${called}`}>
              Add group
            </EditButton>
          )}
        </p>
      )}
    </>
  )
}

const Part = (props: PartProps) => {
  const { name, tree, at, label } = props
  const entry = tree[at]
  if (!entry) return null
  const line = <input type="hidden" name={`${name}-line`} value={lineOf(entry)} />
  return entry.kind === "group" ? (
    <fieldset class="group">
      <legend>{`Group ${label}`}</legend>
      {line}
      <GroupParts {...props} />
    </fieldset>
  ) : (
    <fieldset class="wide">
      <legend class="hidden">{`Condition ${label}`}</legend>
      {line}
      <Comparison {...props} row={entry} />
    </fieldset>
  )
}

const lineOf = ({ kind, depth }: Entry) => `${kind}:${depth}`

const Comparison = (props: PartProps & { row: Row }) => {
  const { name, at, row, label, here } = props
  const path = pathOf(row)
  const type = fieldType(path)
  const id = (part: string) => `${name}-${part}-${at}`
  return (
    <div class="row fields">
      <div
        class="field"
        hx-post={here}
        hx-trigger="change"
        hx-include="closest form"
        hx-vals={JSON.stringify({ does: `${name} show ${at}` })}
      >
        <label for={id("field")}>Field</label>
        <Select
          id={id("field")}
          name={`${name}-field`}
          value={row.field}
          options={fieldOptions(row.field)}
          empty="–"
          focused={props.focus === at}
        />
      </div>
      {isKeyed(row.field) ? (
        <Field label="key" name={`${name}-key`} id={id("key")}>
          <TextInput id={id("key")} name={`${name}-key`} value={row.key} maxLength={100} />
        </Field>
      ) : (
        <input type="hidden" name={`${name}-key`} value={row.key} />
      )}
      <Field label="compares" name={`${name}-op`} id={id("op")}>
        <Select id={id("op")} name={`${name}-op`} value={row.op} options={operatorOptions(path, row.op)} />
      </Field>
      <Field label="with" name={`${name}-value`} id={id("value")}>
        {type === "flag" && ["", "yes", "no"].includes(row.value) ? (
          <Select id={id("value")} name={`${name}-value`} value={row.value} options={yesOrNo} empty="–" />
        ) : (
          <TextInput
            id={id("value")}
            name={`${name}-value`}
            value={row.value}
            placeholder={type === "number" ? "a number, amounts in minor units" : "several, by comma"}
          />
        )}
      </Field>
      <Moves {...props} called={`condition ${label}`} />
    </div>
  )
}

const yesOrNo = [
  { value: "yes", label: "yes" },
  { value: "no", label: "no" },
]

const Moves = (props: PartProps & { called: string }) => {
  const depth = props.tree[props.at]?.depth ?? 1
  if (!props.mayWrite) return null
  return (
    <div class="row">
      <EditButton {...props} verb="indent" label={`Move ${props.called} into a group`}>
        →
      </EditButton>
      {depth > 1 && (
        <EditButton {...props} verb="outdent" label={`Move ${props.called} out of its group`}>
          ←
        </EditButton>
      )}
      <EditButton {...props} verb="remove" label={`Remove ${props.called}`}>
        Remove
      </EditButton>
    </div>
  )
}
