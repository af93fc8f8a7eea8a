-- One clinic that is busy for a quarter of a year: 50 practitioners, 20 rooms, 10 devices, 90 days and 200,000 visits,
-- beside the other clinics of the database. Run by the owner of the schema like `fill.sql`.
set session_replication_role = replica;
set synchronous_commit = off;
set work_mem = '128MB';

create function pg_temp.id(n bigint) returns uuid language sql immutable as
$$ select ('01940000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;

create temp table busy as select 70 * 1000000::bigint as n, pg_temp.id(70 * 1000000) as organization, pg_temp.id(70 * 1000000 + 1) as location;
insert into organizations (organization_id, slug, name, country, currency, locale, zone)
select organization, 'busy', 'Busy', 'PL', 'PLN', 'en', 'Europe/Warsaw' from busy;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
select organization, organization, 'organization', 'Busy', now(), now() from busy;
insert into locations (organization_id, id, name, zone) select organization, location, 'Busy', 'Europe/Warsaw' from busy;
insert into reference_revisions (organization_id) select organization from busy;
insert into roles (organization_id, id, name, built_in) select organization, 'receptionist', 'receptionist', true from busy;
insert into product_subscriptions (organization_id, product_id, status, current_period_start)
select organization, p.id, 'active', '2026-01-01' from busy cross join platform_products p;
insert into users (id, email, name) select pg_temp.id(n + 10), 'desk@busy.example', 'Ewa Kowalska' from busy;
insert into memberships (organization_id, user_id, role_id) select organization, pg_temp.id(n + 10), 'receptionist' from busy;

create temp table thing as
select organization, pg_temp.id(n + base + s) as id, kind, kind || ' ' || lpad(s::text, 2, '0') as name, s
from busy cross join (values ('staff', 100, 50), ('room', 200, 20), ('device', 300, 10)) k (kind, base, many) cross join lateral generate_series(1, many) s;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at) select organization, id, 'resource', name, now(), now() from thing;
insert into resources (organization_id, id, kind, name, sort, hue) select organization, id, kind, name, s, s * 7 % 360 from thing;
insert into gabinet_equipment (organization_id, resource_id, sort_of) select organization, id, kind from thing where kind <> 'staff';
insert into gabinet_employees (organization_id, id) select organization, id from thing where kind = 'staff';
insert into gabinet_working_hours (organization_id, id, employee_id, weekday, kind, starts, ends)
select organization, gen_random_uuid(), id, day, 'window', 480, 1200 from thing cross join generate_series(1, 7) day where kind = 'staff';

-- The first fits into the gaps that chance has left; the second into none before the last day.
insert into gabinet_treatments (organization_id, id, name, duration, buffer_after, price, currency)
select organization, pg_temp.id(n + 2), 'Laser', 30, 0, 20000, 'PLN' from busy
union all select organization, pg_temp.id(n + 3), 'Long', 240, 0, 90000, 'PLN' from busy;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
select organization_id, id, 'gabinet:treatment', name, now(), now() from gabinet_treatments where organization_id = (select organization from busy);
insert into gabinet_treatment_needs (organization_id, treatment_id, kind, sort_of)
select organization, pg_temp.id(n + t), kind, kind from busy cross join unnest(array[2, 3]) t cross join unnest(array['room', 'device']) kind;
insert into gabinet_qualifications (organization_id, employee_id, treatment_id)
select t.organization, t.id, pg_temp.id(70 * 1000000 + q) from thing t cross join unnest(array[2, 3]) q where kind = 'staff';

-- 48 quarters of an hour a day; about one in fourteen is left free by chance. Every third visit takes a room and every
-- ninth a device, each of which is the only one of its number then. The evening of the last day is free.
create table busy_visits as
select row_number() over () as seq, s, v, timestamptz '2026-11-24 07:00Z' + make_interval(days => d, mins => 15 * v) as at
from generate_series(0, 89) d cross join generate_series(0, 47) v cross join generate_series(1, 50) s
where ('x' || substr(md5(d || '.' || v || '.' || s), 1, 7))::bit(28)::int % 1000 < 926 and not (d = 89 and v >= 32);
insert into resource_bookings (organization_id, activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at)
select organization, pg_temp.id(6000000000 + seq), resource, at, at + interval '15 minutes', at, at + interval '15 minutes'
from busy_visits cross join busy cross join lateral (values
    (pg_temp.id(n + 100 + s)), (case when s <= 16 then pg_temp.id(n + 200 + s) end), (case when s <= 5 then pg_temp.id(n + 300 + s) end)) taken (resource)
where resource is not null order by seq, resource;
drop table busy_visits;
-- The triggers were not asked.
call remake_masks();
vacuum analyze resource_bookings;
analyze;
