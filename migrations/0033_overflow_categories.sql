CREATE TABLE "overflow_categories" (
	"guild_id" text NOT NULL,
	"name" text NOT NULL,
	"holder" text NOT NULL,
	"lease_until" timestamp with time zone NOT NULL,
	"category_id" text,
	"made_at" timestamp with time zone,
	CONSTRAINT "overflow_categories_guild_id_name_pk" PRIMARY KEY("guild_id","name")
);
