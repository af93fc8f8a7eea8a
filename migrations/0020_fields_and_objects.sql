-- Fields that an organization adds to types of records, and types of records of its own.
create table fields (
    organization_id uuid not null,
    id uuid not null,
    entity_type text not null check (entity_type ~ '^[a-z_]+(:[a-z_]+)?$'),
    key text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    sort integer not null default 0,
    -- What it is called, holds and demands, as `fields::FieldDetails`.
    details jsonb not null,
    -- What it holds, or what comes out of it, as `records::Kind`.
    result jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    -- Out of use: its values stay, and it can be taken into use again.
    retired_at timestamptz,
    -- The field that took its place when its kind was changed.
    replaced_by uuid,
    primary key (organization_id, id),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, replaced_by) references fields (organization_id, id)
);
create unique index fields_key on fields (organization_id, entity_type, key) where retired_at is null;
call tenant_table('fields');

-- One row a value, in the column of its kind; a multi-choice has one a word. This is what is filtered and sorted by.
create table field_values (
    organization_id uuid not null,
    field_id uuid not null,
    entity_id uuid not null,
    seq smallint not null default 0,
    -- Text that can be sought: at most 500 letters. Of money the currency.
    v_text text check (length(v_text) <= 500),
    -- Money is in minor units.
    v_num numeric,
    v_date date,
    v_ts timestamptz,
    v_bool boolean,
    v_ref uuid,
    -- Long text, which no index holds.
    v_long text check (length(v_long) <= 20000),
    -- Why a formula has no value.
    v_error text,
    -- The value of a unique field as it is compared; null where it is not unique or its record is deleted.
    unique_key text,
    primary key (organization_id, field_id, entity_id, seq),
    constraint field_values_unique unique (organization_id, field_id, unique_key),
    foreign key (organization_id, field_id) references fields (organization_id, id),
    foreign key (organization_id, entity_id) references entities (organization_id, id),
    constraint field_values_reference foreign key (organization_id, v_ref) references entities (organization_id, id)
);
create index field_values_of_entity on field_values (organization_id, entity_id);
create index field_values_by_text on field_values (organization_id, field_id, v_text, entity_id) where v_text is not null;
create index field_values_by_num on field_values (organization_id, field_id, v_num, entity_id) where v_num is not null;
create index field_values_by_date on field_values (organization_id, field_id, v_date, entity_id) where v_date is not null;
create index field_values_by_ts on field_values (organization_id, field_id, v_ts, entity_id) where v_ts is not null;
create index field_values_by_bool on field_values (organization_id, field_id, v_bool, entity_id) where v_bool is not null;
create index field_values_by_ref on field_values (organization_id, v_ref, field_id, entity_id) where v_ref is not null;
call tenant_table('field_values');

-- What became of work on all values of a field, which a job does after the change that caused it: a change of kind, a new
-- formula. It keeps its place, so that a job that is taken again goes on from there.
create table field_jobs (
    organization_id uuid not null,
    id uuid not null,
    field_id uuid not null,
    -- Whose values are converted; null where a formula is computed anew.
    from_field_id uuid,
    state text not null default 'running' check (state in ('running', 'done', 'cancelled')),
    -- The last record that is done.
    position uuid,
    done integer not null default 0,
    failed integer not null default 0,
    -- The first hundred that could not be converted: [{"entity": …, "title": …, "value": …, "code": …}].
    failures jsonb not null default '[]',
    user_id uuid not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, field_id) references fields (organization_id, id),
    foreign key (organization_id, from_field_id) references fields (organization_id, id)
);
create index field_jobs_of_field on field_jobs (organization_id, field_id, created_at);
call tenant_table('field_jobs');

-- A type of record that an organization has made. Its records are rows of `entities` of type `object:<key>`.
create table object_types (
    organization_id uuid not null,
    id uuid not null,
    key text not null check (key ~ '^[a-z][a-z_]{0,39}$'),
    -- Names, icon, statuses, title and who may see and write, as `objects::ObjectDetails`.
    details jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    retired_at timestamptz,
    primary key (organization_id, id),
    constraint object_types_key unique (organization_id, key),
    foreign key (organization_id, id) references entities (organization_id, id)
);
call tenant_table('object_types');
