ALTER TABLE "tickets" ADD COLUMN "show_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "tickets_show" ON "tickets" USING btree ("show_at") WHERE show_at is not null;