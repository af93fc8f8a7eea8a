-- Files on any record. Their bytes lie here and not in a folder beside the database: row-level security holds for them too, a
-- backup of the database has everything, and two servers on one database serve the same files. They lie in pieces, so that
-- neither writing nor serving one needs a value of many megabytes, and out of line, so that lists never read them.

create table record_documents (
    organization_id uuid not null,
    id uuid not null,
    entity_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    -- `Consents/2026`; empty for none.
    folder text not null default '' check (length(folder) <= 200),
    -- Which of its files it is now, and how many there ever were.
    number integer not null default 1,
    latest integer not null default 1,
    version integer not null default 1,
    -- Null for what the system wrote by itself.
    author_id uuid,
    updated_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    -- When the bytes of a deleted one were forgotten.
    cleared_at timestamptz,
    primary key (organization_id, id),
    constraint record_documents_number check (number between 1 and latest),
    foreign key (organization_id, entity_id) references entities (organization_id, id)
);
create index record_documents_by_entity on record_documents (organization_id, entity_id, id desc) where deleted_at is null;
create index record_documents_to_clear on record_documents (organization_id, deleted_at) where deleted_at is not null and cleared_at is null;
call tenant_table('record_documents', 'select, insert, update');

-- Every file a document ever was.
create table record_document_versions (
    organization_id uuid not null,
    document_id uuid not null,
    number integer not null check (number >= 1),
    -- What it was called where it came from.
    file_name text not null check (length(file_name) between 1 and 200),
    -- What its bytes are, and not what its name says; `application/octet-stream` for all that is only ever downloaded.
    media_type text not null check (media_type in
        ('application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'text/plain', 'application/octet-stream')),
    size bigint not null check (size between 1 and 20971520),
    sha256 bytea not null check (length(sha256) = 32),
    author_id uuid,
    created_at timestamptz not null,
    primary key (organization_id, document_id, number),
    foreign key (organization_id, document_id) references record_documents (organization_id, id)
);
call tenant_table('record_document_versions', 'select, insert');

create table record_document_chunks (
    organization_id uuid not null,
    document_id uuid not null,
    number integer not null,
    seq integer not null check (seq >= 0),
    bytes bytea not null check (length(bytes) between 1 and 1048576),
    primary key (organization_id, document_id, number, seq),
    foreign key (organization_id, document_id, number) references record_document_versions (organization_id, document_id, number)
);
-- Out of line and as it is: most of it is compressed already.
alter table record_document_chunks alter column bytes set storage external;
call tenant_table('record_document_chunks', 'select, insert, delete');

-- How many bytes an organization keeps, and how many it may. The row is also what two uploads take turns at.
create table document_storage (
    organization_id uuid not null references organizations,
    used bigint not null default 0 check (used >= 0),
    most bigint not null default 2147483648 check (most >= 0),
    primary key (organization_id)
);
call tenant_table('document_storage', 'select, insert, update');

-- Addresses by which whoever has one reads one file without signing in, for a while. Only the hash of the secret is kept.
create table document_links (
    organization_id uuid not null,
    id uuid not null,
    document_id uuid not null,
    number integer not null,
    -- Who made it: it leads nowhere once they are no member, or may no longer see the record.
    user_id uuid not null,
    token_hash bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    opened integer not null default 0 check (opened >= 0),
    opened_at timestamptz,
    primary key (organization_id, id),
    constraint document_links_order check (created_at < expires_at),
    constraint document_links_token_key unique (organization_id, token_hash),
    foreign key (organization_id, document_id, number) references record_document_versions (organization_id, document_id, number)
);
create index document_links_by_document on document_links (organization_id, document_id) where revoked_at is null;
call tenant_table('document_links', 'select, insert, update');
