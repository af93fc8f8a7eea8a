-- Reference data is what everybody reads and hardly anybody changes: locations, resources, their hours. Each change of it
-- gives the organization a new revision, by which a server knows whether what it keeps of it still holds. The revision is
-- drawn and not counted, so that a database that was put back to an earlier day can never come to one that is known.
create table reference_revisions (
    organization_id uuid primary key references organizations,
    revision uuid not null default gen_random_uuid()
);
call tenant_table('reference_revisions', 'select, insert, update');

-- Runs at the end of the transaction, so that two who change reference data wait for each other only while they commit.
create function reference_changed() returns trigger language plpgsql as $$
declare
    organization uuid := case tg_op when 'DELETE' then old.organization_id else new.organization_id end;
begin
    -- Once a transaction is enough, however many rows it has changed.
    if current_setting('app.reference_changed', true) is distinct from organization::text then
        insert into reference_revisions (organization_id) values (organization)
        on conflict (organization_id) do update set revision = excluded.revision;
        perform set_config('app.reference_changed', organization::text, true);
    end if;
    return null;
end $$;

-- Says that a table holds reference data.
create procedure reference_table(name regclass) language plpgsql as $$
begin
    execute format('create constraint trigger reference_changed after insert or update or delete on %s
                    deferrable initially deferred for each row execute function reference_changed()', name);
end $$;

call reference_table('locations');
call reference_table('resources');
call reference_table('gabinet_employees');
call reference_table('gabinet_working_hours');
call reference_table('gabinet_date_hours');
call reference_table('gabinet_leave');
call reference_table('gabinet_closures');

alter table organizations no force row level security;
alter table reference_revisions no force row level security;
insert into reference_revisions (organization_id) select organization_id from organizations;
alter table reference_revisions force row level security;
alter table organizations force row level security;
