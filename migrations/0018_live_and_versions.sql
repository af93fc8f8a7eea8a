-- Where colleagues are, on its way from one server to the others. Nobody keeps it: the table is unlogged, its rows go
-- after a minute, and losing them loses nothing. Readers follow all tenants and tell each what is its own, so it is not
-- under the tenant's policy. A server writes what it has gathered in one statement, in no booking's transaction.
create unlogged table presence_feed (
    transaction xid8 not null default pg_current_xact_id(),
    position bigint generated always as identity,
    organization_id uuid not null,
    -- Which server has said it, and told its own listeners already.
    server uuid not null,
    told text not null check (length(told) <= 4000),
    at timestamptz not null default now(),
    primary key (transaction, position)
);
create index presence_feed_by_time on presence_feed (at);
grant select, insert, delete on presence_feed to atrium_app;

-- What is changed as a whole names the version that was read (R18).
alter table organizations add column version integer not null default 1;
alter table locations add column version integer not null default 1;
alter table roles add column version integer not null default 1;
alter table teams add column version integer not null default 1;
alter table resources add column version integer not null default 1;

-- Counts the changes of the sorts of a room or device; none before the first.
create table gabinet_equipment_versions (
    organization_id uuid not null,
    resource_id uuid not null,
    version integer not null default 1,
    primary key (organization_id, resource_id),
    foreign key (organization_id, resource_id) references resources (organization_id, id) on delete cascade
);
call tenant_table('gabinet_equipment_versions');
