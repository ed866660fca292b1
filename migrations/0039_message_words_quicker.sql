-- The same in PL/pgSQL, whose plans last as long as the connection.
CREATE OR REPLACE FUNCTION "ticket_message_text"(message uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	said ticket_messages%ROWTYPE;
	answers text;
	names text;
	embedded text;
	earlier text;
BEGIN
	SELECT * INTO said FROM ticket_messages WHERE id = message;
	IF said.origin = 'form' THEN
		SELECT string_agg(a ->> 'answer', E'\n') INTO answers
			FROM tickets t, jsonb_array_elements(t.answers) a WHERE t.id = said.ticket_id;
	END IF;
	-- A name is found as a whole and by its parts.
	SELECT string_agg(concat_ws(' ', f.name, nullif(translate(f.name, '._-', '   '), f.name)), E'\n' ORDER BY f.external_id, f.id) INTO names
		FROM ticket_attachments f WHERE f.message_id = message;
	IF said.embeds <> '[]' THEN
		SELECT string_agg(part #>> '{}', E'\n') INTO embedded FROM (
				SELECT jsonb_path_query(said.embeds, 'lax $[*].author.name') UNION ALL
				SELECT jsonb_path_query(said.embeds, 'lax $[*].title') UNION ALL
				SELECT jsonb_path_query(said.embeds, 'lax $[*].description') UNION ALL
				SELECT jsonb_path_query(said.embeds, 'lax $[*].fields[*].name') UNION ALL
				SELECT jsonb_path_query(said.embeds, 'lax $[*].fields[*].value') UNION ALL
				SELECT jsonb_path_query(said.embeds, 'lax $[*].footer.text')) AS embed(part)
			WHERE jsonb_typeof(part) = 'string';
	END IF;
	SELECT string_agg(e.content, E'\n' ORDER BY e.until DESC) INTO earlier FROM ticket_message_edits e WHERE e.message_id = message;
	RETURN left(concat_ws(E'\n', said.content, answers, names, embedded, earlier), 120000);
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "keep_message_words"(message uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO ticket_message_words (message_id, sent_at, words)
	SELECT id, sent_at, to_tsvector('simple', ticket_message_text(id)) FROM ticket_messages WHERE id = message
	ON CONFLICT (message_id) DO UPDATE SET sent_at = excluded.sent_at, words = excluded.words;
END $$;
