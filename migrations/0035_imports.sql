-- Files that are taken over into records. A file is kept as its lines, so that a job goes through them in portions and goes
-- on where it was interrupted: what became of a line is written in the transaction that makes its record.
create table imports (
    organization_id uuid not null,
    id uuid not null,
    -- What its lines become.
    entity_type text not null check (entity_type ~ '^[a-z_]+(:[a-z_]+)?$'),
    file_name text not null check (length(file_name) between 1 and 200),
    encoding text not null,
    delimiter text not null check (length(delimiter) = 1),
    -- [{"heading": …, "target": …}], as `imports::ImportColumn`.
    columns jsonb not null,
    -- As `imports::ImportSettings`.
    settings jsonb not null,
    state text not null default 'mapping'
        check (state in ('mapping', 'trying', 'tried', 'running', 'done', 'undoing', 'undone', 'failed')),
    -- Why it went no further.
    problem text not null default '' check (length(problem) <= 60),
    total integer not null check (total between 1 and 50000),
    -- The line up to which it was gone through in this state.
    position integer not null default 0,
    done integer not null default 0,
    made integer not null default 0,
    changed integer not null default 0,
    skipped integer not null default 0,
    refused integer not null default 0,
    undone integer not null default 0,
    kept integer not null default 0,
    user_id uuid not null,
    version integer not null default 1,
    created_at timestamptz not null,
    finished_at timestamptz,
    -- When its lines were forgotten.
    cleared_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id) references organizations
);
create index imports_of_type on imports (organization_id, entity_type, id);
create index imports_to_clear on imports (organization_id, created_at) where cleared_at is null;
call tenant_table('imports');

-- A line and what became of it. A record is named without a foreign key: what an import tells stays true whatever becomes of
-- the record, and keeps nothing from being merged.
create table import_lines (
    organization_id uuid not null,
    import_id uuid not null,
    -- Where it begins in the file.
    line integer not null,
    -- ["…", "…"]
    cells jsonb not null,
    outcome text check (outcome in ('made', 'changed', 'skipped', 'refused')),
    -- [{"column": …, "code": …, "message": …}], as `imports::LineFault`.
    faults jsonb not null default '[]',
    record_id uuid,
    record_type text,
    -- Keys of the fields that were filled.
    filled text[] not null default '{}',
    -- Records that came to be along with it: the person behind a lead.
    beside uuid[] not null default '{}',
    undo text check (undo in ('undone', 'kept')),
    primary key (organization_id, import_id, line),
    foreign key (organization_id, import_id) references imports (organization_id, id) on delete cascade
);
create index import_lines_by_outcome on import_lines (organization_id, import_id, outcome, line) where outcome is not null;
call tenant_table('import_lines');

-- By what the records of an import are recognised, and at which line: a line further down that is recognised by the same
-- says the same once more. Humans share numbers with their families, so that name and date of birth have a say.
create table import_keys (
    organization_id uuid not null,
    import_id uuid not null,
    -- `email:…`, `phone:…`, `tax_id:…`, and for what no two records may have `unique:tax_id:…`.
    key text not null check (length(key) <= 600),
    line integer not null,
    name text not null default '',
    birth_date date,
    primary key (organization_id, import_id, key, line),
    foreign key (organization_id, import_id) references imports (organization_id, id) on delete cascade
);
call tenant_table('import_keys');
