set session_replication_role = replica;
set synchronous_commit = off;
set work_mem = '128MB';
insert into resource_bookings (organization_id, activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at)
select organization, activity, resource, at, at + make_interval(mins => minutes + buffer), at, at + make_interval(mins => minutes)
from visits cross join lateral (values (staff), (case when main then room end)) taken (resource)
where resource is not null order by seq, resource;
-- The triggers were not asked.
call remake_masks();
vacuum analyze resource_masks;
vacuum analyze resource_bookings;
