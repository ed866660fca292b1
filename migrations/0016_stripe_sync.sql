CREATE TABLE "coupons" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"percent_off" double precision,
	"amount_off" bigint,
	"currency" text,
	"duration" text NOT NULL,
	"duration_in_months" integer,
	"valid" boolean NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_findings" (
	"run_id" uuid NOT NULL,
	"object_type" text NOT NULL,
	"object_id" text NOT NULL,
	"finding" text NOT NULL,
	"fields" text[] NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sync_findings_once" UNIQUE("run_id","object_type","object_id")
);
--> statement-breakpoint
CREATE TABLE "sync_positions" (
	"name" text PRIMARY KEY NOT NULL,
	"position" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_slices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"phase" integer NOT NULL,
	"from_second" integer NOT NULL,
	"to_second" integer NOT NULL,
	"after" text,
	"after_second" integer,
	"tail" text[] DEFAULT '{}' NOT NULL,
	"holder" uuid,
	"lease_until" timestamp with time zone,
	"counts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "vendor_limits" (
	"vendor" text NOT NULL,
	"use" text NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"per_second" double precision NOT NULL,
	CONSTRAINT "vendor_limits_vendor_use_pk" PRIMARY KEY("vendor","use")
);
--> statement-breakpoint
ALTER TABLE "stripe_events" ADD COLUMN "origin" text DEFAULT 'webhook' NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_findings" ADD CONSTRAINT "sync_findings_run_id_job_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."job_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_slices" ADD CONSTRAINT "sync_slices_run_id_job_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."job_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sync_slices_open" ON "sync_slices" USING btree ("run_id","phase") WHERE done_at is null;