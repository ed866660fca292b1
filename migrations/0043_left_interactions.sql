DROP INDEX "discord_interactions_failed";--> statement-breakpoint
ALTER TABLE "discord_interactions" ADD COLUMN "failed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "discord_interactions" ADD COLUMN "set_aside_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "discord_interactions_left" ON "discord_interactions" USING btree ("received_at","id") WHERE failed_at is not null or payload is not null;