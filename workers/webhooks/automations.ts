import { WorkerEntrypoint } from "cloudflare:workers"
import type { DryRunService } from "../../shared/automation/dryRunService.ts"
import { answerDryRun } from "./answerDryRun.ts"

/** What staff wait for and only this Worker's code can tell; bound to the staff Worker. */
export class Automations extends WorkerEntrypoint<Cloudflare.WebhooksEnv> implements DryRunService {
  dryRunEvent(request: unknown) {
    return answerDryRun(this.env, request)
  }
}
