-- What can be said about any record, whichever product it belongs to. All of it points at the entity registry.

-- Notes in Markdown, kept as they were written.
create table record_notes (
    organization_id uuid not null,
    id uuid not null,
    entity_id uuid not null,
    body text not null check (length(body) between 1 and 20000),
    pinned boolean not null default false,
    version integer not null default 1,
    -- Null for what the system wrote by itself.
    author_id uuid,
    updated_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, entity_id) references entities (organization_id, id)
);
create index record_notes_by_entity on record_notes (organization_id, entity_id, pinned desc, id desc) where deleted_at is null;
call tenant_table('record_notes', 'select, insert, update');

-- Tasks. One may be about a record; each is a record itself, so that the log has something to point at where it is
-- about none. A task with time set aside names its entry in the calendar, and then that entry says when.
create table record_tasks (
    organization_id uuid not null,
    id uuid not null,
    entity_id uuid,
    title text not null check (length(title) between 1 and 300),
    body text not null default '' check (length(body) <= 10000),
    -- A whole day of the organization's zone, or an instant; never both.
    due_date date,
    due_at timestamptz,
    remind_at timestamptz,
    assignee_id uuid,
    -- 0 low, 1 usual, 2 high.
    priority smallint not null default 1 check (priority between 0 and 2),
    done_at timestamptz,
    activity_id uuid,
    version integer not null default 1,
    author_id uuid,
    updated_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (organization_id, id),
    constraint record_tasks_one_due check (due_date is null or due_at is null),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, entity_id) references entities (organization_id, id),
    foreign key (organization_id, assignee_id) references memberships (organization_id, user_id),
    foreign key (organization_id, activity_id) references scheduled_activities (organization_id, id) on delete set null (activity_id)
);
create index record_tasks_by_entity on record_tasks (organization_id, entity_id, id) where deleted_at is null;
create index record_tasks_by_assignee on record_tasks (organization_id, assignee_id, id) where deleted_at is null and done_at is null;
create index record_tasks_by_activity on record_tasks (organization_id, activity_id) where activity_id is not null;
call tenant_table('record_tasks', 'select, insert, update');

-- The kinds of relationship an organization knows: `employs`, seen from the other side `works for`.
create table link_types (
    organization_id uuid not null references organizations,
    id uuid not null,
    name text not null check (length(name) between 1 and 100),
    inverse text not null check (length(inverse) between 1 and 100),
    -- Which types of record may stand on either side; empty for any.
    from_types text[] not null default '{}',
    to_types text[] not null default '{}',
    active boolean not null default true,
    version integer not null default 1,
    primary key (organization_id, id),
    constraint link_types_name_key unique (organization_id, name, inverse)
);
call tenant_table('link_types', 'select, insert, update');

create table record_links (
    organization_id uuid not null,
    id uuid not null,
    type_id uuid not null,
    from_id uuid not null,
    to_id uuid not null,
    from_date date,
    to_date date,
    -- Texts by name: {"position": "accountant"}
    properties jsonb not null default '{}' check (jsonb_typeof(properties) = 'object'),
    version integer not null default 1,
    author_id uuid,
    updated_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (organization_id, id),
    constraint record_links_two_ends check (from_id <> to_id),
    constraint record_links_order check (from_date <= to_date),
    foreign key (organization_id, type_id) references link_types (organization_id, id),
    foreign key (organization_id, from_id) references entities (organization_id, id),
    foreign key (organization_id, to_id) references entities (organization_id, id)
);
-- One and the same link stands once at a time; it may have stood before.
create unique index record_links_once on record_links (organization_id, type_id, from_id, to_id, coalesce(from_date, '-infinity'::date))
    where deleted_at is null;
create index record_links_from on record_links (organization_id, from_id) where deleted_at is null;
create index record_links_to on record_links (organization_id, to_id) where deleted_at is null;
call tenant_table('record_links', 'select, insert, update');

create table tags (
    organization_id uuid not null references organizations,
    id uuid not null,
    name text not null check (length(name) between 1 and 60),
    -- 0–359; the theme makes surface and ink from it.
    hue smallint not null check (hue between 0 and 359),
    version integer not null default 1,
    deleted_at timestamptz,
    primary key (organization_id, id)
);
create unique index tags_by_name on tags (organization_id, normalised(name)) where deleted_at is null;
call tenant_table('tags', 'select, insert, update');

create table record_tags (
    organization_id uuid not null,
    entity_id uuid not null,
    tag_id uuid not null,
    at timestamptz not null,
    primary key (organization_id, entity_id, tag_id),
    foreign key (organization_id, entity_id) references entities (organization_id, id),
    foreign key (organization_id, tag_id) references tags (organization_id, id)
);
create index record_tags_by_tag on record_tags (organization_id, tag_id, entity_id);
call tenant_table('record_tags');
