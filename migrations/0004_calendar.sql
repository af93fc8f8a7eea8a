-- Whatever can be booked: people, rooms, devices. Modules add what they know of one in their own tables.
create table resources (
    organization_id uuid not null,
    id uuid not null,
    kind text not null check (kind in ('staff', 'room', 'device')),
    name text not null check (length(name) between 1 and 200),
    -- Hue of its colour, 0–359; the theme makes surface, edge and ink from it.
    hue smallint not null default 200 check (hue between 0 and 359),
    location_id uuid,
    -- The login of a person who is a resource.
    user_id uuid,
    sort integer not null default 0,
    active boolean not null default true,
    primary key (organization_id, id),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, location_id) references locations (organization_id, id),
    foreign key (organization_id, user_id) references memberships (organization_id, user_id)
);
create index resources_by_kind on resources (organization_id, kind, sort) where active;
call tenant_table('resources');

-- The backbone of all that takes time, whichever product put it there.
create table scheduled_activities (
    organization_id uuid not null,
    id uuid not null,
    -- `meeting`, `task`, `block`, or a module's own: `gabinet:appointment`.
    activity_type text not null check (activity_type ~ '^[a-z_]+(:[a-z_]+)?$'),
    title text not null check (length(title) between 1 and 300),
    description text not null default '',
    location_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    -- The zone and wall time meant, kept for the day when the zone's rules change (R2).
    zone text not null,
    wall_start timestamp not null,
    status text not null check (status in ('held', 'pending', 'scheduled', 'confirmed', 'checked_in', 'in_progress', 'completed', 'cancelled', 'no_show', 'moved', 'expired')),
    owner_id uuid,
    -- What the activity is about (a patient, a lead), for its title and for links.
    subject_id uuid,
    -- The module's own record, for example the appointment.
    module_entity_id uuid,
    -- What the module wants shown on the event besides its title: a second line, flags. Read only for drawing.
    face jsonb not null default '{}',
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    constraint activities_positive_length check (starts_at < ends_at),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, location_id) references locations (organization_id, id),
    foreign key (organization_id, subject_id) references entities (organization_id, id),
    foreign key (organization_id, module_entity_id) references entities (organization_id, id)
);
-- A range is asked for as `starts_at < $to and ends_at > $from`: plain comparisons are leakproof, so they use the
-- index under row-level security, which `&&` does not.
create index activities_by_time on scheduled_activities (organization_id, starts_at, ends_at);
create index activities_by_subject on scheduled_activities (organization_id, subject_id, starts_at);
call tenant_table('scheduled_activities');

-- One row a resource an activity takes. The exclusion constraint is what makes double booking impossible.
create table resource_bookings (
    organization_id uuid not null,
    activity_id uuid not null,
    resource_id uuid not null,
    -- What is occupied, buffers included (R7).
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    -- What the treatment itself takes of it.
    core_starts_at timestamptz not null,
    core_ends_at timestamptz not null,
    during tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
    -- Whether the activity's status takes time (R10).
    occupies boolean not null default true,
    -- Booked over another with a reason, by staff (R12).
    overbooked boolean not null default false,
    primary key (organization_id, activity_id, resource_id),
    constraint bookings_positive_length check (starts_at < ends_at and starts_at <= core_starts_at and core_ends_at <= ends_at),
    constraint no_double_booking exclude using gist (organization_id with =, resource_id with =, during with &&)
        where (occupies and not overbooked) deferrable initially immediate,
    foreign key (organization_id, activity_id) references scheduled_activities (organization_id, id) on delete cascade,
    foreign key (organization_id, resource_id) references resources (organization_id, id)
);
create index bookings_by_resource on resource_bookings (organization_id, resource_id, starts_at, ends_at) where occupies;
call tenant_table('resource_bookings');
