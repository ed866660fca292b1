import type { CustomerFilter } from "../../../../shared/customers/customerFilter.ts"
import { Button } from "../../components/button.tsx"

/** The list's filter inside another form. */
export const FilterFields = ({ filter }: { filter: CustomerFilter }) => (
  <>{Object.entries(filter).map(([name, value]) => value && <input type="hidden" name={name} value={value} />)}</>
)

/** A change of all that match, on whatever page; the next page tells their number and asks. */
export const BulkForm = ({ filter }: { filter: CustomerFilter }) => (
  <form class="row fields" method="get" action="/customers/bulk">
    <FilterFields filter={filter} />
    <div class="field">
      {/* Without an id: htmx carries attributes over to what has the same one, styles included, which the policy forbids. */}
      <label>
        All that match, on every page
        <input name="bulkTag" required maxlength={64} placeholder="A tag" autocomplete="off" />
      </label>
    </div>
    <Button name="change" value="add">
      Add tag to all
    </Button>
    <Button name="change" value="remove">
      Remove tag from all
    </Button>
  </form>
)
