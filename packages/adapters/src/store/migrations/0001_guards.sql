-- What was recorded is never changed or removed: the tables below only grow.
CREATE FUNCTION "hyperoru"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Expected % to only grow, but % was asked for.', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_entries', 'ledger_entries', 'fills', 'decisions', 'model_calls', 'order_history'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON hyperoru.%I FOR EACH ROW EXECUTE FUNCTION hyperoru.refuse_change()', name || '_only_grows', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON hyperoru.%I FOR EACH STATEMENT EXECUTE FUNCTION hyperoru.refuse_change()', name || '_not_emptied', name);
  END LOOP;
END $$;
--> statement-breakpoint
-- References are checked at the commit: records of one transaction may be written in any order.
DO $$
DECLARE
  reference record;
BEGIN
  FOR reference IN
    SELECT c.conname, c.conrelid::regclass AS tab FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE n.nspname = 'hyperoru' AND c.contype = 'f'
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY DEFERRED', reference.tab, reference.conname);
  END LOOP;
END $$;
--> statement-breakpoint
INSERT INTO "hyperoru"."event_stream" ("id", "xid_offset") VALUES (1, 0);
