-- What a hold of several treatments holds besides its first: limits count each of them while it is held (R9, R10).
create table gabinet_hold_steps (
    organization_id uuid not null,
    hold_id uuid not null,
    -- Its place in the visit that is to be booked, from 2.
    nth smallint not null check (nth between 2 and 10),
    treatment_id uuid not null,
    employee_id uuid not null,
    -- Minutes after the hold's start.
    offset_minutes integer not null check (offset_minutes between 0 and 1439),
    primary key (organization_id, hold_id, nth),
    foreign key (organization_id, hold_id) references gabinet_holds (organization_id, id) on delete cascade,
    foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id)
);
create index gabinet_hold_steps_by_treatment on gabinet_hold_steps (organization_id, treatment_id, employee_id);
call tenant_table('gabinet_hold_steps');
