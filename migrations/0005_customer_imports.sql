CREATE TABLE "customer_import_rows" (
	"import_id" uuid NOT NULL,
	"row" integer NOT NULL,
	"new_id" uuid NOT NULL,
	"email" text,
	"name" text,
	"country" text,
	"time_zone" text,
	"tags" text[] NOT NULL,
	"note" text,
	"cells" jsonb NOT NULL,
	"problems" jsonb NOT NULL,
	CONSTRAINT "customer_import_rows_import_id_row_pk" PRIMARY KEY("import_id","row")
);
--> statement-breakpoint
CREATE TABLE "customer_imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"file_name" text NOT NULL,
	"content_hash" text NOT NULL,
	"columns" text[] NOT NULL,
	"not_read" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"created_by_label" text,
	"applied_at" timestamp with time zone,
	"result" jsonb
);
--> statement-breakpoint
ALTER TABLE "customer_import_rows" ADD CONSTRAINT "customer_import_rows_import_id_customer_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."customer_imports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "customer_imports_created" ON "customer_imports" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);