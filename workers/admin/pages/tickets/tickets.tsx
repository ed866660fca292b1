import { newPages, permitted } from "../../adminApp.ts"
import { ticketActions } from "./actions.ts"
import { blocksPages } from "./blocks.tsx"
import { showBoard } from "./board.tsx"
import { cannedRepliesPages } from "./cannedReplies.tsx"
import { categoriesPages } from "./categories.tsx"
import { discordSetupPages } from "./discordSetup.tsx"
import { showFigures } from "./figures.tsx"
import { sendFile } from "./file.ts"
import { leftPages } from "./left.tsx"
import { showList } from "./list.tsx"
import { otherMailPages } from "./otherMail.tsx"
import { putIn, refuseHuge, sendReply } from "./replies.ts"
import { showSearch } from "./searchMessages.tsx"
import { supportSettingsPages } from "./supportSettings.tsx"
import { showTicket } from "./ticket.tsx"
import { sendTranscript } from "./transcript.ts"

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
const one = `/:id{${uuid}}`

export const ticketsPages = newPages()
  .get("/", showBoard)
  .get("/list", showList)
  .get("/search", showSearch)
  .get("/figures", showFigures)
  .route("/categories", categoriesPages)
  .route("/replies", cannedRepliesPages)
  .route("/blocks", blocksPages)
  .route("/mails", otherMailPages)
  .route("/left", leftPages)
  .route("/settings", supportSettingsPages)
  .route("/setup", discordSetupPages)
  .get(one, (c) => showTicket(c))
  .get(`${one}/files/:file{${uuid}}`, sendFile)
  .get(`${one}/transcript.html`, (c) => sendTranscript(c, "html"))
  .get(`${one}/transcript.json`, (c) => sendTranscript(c, "json"))
  .post(`${one}/messages`, permitted("tickets:write"), refuseHuge, sendReply)
  .post(`${one}/canned`, permitted("tickets:write"), refuseHuge, putIn)
  .route(one, ticketActions)
