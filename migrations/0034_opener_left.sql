ALTER TABLE "tickets" ADD COLUMN "opener_check_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "opener_seen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "opener_left_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "tickets_opener_check" ON "tickets" USING btree ("opener_check_at") WHERE status = 'open' and source = 'discord';