-- Calendar feeds: whoever holds the address reads one calendar by it, and nothing else. Only the hash of its secret is kept.
create table calendar_feeds (
    organization_id uuid not null references organizations,
    id uuid not null,
    -- Whose feed it is: it shows what this member may see, and nothing any more once they are none.
    user_id uuid not null,
    -- Whose time it shows; null: the member's own.
    resource_id uuid,
    name text not null check (length(name) between 1 and 200),
    detail text not null check (detail in ('full', 'initials', 'busy')),
    token_hash bytea not null,
    created_at timestamptz not null,
    -- When a program last came for it, to the hour.
    read_at timestamptz,
    revoked_at timestamptz,
    primary key (organization_id, id),
    constraint calendar_feeds_token_key unique (organization_id, token_hash),
    foreign key (organization_id, user_id) references memberships (organization_id, user_id),
    constraint calendar_feeds_resource_fkey foreign key (organization_id, resource_id) references resources (organization_id, id)
);
create index calendar_feeds_by_user on calendar_feeds (organization_id, user_id) where revoked_at is null;
call tenant_table('calendar_feeds', 'select, insert, update');

-- What was taken over from an iCalendar file, so that the same file changes it the next time instead of doubling it.
create table calendar_imports (
    organization_id uuid not null,
    activity_id uuid not null,
    -- On whose calendar it was put.
    resource_id uuid not null,
    uid text not null check (length(uid) between 1 and 1000),
    -- Which of a series, by the time the series gives it: 20270104T080000Z or 20270104; empty where it is none.
    recurrence text not null default '' check (length(recurrence) <= 20),
    -- Whole dates, which are told as dates again (R14).
    all_day boolean not null default false,
    -- The file's SEQUENCE less the activity's version: what is changed here is told as newer than the file.
    sequence_base integer not null,
    primary key (organization_id, activity_id),
    constraint calendar_imports_uid_key unique (organization_id, resource_id, uid, recurrence),
    foreign key (organization_id, activity_id) references scheduled_activities (organization_id, id) on delete cascade,
    foreign key (organization_id, resource_id) references resources (organization_id, id)
);
call tenant_table('calendar_imports');
