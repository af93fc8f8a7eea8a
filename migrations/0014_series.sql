-- Series: visits that were planned together.
create table gabinet_series (
    organization_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    treatment_id uuid not null,
    -- With whom it was planned; each occurrence says whom it is planned with by now.
    employee_id uuid not null,
    location_id uuid not null,
    -- The first reading of the location's clock (R2).
    starts timestamp not null,
    -- Rules of RFC 5545 that follow each other.
    rules text[] not null check (cardinality(rules) between 1 and 10),
    notes text not null default '',
    version integer not null default 1,
    user_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, patient_id) references gabinet_patients (organization_id, id),
    foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id),
    foreign key (organization_id, location_id) references locations (organization_id, id)
);
create index gabinet_series_by_patient on gabinet_series (organization_id, patient_id, created_at);
call tenant_table('gabinet_series');

create table gabinet_series_visits (
    organization_id uuid not null,
    series_id uuid not null,
    -- Its place in the plan, from 1.
    nth integer not null check (nth >= 1),
    -- The reading that the plan gave at first: by it an exception is named (RFC 5545's RECURRENCE-ID).
    original timestamp not null,
    -- The reading and the practitioner that the series means by now.
    planned timestamp not null,
    employee_id uuid not null,
    -- Moved, or booked at another time than planned: it stays where it is through later changes of the series (R19).
    exception boolean not null default false,
    -- Null: left out when the series was booked.
    visit_id uuid,
    primary key (organization_id, series_id, nth),
    constraint gabinet_series_visits_once unique (organization_id, visit_id),
    foreign key (organization_id, series_id) references gabinet_series (organization_id, id) on delete cascade,
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id),
    foreign key (organization_id, visit_id) references gabinet_appointments (organization_id, id)
);
call tenant_table('gabinet_series_visits');

-- The waiting list: who would come at which times, should one be free.
create table gabinet_waiting (
    organization_id uuid not null,
    id uuid not null,
    patient_id uuid not null,
    location_id uuid not null,
    -- ISO: 1 is Monday; empty: any.
    weekdays smallint[] not null default '{}' check (weekdays <@ '{1,2,3,4,5,6,7}'::smallint[]),
    -- Stretches of the day in minutes after midnight in which the visit must begin, [{"from": 480, "to": 720}]; empty: any.
    windows jsonb not null default '[]' check (jsonb_typeof(windows) = 'array'),
    from_date date not null,
    to_date date not null,
    -- 0 can wait, 1 usual, 2 urgent.
    priority smallint not null default 1 check (priority between 0 and 2),
    note text not null default '',
    status text not null default 'waiting' check (status in ('waiting', 'booked', 'removed')),
    -- What came of it.
    visit_id uuid,
    version integer not null default 1,
    user_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    constraint gabinet_waiting_order check (from_date <= to_date),
    foreign key (organization_id, patient_id) references gabinet_patients (organization_id, id),
    foreign key (organization_id, location_id) references locations (organization_id, id),
    foreign key (organization_id, visit_id) references gabinet_appointments (organization_id, id)
);
create index gabinet_waiting_open on gabinet_waiting (organization_id, location_id, from_date, to_date) where status = 'waiting';
call tenant_table('gabinet_waiting');

-- Any of these will do.
create table gabinet_waiting_treatments (
    organization_id uuid not null,
    waiting_id uuid not null,
    treatment_id uuid not null,
    -- The preferred one first.
    place smallint not null,
    primary key (organization_id, waiting_id, treatment_id),
    foreign key (organization_id, waiting_id) references gabinet_waiting (organization_id, id) on delete cascade,
    foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id)
);
call tenant_table('gabinet_waiting_treatments');

-- Without a row anybody qualified will do.
create table gabinet_waiting_staff (
    organization_id uuid not null,
    waiting_id uuid not null,
    employee_id uuid not null,
    primary key (organization_id, waiting_id, employee_id),
    foreign key (organization_id, waiting_id) references gabinet_waiting (organization_id, id) on delete cascade,
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id)
);
call tenant_table('gabinet_waiting_staff');

-- A time that is offered to one who waits, and held for them meanwhile.
create table gabinet_waiting_offers (
    organization_id uuid not null,
    id uuid not null,
    waiting_id uuid not null,
    -- The hold's activity; gone once the offer is answered.
    hold_id uuid not null,
    treatment_id uuid not null,
    employee_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    expires_at timestamptz not null,
    status text not null default 'open' check (status in ('open', 'accepted', 'declined', 'expired')),
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, waiting_id) references gabinet_waiting (organization_id, id) on delete cascade,
    foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id)
);
-- Nobody is offered two times at once, and no time is offered twice.
create unique index gabinet_waiting_one_offer on gabinet_waiting_offers (organization_id, waiting_id) where status = 'open';
create unique index gabinet_waiting_one_holder on gabinet_waiting_offers (organization_id, employee_id, starts_at) where status = 'open';
call tenant_table('gabinet_waiting_offers');

-- Time that has become free and was not yet offered. Written in the transaction that frees it, read by a job.
create table gabinet_freed (
    organization_id uuid not null,
    id uuid not null,
    location_id uuid not null,
    employee_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, location_id) references locations (organization_id, id),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id) on delete cascade
);
call tenant_table('gabinet_freed');
