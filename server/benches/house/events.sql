set session_replication_role = replica;
set synchronous_commit = off;
set work_mem = '128MB';
set maintenance_work_mem = '512MB';
insert into entities (organization_id, id, entity_type, title, status, created_at, updated_at)
select organization, activity, 'activity', 'Anna Nowak', 'scheduled', now(), now() from visits order by seq;
insert into scheduled_activities (organization_id, id, activity_type, title, location_id, starts_at, ends_at, zone, wall_start, status,
    subject_id, module_entity_id, face, created_at, updated_at, resources, buffer_after)
select organization, activity, 'gabinet:appointment', 'Anna Nowak', location, at, at + make_interval(mins => minutes), 'Europe/Warsaw',
    at at time zone 'Europe/Warsaw', 'scheduled', patient, record,
    jsonb_build_object('line', 'Consultation', 'place', 'Room ' || seq % 20, 'flags', '[]'::jsonb, 'hue', null), now(), now(),
    case when main and room is not null then array[staff, room] else array[staff] end, buffer
from visits order by seq;
insert into entities (organization_id, id, entity_type, title, keywords, status, created_at, updated_at)
select organization, record, 'gabinet:appointment', 'Anna Nowak', 'CLI-' || seq, 'scheduled', now(), now() from visits where main order by seq;
insert into gabinet_appointments (organization_id, id, number, activity_id, patient_id, treatment_id, employee_id, price, currency, created_at, updated_at)
select organization, record, 'OLD-' || seq, activity, patient, (select t.id from gabinet_treatments t where t.organization_id = organization and t.name = 'Consultation'),
    staff, 20000, 'PLN', now(), now() from visits where main order by seq;
create index entities_search on entities using gin (organization_id, search gin_trgm_ops);
vacuum analyze entities;
vacuum analyze scheduled_activities;
vacuum analyze gabinet_appointments;
