-- What was done to a practitioner's days in one step, so that it can be undone in one step.
create table gabinet_reseats (
    organization_id uuid not null,
    id uuid not null,
    employee_id uuid not null,
    from_date date not null,
    to_date date not null,
    -- Each visit as it was before, with the version that the move left. Read only for undoing.
    moves jsonb not null,
    -- Leave that was booked in the same step; it may be gone by now.
    leave_id uuid,
    at timestamptz not null,
    user_id uuid not null,
    undone_at timestamptz,
    primary key (organization_id, id),
    constraint gabinet_reseats_order check (from_date <= to_date),
    foreign key (organization_id, employee_id) references gabinet_employees (organization_id, id) on delete cascade
);
call tenant_table('gabinet_reseats');

-- A search over months reads nothing but this index: who has the time, and until when it is only held.
drop index bookings_by_resource;
create index bookings_by_resource on resource_bookings (organization_id, resource_id, starts_at, ends_at)
    include (activity_id, held_until) where occupies;
