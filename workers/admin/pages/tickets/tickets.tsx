import { newPages } from "../../adminApp.ts"
import { showBoard } from "./board.tsx"
import { showList } from "./list.tsx"

export const ticketsPages = newPages().get("/", showBoard).get("/list", showList)
