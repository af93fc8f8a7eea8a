-- The entity registry: one row for everything that can be pointed at, typed table and flexible object alike.
-- Typed tables share its key; whatever is polymorphic points here by (organization_id, entity_id).
create table entities (
    organization_id uuid not null references organizations,
    id uuid not null,
    entity_type text not null check (entity_type ~ '^[a-z_]+(:[a-z_]+)?$'),
    title text not null,
    -- What the record is found by, beside its title: numbers, e-mail, phone.
    keywords text not null default '',
    search text generated always as (normalised(title || ' ' || keywords)) stored,
    owner_id uuid,
    status text,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    merged_into uuid,
    deleted_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, merged_into) references entities (organization_id, id)
);
create index entities_by_type on entities (organization_id, entity_type, id) where deleted_at is null;
-- The tenant's id stands in the index, so that one tenant's names are never searched through another's.
create index entities_search on entities using gin (organization_id, search gin_trgm_ops);
call tenant_table('entities');

-- The one action log: audit trail, timeline, source of undo, feed of live updates. Append-only.
create table actions (
    organization_id uuid not null references organizations,
    id uuid not null,
    at timestamptz not null,
    -- Null for what the system did by itself.
    user_id uuid,
    -- screen, rest, job, demo
    door text not null,
    correlation uuid,
    entity_type text not null,
    entity_id uuid not null,
    -- The verb: created, updated, cancelled, checked_in …
    action text not null,
    old jsonb,
    new jsonb,
    primary key (organization_id, id, at),
    foreign key (organization_id, entity_id) references entities (organization_id, id)
) partition by range (at);
create index actions_by_entity on actions (organization_id, entity_id, at desc);
call tenant_table('actions', 'select, insert');

-- One partition a month; rows outside those made so far go to the default partition. `ensure_action_partitions`
-- runs at each start and once a day.
create table actions_other partition of actions default;
create procedure ensure_action_partitions(around date) language plpgsql as $$
declare
    month date;
    name text;
begin
    for i in -1..3 loop
        month := (date_trunc('month', around) + make_interval(months => i))::date;
        name := 'actions_' || to_char(month, 'YYYY_MM');
        if to_regclass(name) is null then
            begin
                execute format('create table %I partition of actions for values from (%L) to (%L)',
                    name, month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
            exception
                -- Two servers may start at once; and rows already in the default partition keep their month there.
                when duplicate_table or check_violation then null;
            end;
        end if;
    end loop;
end $$;

-- What changed, in order, for the readers that follow all tenants (live updates; later webhooks and automation). It
-- names records and says nothing of them, so it is not under the tenant's policy. Readers follow
-- (transaction, position) below the oldest running transaction, so that a late commit is never skipped.
create table action_feed (
    transaction xid8 not null default pg_current_xact_id(),
    position bigint generated always as identity,
    organization_id uuid not null,
    entity_type text not null,
    entity_id uuid not null,
    action text not null,
    at timestamptz not null default now(),
    primary key (transaction, position)
);
create index action_feed_by_time on action_feed (at);
grant select, insert, delete on action_feed to atrium_app;

-- Answers to requests that carried an `Idempotency-Key`, written in the transaction of their effect; kept for 7 days.
create table idempotency_keys (
    organization_id uuid not null references organizations,
    user_id uuid not null,
    route text not null,
    key text not null check (length(key) between 1 and 200),
    request_hash bytea not null,
    -- Null while the first request is still at work in its transaction.
    status smallint,
    body jsonb,
    created_at timestamptz not null,
    primary key (organization_id, user_id, route, key)
);
call tenant_table('idempotency_keys');

-- Gapless numbers: a row is locked in the issuing transaction.
create table counters (
    organization_id uuid not null references organizations,
    series text not null,
    value bigint not null,
    primary key (organization_id, series)
);
call tenant_table('counters', 'select, insert, update');
