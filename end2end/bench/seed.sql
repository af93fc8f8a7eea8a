-- One more clinic beside the demo's, for the grid alone: 50 practitioners with 30 visits each on the days around Tuesday
-- 1 December 2026, and three weeks of 2,000 visits each around the one of 11 January 2027. The same on every run. Read by
-- the owner of the schema; the exclusion constraint holds.
set session_replication_role = replica;
set synchronous_commit = off;

create function pg_temp.id(n bigint) returns uuid language sql immutable as
$$ select ('01950000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
-- Dice that fall alike everywhere.
create function pg_temp.dice(text) returns int language sql immutable as
$$ select ('x' || substr(md5($1), 1, 7))::bit(28)::int $$;

create temp table clinic as select pg_temp.id(0) as organization, pg_temp.id(1) as location;
insert into organizations (organization_id, slug, name, country, currency, locale, zone)
select organization, 'grid', 'Grid', 'PL', 'PLN', 'en', 'Europe/Warsaw' from clinic;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
select organization, organization, 'organization', 'Grid', now(), now() from clinic;
insert into locations (organization_id, id, name, zone) select organization, location, 'Grid', 'Europe/Warsaw' from clinic;
insert into roles (organization_id, id, name, built_in) select organization, r, r, true from clinic cross join unnest(array['owner', 'receptionist']) r;
insert into product_subscriptions (organization_id, product_id, status, current_period_start)
select organization, p.id, 'active', '2026-01-01' from clinic cross join platform_products p;
-- Two people who see each other's changes, with the demo's password.
insert into users (id, email, name, password_hash)
select pg_temp.id(10 + n), who || '@grid.example', 'Ewa ' || n, (select password_hash from users where email = 'desk@lipowa.example')
from unnest(array['desk', 'colleague']) with ordinality w (who, n);
insert into memberships (organization_id, user_id, role_id) select organization, pg_temp.id(10 + n), 'receptionist' from clinic cross join generate_series(1, 2) n;

create temp table thing as
select pg_temp.id(100 + s) as id, 'staff' as kind, 'Dr ' || lpad(s::text, 2, '0') as name, s from generate_series(1, 50) s
union all select pg_temp.id(200 + s), 'room', 'Room ' || lpad(s::text, 2, '0'), s from generate_series(1, 50) s;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
select organization, id, 'resource', name, now(), now() from thing cross join clinic;
insert into resources (organization_id, id, kind, name, sort, hue) select organization, id, kind, name, s, s * 7 % 360 from thing cross join clinic;
insert into gabinet_equipment (organization_id, resource_id, sort_of) select organization, id, 'room' from thing cross join clinic where kind = 'room';
insert into gabinet_employees (organization_id, id) select organization, id from thing cross join clinic where kind = 'staff';
insert into gabinet_working_hours (organization_id, id, employee_id, weekday, kind, starts, ends)
select organization, gen_random_uuid(), id, day, 'window', 480, 1140 from thing cross join clinic cross join generate_series(1, 7) day where kind = 'staff';
insert into gabinet_treatments (organization_id, id, name, duration, buffer_after, price, currency)
select organization, pg_temp.id(2), 'Consultation', 20, 0, 20000, 'PLN' from clinic;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
select organization, pg_temp.id(2), 'gabinet:treatment', 'Consultation', now(), now() from clinic;
insert into gabinet_qualifications (organization_id, employee_id, treatment_id)
select organization, id, pg_temp.id(2) from thing cross join clinic where kind = 'staff';
create temp table patient as
select pg_temp.id(1000 + p) as id, p, (array['Anna', 'Jan', 'Maria', 'Piotr'])[p % 4 + 1] as given, 'Nowak ' || p as family from generate_series(0, 999) p;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
select organization, id, 'gabinet:patient', given || ' ' || family, now(), now() from patient cross join clinic;
insert into persons (organization_id, id, given_name, family_name) select organization, id, given, family from patient cross join clinic;
insert into gabinet_patients (organization_id, id, number, created_at) select organization, id, 'P' || p, now() from patient cross join clinic;

create temp table visit as
select row_number() over () as n, * from (
    -- 30 visits of 20 minutes one after the other.
    select s, timestamptz '2026-11-29 07:00Z' + make_interval(days => d, mins => 20 * v) as at, 20 as minutes
    from generate_series(0, 4) d cross join generate_series(0, 29) v cross join generate_series(1, 50) s
    union all
    -- 2,000 of the 7,700 half hours of a week from eight to seven.
    (select s, timestamptz '2027-01-04 07:00Z' + make_interval(days => d, mins => 30 * v), 15 + 5 * (pg_temp.dice('m' || d || '.' || v || '.' || s) % 4)
     from generate_series(0, 6) d cross join generate_series(0, 21) v cross join generate_series(1, 50) s order by md5(d || '.' || v || '.' || s) limit 2000)
    union all
    (select s, timestamptz '2027-01-11 07:00Z' + make_interval(days => d, mins => 30 * v), 15 + 5 * (pg_temp.dice('n' || d || '.' || v || '.' || s) % 4)
     from generate_series(0, 6) d cross join generate_series(0, 21) v cross join generate_series(1, 50) s order by md5('b' || d || '.' || v || '.' || s) limit 2000)
    union all
    (select s, timestamptz '2027-01-18 07:00Z' + make_interval(days => d, mins => 30 * v), 15 + 5 * (pg_temp.dice('o' || d || '.' || v || '.' || s) % 4)
     from generate_series(0, 6) d cross join generate_series(0, 21) v cross join generate_series(1, 50) s order by md5('c' || d || '.' || v || '.' || s) limit 2000)
) made;
create temp table visited as
select v.n, pg_temp.id(1000000 + 2 * n) as activity, pg_temp.id(1000001 + 2 * n) as record, pg_temp.id(100 + s) as staff, pg_temp.id(200 + s) as room,
       p.id as patient, p.given || ' ' || p.family as title, s, at, at + make_interval(mins => minutes) as until,
       (array['scheduled', 'confirmed', 'confirmed', 'confirmed'])[n % 4 + 1] as status
from visit v join patient p on p.p = v.n % 1000;
insert into entities (organization_id, id, entity_type, title, status, created_at, updated_at)
select organization, activity, 'activity', title, status, now(), now() from visited cross join clinic
union all select organization, record, 'gabinet:appointment', title, status, now(), now() from visited cross join clinic;
insert into scheduled_activities (organization_id, id, activity_type, title, location_id, starts_at, ends_at, zone, wall_start, status,
    subject_id, module_entity_id, face, created_at, updated_at)
select organization, activity, 'gabinet:appointment', title, location, at, until, 'Europe/Warsaw', at at time zone 'Europe/Warsaw', status, patient, record,
    jsonb_build_object('line', 'Consultation', 'place', 'Room ' || s, 'flags', case when n % 7 = 0 then '["unpaid"]'::jsonb else '[]' end, 'hue', s * 7 % 360), now(), now()
from visited cross join clinic;
insert into gabinet_appointments (organization_id, id, number, activity_id, patient_id, treatment_id, employee_id, price, currency, created_at, updated_at)
select organization, record, 'GRID-' || n, activity, patient, pg_temp.id(2), staff, 20000, 'PLN', now(), now() from visited cross join clinic;
insert into resource_bookings (organization_id, activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at)
select organization, activity, resource, at, until, at, until from visited cross join clinic cross join lateral unnest(array[staff, room]) resource;
analyze;
