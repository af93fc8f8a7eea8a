-- The rota: hours of every so many weeks and by place, leave that is asked for and granted, drafts, and time worked.

alter table gabinet_working_hours
    -- Holds in every so many weeks, one of which is the week of `anchor`.
    add column every_weeks smallint not null default 1 check (every_weeks between 1 and 52),
    add column anchor date,
    -- Where; null: at the practitioner's own place, or everywhere if they have none.
    add column location_id uuid,
    add constraint gabinet_working_hours_anchor check (every_weeks = 1 or anchor is not null),
    add constraint gabinet_working_hours_location_fkey foreign key (organization_id, location_id) references locations (organization_id, id);

alter table gabinet_date_hours
    add column location_id uuid,
    add constraint gabinet_date_hours_location_fkey foreign key (organization_id, location_id) references locations (organization_id, id);

alter table gabinet_employees
    -- Counts every change of the hours: what a draft was made from.
    add column hours_version integer not null default 1,
    -- Minutes a week by contract.
    add column contract_minutes integer check (contract_minutes between 0 and 10080);

alter table gabinet_leave
    add column kind text not null default 'holiday' check (kind in ('holiday', 'sick', 'training', 'unpaid', 'other')),
    -- Only what is approved closes time.
    add column status text not null default 'approved' check (status in ('requested', 'approved', 'declined', 'cancelled')),
    -- Minutes after midnight on each of its dates; both null: whole dates.
    add column starts smallint check (starts between 0 and 1439),
    add column ends smallint check (ends between 1 and 1440),
    -- What was said with the decision.
    add column note text not null default '',
    add constraint gabinet_leave_times check ((starts is null) = (ends is null) and (starts is null or starts < ends));

-- How much leave of a kind somebody has in a year, in half days.
create table gabinet_leave_entitlements (
    organization_id uuid not null,
    employee_id uuid not null,
    year smallint not null check (year between 1970 and 2200),
    kind text not null check (kind in ('holiday', 'sick', 'training', 'unpaid', 'other')),
    half_days integer not null check (half_days between 0 and 732),
    primary key (organization_id, employee_id, year, kind),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id) on delete cascade
);
call tenant_table('gabinet_leave_entitlements');

-- A rota that is being planned. Once published or discarded it is history.
create table gabinet_rota_drafts (
    organization_id uuid not null,
    id uuid not null,
    name text not null check (length(name) between 1 and 200),
    -- The first date on which it would hold.
    from_date date not null,
    status text not null default 'draft' check (status in ('draft', 'published', 'discarded')),
    version integer not null default 1,
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, id) references entities (organization_id, id)
);
create index gabinet_rota_drafts_open on gabinet_rota_drafts (organization_id, from_date) where status = 'draft';
call tenant_table('gabinet_rota_drafts');

-- Whose hours a draft changes.
create table gabinet_rota_draft_hours (
    organization_id uuid not null,
    draft_id uuid not null,
    employee_id uuid not null,
    -- Weekly hours and dates from the draft's first date on, as they are sent.
    hours jsonb not null,
    -- The version of the hours from which it was made.
    based_on integer not null,
    primary key (organization_id, draft_id, employee_id),
    foreign key (organization_id, draft_id) references gabinet_rota_drafts (organization_id, id) on delete cascade,
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id) on delete cascade
);
call tenant_table('gabinet_rota_draft_hours');

-- Time that somebody was really there, as clocked or written down.
create table gabinet_worked (
    organization_id uuid not null,
    id uuid not null,
    employee_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    note text not null default '',
    primary key (organization_id, id),
    constraint gabinet_worked_order check (starts_at < ends_at),
    constraint gabinet_worked_once exclude using gist (organization_id with =, employee_id with =, tstzrange(starts_at, ends_at, '[)') with &&),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id) on delete cascade
);
create index gabinet_worked_by_time on gabinet_worked (organization_id, employee_id, starts_at);
call tenant_table('gabinet_worked');

-- A practitioner's visits by time, for what is to be re-assigned and for time worked.
create index gabinet_appointments_by_employee on gabinet_appointments (organization_id, employee_id);
