-- A person's data may give way to the word "erased"; that somebody did something stays.
CREATE FUNCTION "refuse_audit_rewrite"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF (NEW."id", NEW."at", NEW."actor", NEW."actor_label", NEW."action", NEW."subject_type", NEW."outcome", NEW."request_id")
			IS NOT DISTINCT FROM
			(OLD."id", OLD."at", OLD."actor", OLD."actor_label", OLD."action", OLD."subject_type", OLD."outcome", OLD."request_id")
		AND (NEW."subject_id" = OLD."subject_id" OR NEW."subject_id" = 'erased')
		AND (NEW."before" IS NOT DISTINCT FROM OLD."before" OR (OLD."before" IS NOT NULL AND NEW."before" = '"erased"'))
		AND (NEW."after" IS NOT DISTINCT FROM OLD."after" OR (OLD."after" IS NOT NULL AND NEW."after" = '"erased"'))
	THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'audit_log is append-only: UPDATE is refused' USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
DROP TRIGGER "audit_log_append_only" ON "audit_log";--> statement-breakpoint
CREATE TRIGGER "audit_log_append_only" BEFORE DELETE OR TRUNCATE ON "audit_log"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();--> statement-breakpoint
CREATE TRIGGER "audit_log_erase_only" BEFORE UPDATE ON "audit_log"
	FOR EACH ROW EXECUTE FUNCTION "refuse_audit_rewrite"();
