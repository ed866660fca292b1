DROP INDEX "sync_slices_open";--> statement-breakpoint
CREATE INDEX "sync_slices_open" ON "sync_slices" USING btree ("run_id") WHERE done_at is null;--> statement-breakpoint
ALTER TABLE "sync_slices" DROP COLUMN "phase";