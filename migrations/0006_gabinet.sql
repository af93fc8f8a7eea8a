-- Gabinet: running a clinic.

create table gabinet_patients (
    organization_id uuid not null,
    -- A patient is a person: the same id.
    id uuid not null,
    number text not null,
    allergies text not null default '',
    alerts text not null default '',
    notes text not null default '',
    version integer not null default 1,
    created_at timestamptz not null,
    primary key (organization_id, id),
    constraint gabinet_patients_number_key unique (organization_id, number),
    foreign key (organization_id, id) references persons (organization_id, id)
);
call tenant_table('gabinet_patients');

create table gabinet_treatments (
    organization_id uuid not null,
    id uuid not null,
    category text not null default '',
    name text not null check (length(name) between 1 and 200),
    -- Minutes.
    duration integer not null check (duration between 1 and 1440),
    buffer_before integer not null default 0 check (buffer_before between 0 and 1440),
    buffer_after integer not null default 0 check (buffer_after between 0 and 1440),
    -- Minor units of `currency`.
    price bigint not null default 0 check (price >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    hue smallint not null default 200 check (hue between 0 and 359),
    active boolean not null default true,
    version integer not null default 1,
    primary key (organization_id, id),
    constraint gabinet_treatments_name_key unique (organization_id, name),
    foreign key (organization_id, id) references entities (organization_id, id)
);
call tenant_table('gabinet_treatments');

-- Which kinds of room or device a treatment needs, beside one member of staff. `resource_kind` is the clinic's own
-- word for a sort of room or device (`laser`, `infusion chair`); a need is met by any resource of that sort.
create table gabinet_treatment_needs (
    organization_id uuid not null,
    treatment_id uuid not null,
    kind text not null check (kind in ('room', 'device')),
    sort_of text not null check (length(sort_of) between 1 and 100),
    primary key (organization_id, treatment_id, kind, sort_of),
    foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id) on delete cascade
);
call tenant_table('gabinet_treatment_needs');

-- Of which sort a room or device is.
create table gabinet_equipment (
    organization_id uuid not null,
    resource_id uuid not null,
    sort_of text not null check (length(sort_of) between 1 and 100),
    primary key (organization_id, resource_id, sort_of),
    foreign key (organization_id, resource_id) references resources (organization_id, id) on delete cascade
);
call tenant_table('gabinet_equipment');

-- A practitioner: what Gabinet knows of a resource of kind `staff`.
create table gabinet_employees (
    organization_id uuid not null,
    id uuid not null,
    position text not null default '',
    version integer not null default 1,
    primary key (organization_id, id),
    foreign key (organization_id, id) references resources (organization_id, id)
);
call tenant_table('gabinet_employees');

create table gabinet_qualifications (
    organization_id uuid not null,
    employee_id uuid not null,
    treatment_id uuid not null,
    primary key (organization_id, employee_id, treatment_id),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id) on delete cascade,
    foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id) on delete cascade
);
call tenant_table('gabinet_qualifications');

-- Weekly hours in the location's wall clock (R2). `kind` tells a window from a break in it.
-- A window whose end is not after its start crosses midnight and belongs to the day on which it begins.
create table gabinet_working_hours (
    organization_id uuid not null,
    id uuid not null,
    employee_id uuid not null,
    -- ISO: 1 is Monday.
    weekday smallint not null check (weekday between 1 and 7),
    kind text not null check (kind in ('window', 'break')),
    -- Minutes after midnight; 1440 is 24:00.
    starts smallint not null check (starts between 0 and 1439),
    ends smallint not null check (ends between 0 and 1440),
    valid_from date,
    valid_to date,
    primary key (organization_id, id),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id) on delete cascade
);
create index gabinet_hours_by_employee on gabinet_working_hours (organization_id, employee_id);
call tenant_table('gabinet_working_hours');

-- A dated override replaces the weekly hours of its date; without a window the date is closed.
create table gabinet_date_hours (
    organization_id uuid not null,
    id uuid not null,
    employee_id uuid not null,
    on_date date not null,
    -- Both null: closed.
    starts smallint check (starts between 0 and 1439),
    ends smallint check (ends between 0 and 1440),
    primary key (organization_id, id),
    constraint gabinet_date_hours_both check ((starts is null) = (ends is null)),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id) on delete cascade
);
create index gabinet_date_hours_by_date on gabinet_date_hours (organization_id, employee_id, on_date);
call tenant_table('gabinet_date_hours');

-- Leave by whole local dates, both inclusive (R14).
create table gabinet_leave (
    organization_id uuid not null,
    id uuid not null,
    employee_id uuid not null,
    from_date date not null,
    to_date date not null,
    reason text not null default '',
    primary key (organization_id, id),
    constraint gabinet_leave_order check (from_date <= to_date),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id) on delete cascade
);
create index gabinet_leave_by_date on gabinet_leave (organization_id, employee_id, from_date, to_date);
call tenant_table('gabinet_leave');

-- Days on which a location is closed: public holidays and the clinic's own. Null location: all of them.
create table gabinet_closures (
    organization_id uuid not null references organizations,
    id uuid not null,
    location_id uuid,
    on_date date not null,
    name text not null default '',
    primary key (organization_id, id),
    foreign key (organization_id, location_id) references locations (organization_id, id)
);
call tenant_table('gabinet_closures');

create table gabinet_appointments (
    organization_id uuid not null,
    id uuid not null,
    -- LIP-2611-0412: drawn in the booking transaction.
    number text not null,
    -- The scheduled activity that holds its time; its status is the appointment's.
    activity_id uuid not null,
    patient_id uuid not null,
    treatment_id uuid not null,
    employee_id uuid not null,
    -- As agreed when booked; minor units.
    price bigint not null,
    currency text not null,
    notes text not null default '',
    reason text not null default '',
    overbook_reason text,
    confirmed_at timestamptz,
    checked_in_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    cancelled_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    constraint gabinet_appointments_number_key unique (organization_id, number),
    constraint gabinet_appointments_activity_key unique (organization_id, activity_id),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, activity_id) references scheduled_activities (organization_id, id),
    foreign key (organization_id, patient_id) references gabinet_patients (organization_id, id),
    foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id)
);
create index gabinet_appointments_by_patient on gabinet_appointments (organization_id, patient_id);
call tenant_table('gabinet_appointments');
