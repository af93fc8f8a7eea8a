-- The rules by which a treatment is booked. All of them have a value under which nothing changes for what is there.
alter table gabinet_treatments
    -- Elapsed minutes between booking and start (R8).
    add column notice_minutes integer not null default 0 check (notice_minutes between 0 and 525600),
    -- Calendar days ahead, today included as 0 (R8); null: as far as one likes.
    add column horizon_days integer check (horizon_days between 0 and 3650),
    -- At most so many starts of it with one practitioner (R9).
    add column per_day integer check (per_day between 1 and 1000),
    add column per_week integer check (per_week between 1 and 1000),
    add column per_month integer check (per_month between 1 and 1000),
    -- Minutes from one offered start to the next, and where that grid begins (R5).
    add column step integer not null default 15 check (step between 1 and 1440),
    add column align text not null default 'window' check (align in ('window', 'clock')),
    -- Whether patients may book it by themselves, or the desk only.
    add column online boolean not null default true,
    -- Whether what is booked is a request until somebody with the right has approved it.
    add column needs_approval boolean not null default false,
    -- Whether buffers must lie inside the hours too (R7).
    add column buffers_inside_hours boolean not null default false,
    -- How many patients one session takes.
    add column seats integer not null default 1 check (seats between 1 and 500),
    -- Stretches in which the practitioner is taken, [{"from": 0, "to": 15}] in minutes; empty: throughout (R7).
    add column staff_segments jsonb not null default '[]' check (jsonb_typeof(staff_segments) = 'array');

-- The same of a room or device: the laser only for minutes 15–45.
alter table gabinet_treatment_needs
    add column segments jsonb not null default '[]' check (jsonb_typeof(segments) = 'array');

-- What one practitioner takes longer or shorter for, or at another price; null: as the treatment says.
alter table gabinet_qualifications
    add column duration integer check (duration between 1 and 1440),
    add column price bigint check (price >= 0);
create index gabinet_qualifications_by_treatment on gabinet_qualifications (organization_id, treatment_id);

-- An activity takes a resource in as many parts as its treatment has segments.
alter table resource_bookings
    add column part smallint not null default 0,
    -- Until when a hold takes the time; null for all that is no hold (R10).
    add column held_until timestamptz,
    drop constraint resource_bookings_pkey,
    add primary key (organization_id, activity_id, resource_id, part);

alter table scheduled_activities add column expires_at timestamptz;
-- What has run out is looked for by the one who sweeps.
create index activities_held on scheduled_activities (organization_id, expires_at) where expires_at is not null;

-- A time held for somebody who is filling in a form. It goes with its activity.
create table gabinet_holds (
    organization_id uuid not null,
    -- The same as its activity's.
    id uuid not null,
    treatment_id uuid not null,
    employee_id uuid not null,
    user_id uuid not null,
    held_by text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, id) references scheduled_activities (organization_id, id) on delete cascade,
    foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id)
);
call tenant_table('gabinet_holds');
-- Limits count what one practitioner has of one treatment (R9).
create index gabinet_appointments_by_treatment on gabinet_appointments (organization_id, treatment_id, employee_id);

-- Several patients on one activity: a session. What each of them has come to is their own; null: as the activity's.
alter table gabinet_appointments
    add column seat_status text check (seat_status in ('pending', 'scheduled', 'confirmed', 'checked_in', 'in_progress', 'completed', 'cancelled', 'no_show')),
    drop constraint gabinet_appointments_activity_key;
create index gabinet_appointments_by_activity on gabinet_appointments (organization_id, activity_id);
