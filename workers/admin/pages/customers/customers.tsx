import { newPages } from "../../adminApp.ts"
import { customerActions } from "./actions.ts"
import { showList } from "./list.tsx"
import { showProfile } from "./profile.tsx"

const one = "/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"

export const customersPages = newPages().get("/", showList).get(one, showProfile).route(one, customerActions)
