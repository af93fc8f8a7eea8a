-- Clinics side by side over years, written in the order of time, so that one clinic's rows lie scattered among the
-- others'. Run by the owner of the schema, above row-level security and without the foreign keys' triggers; the
-- exclusion constraint holds. `shape` (made before) says how many clinics, whether there is one more that is full, and
-- which weeks around the measured one.
set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
set work_mem = '128MB';

create function pg_temp.id(n bigint) returns uuid language sql immutable as
$$ select ('01940000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;

-- The search's index is made again at the end, which is quicker than keeping it.
drop index entities_search;

create temp table clinic as
select o, o * 1000000 as n, pg_temp.id(o * 1000000) as organization, pg_temp.id(o * 1000000 + 1) as location,
       o = clinics as wide, case when o = clinics then 50 else 20 end as staff
from shape cross join lateral generate_series(0, clinics - 1 + full_clinic::int) o;

insert into organizations (organization_id, slug, name, country, currency, locale, zone)
select organization, 'clinic-' || o, 'Clinic ' || o, 'PL', 'PLN', 'en', 'Europe/Warsaw' from clinic;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
select organization, organization, 'organization', 'Clinic ' || o, now(), now() from clinic;
insert into locations (organization_id, id, name, zone) select organization, location, 'Clinic ' || o, 'Europe/Warsaw' from clinic;
insert into reference_revisions (organization_id) select organization from clinic;
insert into roles (organization_id, id, name, built_in) select organization, r, r, true from clinic cross join unnest(array['owner', 'receptionist']) r;
insert into product_subscriptions (organization_id, product_id, status, current_period_start)
select organization, p.id, 'active', '2026-01-01' from clinic cross join platform_products p;
insert into users (id, email, name, password_hash)
select pg_temp.id(n + 10), 'desk@clinic-' || o || '.example', 'Ewa Kowalska', password_hash from clinic cross join shape;
insert into memberships (organization_id, user_id, role_id) select organization, pg_temp.id(n + 10), 'receptionist' from clinic;

create temp table thing as
select organization, pg_temp.id(n + 100 + s) as id, 'staff' as kind, 'Dr ' || lpad(s::text, 2, '0') as name, s from clinic cross join lateral generate_series(1, staff) s
union all
select organization, pg_temp.id(n + 200 + s), 'room', 'Room ' || lpad(s::text, 2, '0'), s from clinic cross join lateral generate_series(1, 20) s;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at) select organization, id, 'resource', name, now(), now() from thing;
insert into resources (organization_id, id, kind, name, sort, hue) select organization, id, kind, name, s, s * 7 % 360 from thing;
insert into gabinet_equipment (organization_id, resource_id, sort_of) select organization, id, 'room' from thing where kind = 'room';
insert into gabinet_employees (organization_id, id) select organization, id from thing where kind = 'staff';
insert into gabinet_working_hours (organization_id, id, employee_id, weekday, kind, starts, ends)
select organization, gen_random_uuid(), id, day, 'window', 480, case when wide then 960 else 1200 end
from thing join clinic using (organization) cross join generate_series(1, 7) day where kind = 'staff';

-- The first is looked for, the second is booked.
insert into gabinet_treatments (organization_id, id, name, duration, buffer_after, price, currency)
select organization, pg_temp.id(n + 2), 'Consultation', case when wide then 40 else 30 end, case when wide then 5 else 10 end, 20000, 'PLN' from clinic
union all
select organization, pg_temp.id(n + 3), 'Injection', 15, 0, 9000, 'PLN' from clinic;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
select organization_id, id, 'gabinet:treatment', name, now(), now() from gabinet_treatments;
insert into gabinet_treatment_needs (organization_id, treatment_id, kind, sort_of)
select t.organization_id, t.id, 'room', 'room' from gabinet_treatments t join clinic c on c.organization = t.organization_id where not c.wide;
insert into gabinet_qualifications (organization_id, employee_id, treatment_id)
select e.organization_id, e.id, t.id from gabinet_employees e join gabinet_treatments t on t.organization_id = e.organization_id;

create temp table patient as
select organization, pg_temp.id(n + 1000 + p) as id, p, (array['Anna', 'Jan', 'Maria', 'Piotr'])[p % 4 + 1] as given, 'Nowak' || p as family
from clinic cross join generate_series(0, 999) p;
insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
select organization, id, 'gabinet:patient', given || ' ' || family, now(), now() from patient;
insert into persons (organization_id, id, given_name, family_name) select organization, id, given, family from patient;
insert into gabinet_patients (organization_id, id, number, created_at) select organization, id, 'P' || p, now() from patient;

-- A week is 500 visits: 20 practitioners, 5 days, 5 visits of an hour and ten minutes after.
create table visits as
select row_number() over () as seq, * from (
    select organization, location, pg_temp.id(1000000000 + seq * 2) as activity, pg_temp.id(1000000001 + seq * 2) as record,
           pg_temp.id(n + 100 + s) as staff, pg_temp.id(n + 200 + s) as room, pg_temp.id(n + 1000 + seq % 1000) as patient,
           timestamptz '2026-11-23 07:00Z' + make_interval(weeks => w, days => d, mins => 90 * v) as at, 60 as minutes, 10 as buffer,
           o = 0 as main
    from (
        select row_number() over (order by w, d, v, o, s) as seq, *
        from shape cross join lateral generate_series(first_week, last_week) w cross join generate_series(0, 4) d cross join generate_series(0, 4) v
        cross join clinic cross join generate_series(1, 20) s where not wide
    ) made order by seq
) ordered
union all
-- The clinic that is full: no gap is long enough until the evening of the last of thirty days.
select 500000000 + row_number() over (), organization, location, pg_temp.id(3000000000 + n + 100000 * day + 1000 * v + s), null,
       pg_temp.id(n + 100 + s), null, pg_temp.id(n + 1000 + (s * 300 + day * 10 + v) % 1000),
       timestamptz '2026-11-30 07:00Z' + make_interval(days => day, mins => 48 * v), 40, 5, false
from clinic cross join generate_series(0, 29) day cross join generate_series(0, 9) v cross join generate_series(1, 50) s
where wide and not (day = 29 and v = 9);
analyze visits;
