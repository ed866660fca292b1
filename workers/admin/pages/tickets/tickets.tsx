import { newPages, permitted } from "../../adminApp.ts"
import { ticketActions } from "./actions.ts"
import { showBoard } from "./board.tsx"
import { sendFile } from "./file.ts"
import { showList } from "./list.tsx"
import { putIn, sendReply } from "./replies.ts"
import { showTicket } from "./ticket.tsx"

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
const one = `/:id{${uuid}}`

export const ticketsPages = newPages()
  .get("/", showBoard)
  .get("/list", showList)
  .get(one, (c) => showTicket(c))
  .get(`${one}/files/:file{${uuid}}`, sendFile)
  .post(`${one}/messages`, permitted("tickets:write"), sendReply)
  .post(`${one}/canned`, permitted("tickets:write"), putIn)
  .route(one, ticketActions)
