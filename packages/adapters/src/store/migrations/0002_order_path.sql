CREATE TABLE "hyperoru"."adjustments" (
	"id" text PRIMARY KEY NOT NULL,
	"trader_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"symbol" text,
	"position_id" uuid,
	"order_id" uuid,
	"recorded" text NOT NULL,
	"reported" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."external_orders" (
	"trader_id" uuid NOT NULL,
	"venue_order_id" text NOT NULL,
	"client_order_id" text,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"quantity" numeric NOT NULL,
	"reduce_only" boolean NOT NULL,
	"policy" text NOT NULL,
	"first_seen_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "external_orders_trader_id_venue_order_id_pk" PRIMARY KEY("trader_id","venue_order_id")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."kills" (
	"id" uuid PRIMARY KEY NOT NULL,
	"trader_id" uuid,
	"is_drill" boolean NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"blocked_at" timestamp(3) with time zone NOT NULL,
	"finished_at" timestamp(3) with time zone,
	"traders" jsonb NOT NULL,
	"disarmed_at" timestamp(3) with time zone,
	"disarmed_by" text
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."protections" (
	"position_id" uuid PRIMARY KEY NOT NULL,
	"trader_id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"is_required" boolean NOT NULL,
	"covered_quantity" numeric NOT NULL,
	"bare_since" timestamp(3) with time zone,
	"bare_ms" bigint NOT NULL,
	"longest_bare_ms" bigint NOT NULL,
	"checked_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."reconciliations" (
	"trader_id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"finished_at" timestamp(3) with time zone,
	"status" text NOT NULL,
	"message" text,
	"last_good_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."trader_sequences" (
	"trader_id" uuid PRIMARY KEY NOT NULL,
	"lane_epoch" integer NOT NULL,
	"nonce" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hyperoru"."decisions" ALTER COLUMN "binding_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "hyperoru"."decisions" ALTER COLUMN "prompt_version_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "hyperoru"."runs" ALTER COLUMN "binding_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "hyperoru"."orders" ADD COLUMN "nonce" bigint;--> statement-breakpoint
ALTER TABLE "hyperoru"."orders" ADD COLUMN "epoch" integer;--> statement-breakpoint
ALTER TABLE "hyperoru"."traders" ADD COLUMN "is_reduce_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "hyperoru"."adjustments" ADD CONSTRAINT "adjustments_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."adjustments" ADD CONSTRAINT "adjustments_position_id_positions_id_fk" FOREIGN KEY ("position_id") REFERENCES "hyperoru"."positions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."adjustments" ADD CONSTRAINT "adjustments_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "hyperoru"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."external_orders" ADD CONSTRAINT "external_orders_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."kills" ADD CONSTRAINT "kills_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."protections" ADD CONSTRAINT "protections_position_id_positions_id_fk" FOREIGN KEY ("position_id") REFERENCES "hyperoru"."positions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."protections" ADD CONSTRAINT "protections_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."reconciliations" ADD CONSTRAINT "reconciliations_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."trader_sequences" ADD CONSTRAINT "trader_sequences_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "adjustments_trader" ON "hyperoru"."adjustments" USING btree ("trader_id","at","id");--> statement-breakpoint
CREATE INDEX "adjustments_at" ON "hyperoru"."adjustments" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "kills_armed" ON "hyperoru"."kills" USING btree ("started_at") WHERE "hyperoru"."kills"."disarmed_at" is null;--> statement-breakpoint
CREATE INDEX "kills_started" ON "hyperoru"."kills" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "protections_bare" ON "hyperoru"."protections" USING btree ("position_id") WHERE "hyperoru"."protections"."bare_since" is not null;--> statement-breakpoint
CREATE INDEX "protections_trader" ON "hyperoru"."protections" USING btree ("trader_id");--> statement-breakpoint
CREATE INDEX "orders_entries_sent" ON "hyperoru"."orders" USING btree ("sent_at") WHERE "hyperoru"."orders"."purpose" = 'entry';--> statement-breakpoint
DO $$
BEGIN
  CREATE TRIGGER adjustments_only_grows BEFORE UPDATE OR DELETE ON hyperoru.adjustments FOR EACH ROW EXECUTE FUNCTION hyperoru.refuse_change();
  CREATE TRIGGER adjustments_not_emptied BEFORE TRUNCATE ON hyperoru.adjustments FOR EACH STATEMENT EXECUTE FUNCTION hyperoru.refuse_change();
END $$;
--> statement-breakpoint
DO $$
DECLARE
  reference record;
BEGIN
  FOR reference IN
    SELECT c.conname, c.conrelid::regclass AS tab FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE n.nspname = 'hyperoru' AND c.contype = 'f' AND NOT c.condeferrable
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY DEFERRED', reference.tab, reference.conname);
  END LOOP;
END $$;
--> statement-breakpoint
-- Limits that did not exist yet start as they do for a new trader.
UPDATE "hyperoru"."traders" SET "risk" = '{"maxPriceDeviation":"0.05","cooldownMinutes":0,"maxDrawdown":"0.3","maxSameDirectionNotional":null,"onExternalActivity":"alarm"}'::jsonb || "risk";
