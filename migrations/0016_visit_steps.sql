-- Visits of several treatments, with one practitioner or several. A visit of one treatment has no rows here: its treatment,
-- practitioner and price are its own. Of the others the visit carries the first step's treatment and practitioner, and the
-- sum of the prices.
create table gabinet_visit_steps (
    organization_id uuid not null,
    visit_id uuid not null,
    -- Its place in the visit, from 1.
    nth smallint not null check (nth between 1 and 10),
    treatment_id uuid not null,
    employee_id uuid not null,
    -- Minutes after the visit's start; two that overlap are given at the same time.
    offset_minutes integer not null check (offset_minutes between 0 and 1439),
    minutes integer not null check (minutes between 1 and 1440),
    -- As agreed when booked; minor units of the visit's currency.
    price bigint not null check (price >= 0),
    primary key (organization_id, visit_id, nth),
    foreign key (organization_id, visit_id) references gabinet_appointments (organization_id, id) on delete cascade,
    foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id)
);
-- Limits count what one practitioner has of one treatment (R9).
create index gabinet_visit_steps_by_treatment on gabinet_visit_steps (organization_id, treatment_id, employee_id);
call tenant_table('gabinet_visit_steps');
