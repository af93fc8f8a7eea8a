-- Work that is done outside of requests: kept until it is done, taken by one server at a time.
create table jobs (
    organization_id uuid not null references organizations,
    id uuid not null,
    -- Which program does it: `calendar_sync`.
    kind text not null check (kind ~ '^[a-z_]{1,60}$'),
    -- What it is about: the same work asked for twice is one row.
    key text not null check (length(key) between 1 and 200),
    payload jsonb not null default '{}',
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'dead')),
    -- By the database's clock, as leases are: servers that share it may disagree about the time.
    due_at timestamptz not null default now(),
    lease_until timestamptz,
    -- Raised whenever somebody takes it: who holds an older number has lost it.
    fence bigint not null default 0,
    -- How often it was taken since it last succeeded.
    attempts integer not null default 0,
    -- Asked for again while it ran.
    again boolean not null default false,
    -- Why it failed the last time: a word, never what somebody else has answered.
    problem text not null default '' check (length(problem) <= 60),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    constraint jobs_once unique (organization_id, kind, key)
);
create index jobs_due on jobs (due_at) where state = 'waiting';
create index jobs_leased on jobs (lease_until) where state = 'running';
call tenant_table('jobs');

-- Whose work is due: the one question that is asked over all tenants. It tells their names and nothing of the work. The
-- owner of the schema asks it, who need be no superuser; row-level security is forced on it too.
create policy worker on jobs for select to current_user using (true);
create function jobs_due(kinds text[], most integer) returns setof uuid
    language sql stable security definer set search_path = public, pg_temp as
$$
    select organization_id from jobs
    where kind = any (kinds) and (state = 'waiting' and due_at <= now() or state = 'running' and lease_until <= now())
    group by organization_id order by min(due_at) limit most
$$;
revoke all on function jobs_due(text[], integer) from public;
grant execute on function jobs_due(text[], integer) to atrium_app;

-- Whose waiting work of a kind is behind what has just happened there.
create function jobs_behind(kind_asked text, since interval) returns setof uuid
    language sql stable security definer set search_path = public, pg_temp as
$$
    select distinct f.organization_id from action_feed f
    where f.at > now() - since
      and exists (select from jobs j where j.organization_id = f.organization_id and j.kind = kind_asked and j.state = 'waiting'
                      and j.attempts = 0 and j.due_at > now() + interval '4 seconds')
$$;
revoke all on function jobs_behind(text, interval) from public;
grant execute on function jobs_behind(text, interval) to atrium_app;

-- Calendars elsewhere that a resource's time is kept in step with.
create table calendar_connections (
    organization_id uuid not null,
    id uuid not null,
    -- Whose account it is: what is told there is what this member may see.
    user_id uuid not null,
    -- Whose time it is.
    resource_id uuid not null,
    -- Where what comes from there is put.
    location_id uuid not null,
    provider text not null check (provider in ('google', 'cal_com')),
    -- As the other side calls it; empty until it has answered.
    account text not null default '' check (length(account) <= 300),
    -- Google: the calendar's id; Cal.com: the type of event under which our time is booked.
    calendar text not null check (length(calendar) <= 300),
    detail text not null check (detail in ('full', 'initials', 'busy')),
    sends boolean not null,
    receives boolean not null,
    state text not null check (state in ('authorizing', 'connecting', 'active', 'broken', 'ending', 'ended')),
    -- Why it is broken or waits: a word.
    problem text not null default '' check (length(problem) <= 60),
    -- Tokens and keys, sealed; empty once it has ended.
    secret text not null default '',
    -- Of the address to which the other side sends the one who allowed it.
    pass_hash bytea,
    pass_until timestamptz,
    -- Where the other side's changes were read up to; empty: all is to be read.
    cursor text not null default '',
    -- Counts complete readings: what was not seen in one is no more.
    round bigint not null default 0,
    read_whole_at timestamptz,
    synced_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, user_id) references memberships (organization_id, user_id),
    constraint calendar_connections_resource_fkey foreign key (organization_id, resource_id) references resources (organization_id, id),
    constraint calendar_connections_location_fkey foreign key (organization_id, location_id) references locations (organization_id, id)
);
create index calendar_connections_by_resource on calendar_connections (organization_id, resource_id) where state <> 'ended';
call tenant_table('calendar_connections');

-- Which entry here is which entry there. Each has one side where it was made, and that side is right about it.
create table calendar_links (
    organization_id uuid not null,
    connection_id uuid not null,
    remote_id text not null check (length(remote_id) between 1 and 1100),
    -- What lasts longer than an entry may here is several of them.
    part smallint not null default 0,
    -- `out`: made here; `in`: made there.
    direction text not null check (direction in ('in', 'out')),
    -- Null: an `out` entry that was made twice and is to go, or an `in` entry that is not wanted here.
    activity_id uuid,
    etag text not null default '' check (length(etag) <= 300),
    -- Version of the activity that the other side was told; 0: it is to be told again.
    sent_version integer not null default 0,
    -- Why the other side does not take it, until it changes here: a word.
    refused text not null default '' check (length(refused) <= 60),
    -- It lies over something that was booked here.
    collides boolean not null default false,
    -- Its member made it an entry of this calendar's own; it is not taken over again.
    unlinked boolean not null default false,
    seen bigint not null default 0,
    ends_at timestamptz,
    primary key (organization_id, connection_id, remote_id, part),
    foreign key (organization_id, connection_id) references calendar_connections (organization_id, id) on delete cascade,
    foreign key (organization_id, activity_id) references entities (organization_id, id)
);
create unique index calendar_links_out on calendar_links (organization_id, connection_id, activity_id) where direction = 'out';
create index calendar_links_by_activity on calendar_links (organization_id, activity_id);
call tenant_table('calendar_links');
