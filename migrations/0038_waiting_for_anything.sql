-- What becomes free is noted by resource, of whatever kind: a laser that is given back may be what somebody has waited for.
alter table gabinet_freed drop constraint gabinet_freed_organization_id_employee_id_fkey;
alter table gabinet_freed rename column employee_id to resource_id;
alter table gabinet_freed add foreign key (organization_id, resource_id) references resources (organization_id, id) on delete cascade;

-- Who asks for any time within a stretch waits as those do who would like an earlier one, but is answered: by a time, or by a
-- refusal with its reason.
alter table gabinet_waiting
    add column kind text not null default 'waiting' check (kind in ('waiting', 'request')),
    add column reason text not null default '',
    drop constraint gabinet_waiting_status_check,
    add constraint gabinet_waiting_status_check check (status in ('waiting', 'booked', 'removed', 'declined'));
