import { customerFilter } from "../../../../shared/customers/customerFilter.ts"
import { exportCustomers } from "../../../../shared/customers/exportCustomers.ts"
import { newPages } from "../../adminApp.ts"
import { customerActions } from "./actions.ts"
import { bulkPages } from "./bulk.tsx"
import { erasePages } from "./erase.tsx"
import { importPages } from "./import.tsx"
import { showList } from "./list.tsx"
import { mergePages } from "./merge.tsx"
import { showProfile } from "./profile.tsx"
import { segmentsPages } from "./segments.tsx"

const one = "/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"

export const customersPages = newPages()
  .get("/", showList)
  .get("/export.csv", async (c) => {
    const ctx = c.get("ctx")
    const day = ctx.now().toISOString().slice(0, 10)
    return c.body(await exportCustomers(ctx, customerFilter.parse(c.req.query())), 200, {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="customers-${day}.csv"`,
    })
  })
  .route("/bulk", bulkPages)
  .route("/import", importPages)
  .route("/segments", segmentsPages)
  .route("/", erasePages)
  .route("/", mergePages)
  .get(one, showProfile)
  .route(one, customerActions)
