ALTER TABLE "staff_codes" ADD COLUMN "client" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "staff_codes_client" ON "staff_codes" USING btree ("client","created_at");