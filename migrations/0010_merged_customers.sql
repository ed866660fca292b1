ALTER TABLE "customers" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
CREATE INDEX "customers_merged" ON "customers" USING btree ("merged_into") WHERE merged_into is not null;