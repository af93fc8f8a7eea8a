-- Sessions live here, so that each can be listed and ended. Only the hash of the cookie's token is kept.
-- No tenant's table: a session exists before a tenant is chosen. Only `platform::sessions` reads it.
create table sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    -- The organization being worked in; null until one is chosen, or when the user belongs to none.
    organization_id uuid references organizations,
    token_hash bytea not null,
    kind text not null check (kind in ('browser', 'api')),
    agent text not null default '',
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    constraint sessions_token_key unique (token_hash)
);
create index sessions_by_user on sessions (user_id) where revoked_at is null;
grant select, insert, update on sessions to atrium_app;

-- Refresh tokens of the REST door. One session is one family: a token used twice ends the session.
create table refresh_tokens (
    token_hash bytea primary key,
    session_id uuid not null references sessions on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index refresh_tokens_by_session on refresh_tokens (session_id);
grant select, insert, update on refresh_tokens to atrium_app;

-- Failed sign-ins, by a hash of the address or of the client, for throttling. Rows are of use for a quarter of an hour.
create table sign_in_failures (
    key bytea not null,
    at timestamptz not null default now()
);
create index sign_in_failures_by_key on sign_in_failures (key, at);
grant select, insert, delete on sign_in_failures to atrium_app;

-- The key pairs that sign access tokens, the first made at first start; shared by all servers on this database.
create table signing_keys (
    id text primary key,
    private_pkcs8 bytea not null,
    public_der bytea not null,
    created_at timestamptz not null default now()
);
grant select, insert on signing_keys to atrium_app;
