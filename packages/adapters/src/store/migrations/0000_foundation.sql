CREATE SCHEMA "hyperoru";
--> statement-breakpoint
CREATE TABLE "hyperoru"."invitations" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"created_by" uuid NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"used_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"last_used_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone,
	CONSTRAINT "sessions_token_hash" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"username" text NOT NULL,
	"username_key" text NOT NULL,
	"email" text,
	"email_key" text,
	"role" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "users_username_key" UNIQUE("username_key"),
	CONSTRAINT "users_email_key" UNIQUE("email_key")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"trader_id" uuid,
	"severity" text NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"acknowledged_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."audit_entries" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"owner_id" uuid NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."event_stream" (
	"id" integer PRIMARY KEY NOT NULL,
	"xid_offset" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"owner_id" uuid NOT NULL,
	"trader_id" uuid,
	"topic" text NOT NULL,
	"payload" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."owner_aliases" (
	"alias_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	CONSTRAINT "owner_aliases_alias_id_owner_id_pk" PRIMARY KEY("alias_id","owner_id")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."fills" (
	"id" uuid PRIMARY KEY NOT NULL,
	"trader_id" uuid NOT NULL,
	"order_id" uuid,
	"client_order_id" text,
	"trade_id" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"price" numeric NOT NULL,
	"quantity" numeric NOT NULL,
	"fee" numeric NOT NULL,
	"liquidity" text NOT NULL,
	"is_liquidation" boolean NOT NULL,
	"filled_at" timestamp(3) with time zone NOT NULL,
	"market_time" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "fills_trade" UNIQUE("trader_id","trade_id")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."order_history" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hyperoru"."order_history_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"order_id" uuid NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"state" text NOT NULL,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"trader_id" uuid NOT NULL,
	"decision_id" uuid,
	"venue" text NOT NULL,
	"environment" text NOT NULL,
	"client_order_id" text NOT NULL,
	"venue_order_id" text,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"purpose" text NOT NULL,
	"type" jsonb NOT NULL,
	"quantity" numeric NOT NULL,
	"reduce_only" boolean NOT NULL,
	"leverage" double precision NOT NULL,
	"state" text NOT NULL,
	"filled_quantity" numeric NOT NULL,
	"average_price" numeric,
	"deadline" timestamp(3) with time zone,
	"reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"sent_at" timestamp(3) with time zone,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "orders_client_order_id" UNIQUE("client_order_id")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."equity_points" (
	"trader_id" uuid NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"equity" numeric NOT NULL,
	"balance" numeric NOT NULL,
	"unrealized_pnl" numeric NOT NULL,
	CONSTRAINT "equity_points_trader_id_at_pk" PRIMARY KEY("trader_id","at")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."ledger_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"trader_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"amount" numeric NOT NULL,
	"symbol" text,
	"fill_id" uuid,
	"position_id" uuid,
	"at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."positions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"trader_id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"quantity" numeric NOT NULL,
	"entered_quantity" numeric NOT NULL,
	"average_entry_price" numeric NOT NULL,
	"average_exit_price" numeric,
	"leverage" double precision NOT NULL,
	"realized_pnl" numeric NOT NULL,
	"fees" numeric NOT NULL,
	"funding" numeric NOT NULL,
	"opened_by_decision_id" uuid,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone,
	"closed_by" text
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."decisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"trader_id" uuid NOT NULL,
	"binding_id" uuid NOT NULL,
	"prompt_version_id" uuid NOT NULL,
	"index" integer NOT NULL,
	"decision" jsonb,
	"plan" jsonb,
	"verdict_status" text NOT NULL,
	"verdict_code" text,
	"verdict_message" text,
	"context_hash" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "decisions_run_index" UNIQUE("run_id","index")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."model_calls" (
	"run_id" uuid NOT NULL,
	"step" integer NOT NULL,
	"trader_id" uuid NOT NULL,
	"model" text NOT NULL,
	"base_url" text NOT NULL,
	"is_scripted" boolean NOT NULL,
	"context" jsonb NOT NULL,
	"context_hash" text NOT NULL,
	"prompt_text" text NOT NULL,
	"raw_request" text NOT NULL,
	"raw_answer" text,
	"reasoning" text,
	"prompt_tokens" integer,
	"completion_tokens" integer,
	"cost_usd" numeric,
	"latency_ms" integer NOT NULL,
	"error_code" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "model_calls_run_id_step_pk" PRIMARY KEY("run_id","step")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"trader_id" uuid NOT NULL,
	"binding_id" uuid NOT NULL,
	"trigger_id" uuid NOT NULL,
	"cause" text NOT NULL,
	"event_id" text NOT NULL,
	"trigger_at" timestamp(3) with time zone NOT NULL,
	"state" text NOT NULL,
	"outcome" text,
	"code" text,
	"reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"started_at" timestamp(3) with time zone,
	"finished_at" timestamp(3) with time zone,
	"duplicate_of" uuid
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."bindings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"trader_id" uuid NOT NULL,
	"prompt_id" uuid NOT NULL,
	"symbols" jsonb NOT NULL,
	"triggers" jsonb NOT NULL,
	"params" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"deleted_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."prompt_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"prompt_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"content" text NOT NULL,
	"content_hash" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "prompt_versions_number" UNIQUE("prompt_id","number")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."prompts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"name" text NOT NULL,
	"current_version_id" uuid NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"deleted_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."traders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"is_active" boolean NOT NULL,
	"activated_at" timestamp(3) with time zone,
	"generation" integer NOT NULL,
	"is_demo" boolean NOT NULL,
	"llm" jsonb,
	"exchange" jsonb,
	"risk" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"deleted_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."paper_accounts" (
	"trader_id" uuid PRIMARY KEY NOT NULL,
	"state" jsonb NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."paper_fills" (
	"trader_id" uuid NOT NULL,
	"trade_id" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "paper_fills_trader_id_trade_id_pk" PRIMARY KEY("trader_id","trade_id")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."paper_funding" (
	"trader_id" uuid NOT NULL,
	"funding_id" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "paper_funding_trader_id_funding_id_pk" PRIMARY KEY("trader_id","funding_id")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."paper_market" (
	"id" text PRIMARY KEY NOT NULL,
	"state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."paper_orders" (
	"trader_id" uuid NOT NULL,
	"client_order_id" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "paper_orders_trader_id_client_order_id_pk" PRIMARY KEY("trader_id","client_order_id")
);
--> statement-breakpoint
CREATE TABLE "hyperoru"."secrets" (
	"owner_id" text NOT NULL,
	"field" text NOT NULL,
	"origin" text NOT NULL,
	"key_id" text NOT NULL,
	"wrapped_data_key" "bytea" NOT NULL,
	"iv" "bytea" NOT NULL,
	"ciphertext" "bytea" NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "secrets_owner_id_field_origin_pk" PRIMARY KEY("owner_id","field","origin")
);
--> statement-breakpoint
ALTER TABLE "hyperoru"."invitations" ADD CONSTRAINT "invitations_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "hyperoru"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "hyperoru"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."fills" ADD CONSTRAINT "fills_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."fills" ADD CONSTRAINT "fills_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "hyperoru"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."order_history" ADD CONSTRAINT "order_history_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "hyperoru"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."orders" ADD CONSTRAINT "orders_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."orders" ADD CONSTRAINT "orders_decision_id_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "hyperoru"."decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."equity_points" ADD CONSTRAINT "equity_points_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."ledger_entries" ADD CONSTRAINT "ledger_entries_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."ledger_entries" ADD CONSTRAINT "ledger_entries_fill_id_fills_id_fk" FOREIGN KEY ("fill_id") REFERENCES "hyperoru"."fills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."ledger_entries" ADD CONSTRAINT "ledger_entries_position_id_positions_id_fk" FOREIGN KEY ("position_id") REFERENCES "hyperoru"."positions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."positions" ADD CONSTRAINT "positions_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."positions" ADD CONSTRAINT "positions_opened_by_decision_id_decisions_id_fk" FOREIGN KEY ("opened_by_decision_id") REFERENCES "hyperoru"."decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."decisions" ADD CONSTRAINT "decisions_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "hyperoru"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."decisions" ADD CONSTRAINT "decisions_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."decisions" ADD CONSTRAINT "decisions_binding_id_bindings_id_fk" FOREIGN KEY ("binding_id") REFERENCES "hyperoru"."bindings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."decisions" ADD CONSTRAINT "decisions_prompt_version_id_prompt_versions_id_fk" FOREIGN KEY ("prompt_version_id") REFERENCES "hyperoru"."prompt_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."model_calls" ADD CONSTRAINT "model_calls_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "hyperoru"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."model_calls" ADD CONSTRAINT "model_calls_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."runs" ADD CONSTRAINT "runs_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."runs" ADD CONSTRAINT "runs_binding_id_bindings_id_fk" FOREIGN KEY ("binding_id") REFERENCES "hyperoru"."bindings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."bindings" ADD CONSTRAINT "bindings_trader_id_traders_id_fk" FOREIGN KEY ("trader_id") REFERENCES "hyperoru"."traders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."bindings" ADD CONSTRAINT "bindings_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "hyperoru"."prompts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."prompt_versions" ADD CONSTRAINT "prompt_versions_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "hyperoru"."prompts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hyperoru"."prompts" ADD CONSTRAINT "prompts_current_version_id_prompt_versions_id_fk" FOREIGN KEY ("current_version_id") REFERENCES "hyperoru"."prompt_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sessions_user" ON "hyperoru"."sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "alerts_owner" ON "hyperoru"."alerts" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "alerts_open" ON "hyperoru"."alerts" USING btree ("trader_id","code") WHERE "hyperoru"."alerts"."acknowledged_at" is null;--> statement-breakpoint
CREATE INDEX "audit_owner" ON "hyperoru"."audit_entries" USING btree ("owner_id","seq");--> statement-breakpoint
CREATE INDEX "events_at" ON "hyperoru"."events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "fills_trader" ON "hyperoru"."fills" USING btree ("trader_id","filled_at","id");--> statement-breakpoint
CREATE INDEX "fills_order" ON "hyperoru"."fills" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "fills_filled" ON "hyperoru"."fills" USING btree ("filled_at","id");--> statement-breakpoint
CREATE INDEX "order_history_order" ON "hyperoru"."order_history" USING btree ("order_id","id");--> statement-breakpoint
CREATE INDEX "orders_trader" ON "hyperoru"."orders" USING btree ("trader_id","created_at","id");--> statement-breakpoint
CREATE INDEX "orders_created" ON "hyperoru"."orders" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "orders_decision" ON "hyperoru"."orders" USING btree ("decision_id");--> statement-breakpoint
CREATE INDEX "orders_open" ON "hyperoru"."orders" USING btree ("trader_id","symbol") WHERE "hyperoru"."orders"."state" in ('intent', 'sent', 'accepted', 'partially_filled', 'unknown');--> statement-breakpoint
CREATE INDEX "orders_entries" ON "hyperoru"."orders" USING btree ("trader_id","created_at") WHERE "hyperoru"."orders"."purpose" = 'entry';--> statement-breakpoint
CREATE INDEX "ledger_trader" ON "hyperoru"."ledger_entries" USING btree ("trader_id","at","kind","amount");--> statement-breakpoint
CREATE UNIQUE INDEX "positions_open" ON "hyperoru"."positions" USING btree ("trader_id","symbol") WHERE "hyperoru"."positions"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "positions_trader" ON "hyperoru"."positions" USING btree ("trader_id","opened_at","id");--> statement-breakpoint
CREATE INDEX "positions_closed" ON "hyperoru"."positions" USING btree ("trader_id","closed_at");--> statement-breakpoint
CREATE INDEX "positions_opened" ON "hyperoru"."positions" USING btree ("opened_at","id");--> statement-breakpoint
CREATE INDEX "decisions_trader" ON "hyperoru"."decisions" USING btree ("trader_id","created_at","id");--> statement-breakpoint
CREATE INDEX "decisions_created" ON "hyperoru"."decisions" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "model_calls_cost" ON "hyperoru"."model_calls" USING btree ("trader_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_trigger" ON "hyperoru"."runs" USING btree ("trigger_id") WHERE "hyperoru"."runs"."duplicate_of" is null;--> statement-breakpoint
CREATE INDEX "runs_trader" ON "hyperoru"."runs" USING btree ("trader_id","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_open" ON "hyperoru"."runs" USING btree ("trader_id","created_at") WHERE "hyperoru"."runs"."state" <> 'finished';--> statement-breakpoint
CREATE INDEX "runs_finished" ON "hyperoru"."runs" USING btree ("trader_id","finished_at") WHERE "hyperoru"."runs"."state" = 'finished';--> statement-breakpoint
CREATE INDEX "runs_binding" ON "hyperoru"."runs" USING btree ("binding_id","created_at");--> statement-breakpoint
CREATE INDEX "runs_created" ON "hyperoru"."runs" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "bindings_trader" ON "hyperoru"."bindings" USING btree ("trader_id") WHERE "hyperoru"."bindings"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "bindings_prompt" ON "hyperoru"."bindings" USING btree ("prompt_id") WHERE "hyperoru"."bindings"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "prompts_owner" ON "hyperoru"."prompts" USING btree ("owner_id","created_at");--> statement-breakpoint
CREATE INDEX "traders_owner" ON "hyperoru"."traders" USING btree ("owner_id","created_at");--> statement-breakpoint
CREATE INDEX "paper_fills_at" ON "hyperoru"."paper_fills" USING btree ("trader_id","at");--> statement-breakpoint
CREATE INDEX "paper_funding_at" ON "hyperoru"."paper_funding" USING btree ("trader_id","at");