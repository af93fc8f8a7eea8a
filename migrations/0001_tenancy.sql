-- The role as which the server works. It owns nothing and cannot bypass row-level security.
-- Roles belong to the cluster, not to the database: another database's migration may have made it, or be making it.
do $$
begin
    create role atrium_app login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
exception when duplicate_object or unique_violation then null;
end $$;

-- An owner that is no superuser must be a member of the role in order to serve as it.
do $$
begin
    if not pg_has_role(current_user, 'atrium_app', 'member') then
        execute format('grant atrium_app to %I', current_user);
    end if;
end $$;

create extension if not exists btree_gist;
create extension if not exists btree_gin;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Who is asking. Both are set for one transaction at a time by `platform::tx`; unset means no rows at all.
create function app_organization() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.organization_id', true), '')::uuid $$;
create function app_user() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

-- Lower-cased and without diacritics: what names are searched by. `ł` and its kin are in unaccent's own rules.
create function normalised(text) returns text language sql immutable strict parallel safe as
$$ select lower(public.unaccent('public.unaccent', $1)) $$;

-- Puts a table under the tenant's policy: forced row-level security and the rights of the application's role.
create procedure tenant_table(name regclass, rights text default 'select, insert, update, delete') language plpgsql as $$
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy tenant on %s using (organization_id = (select app_organization())) with check (organization_id = (select app_organization()))', name);
    execute format('grant %s on %s to atrium_app', rights, name);
end $$;

create table organizations (
    organization_id uuid primary key,
    name text not null check (length(name) between 1 and 200),
    slug text not null constraint organizations_slug_key unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    kind text not null default 'clinic' check (kind in ('clinic', 'company', 'agency')),
    country text not null check (country ~ '^[A-Z]{2}$'),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    locale text not null default 'en',
    zone text not null,
    created_at timestamptz not null default now()
);

create table locations (
    organization_id uuid not null references organizations,
    id uuid not null,
    name text not null check (length(name) between 1 and 200),
    address text not null default '',
    zone text not null,
    week_start smallint not null default 1 check (week_start between 1 and 7),
    active boolean not null default true,
    created_at timestamptz not null default now(),
    primary key (organization_id, id)
);
call tenant_table('locations');

-- People who sign in. One login may belong to several organizations, so this is no tenant's table;
-- within a tenant it is only ever read joined to `memberships`, which is.
create table users (
    id uuid primary key,
    email text not null check (email = lower(email)),
    name text not null check (length(name) between 1 and 200),
    password_hash text,
    locale text,
    created_at timestamptz not null default now(),
    password_changed_at timestamptz not null default now(),
    constraint users_email_key unique (email)
);

create table roles (
    organization_id uuid not null references organizations,
    id text not null check (id ~ '^[a-z][a-z0-9_]{0,40}$'),
    name text not null,
    built_in boolean not null default false,
    primary key (organization_id, id)
);
call tenant_table('roles');

create table role_permissions (
    organization_id uuid not null,
    role_id text not null,
    permission text not null check (permission ~ '^[a-z_.]+:[a-z_]+$'),
    scope text not null default 'all' check (scope in ('own', 'team', 'all')),
    primary key (organization_id, role_id, permission),
    foreign key (organization_id, role_id) references roles on delete cascade
);
call tenant_table('role_permissions');

create table memberships (
    organization_id uuid not null references organizations,
    user_id uuid not null references users,
    role_id text not null,
    status text not null default 'active' check (status in ('active', 'removed')),
    created_at timestamptz not null default now(),
    primary key (organization_id, user_id),
    foreign key (organization_id, role_id) references roles
);
create index memberships_by_user on memberships (user_id);
alter table memberships enable row level security;
alter table memberships force row level security;
-- A member sees the organization's members; a signed-in user sees his own memberships everywhere (the switcher).
create policy tenant on memberships using (organization_id = (select app_organization())) with check (organization_id = (select app_organization()));
create policy own on memberships for select using (user_id = (select app_user()));
grant select, insert, update on memberships to atrium_app;

alter table organizations enable row level security;
alter table organizations force row level security;
create policy tenant on organizations using (organization_id = (select app_organization())) with check (organization_id = (select app_organization()));
create policy own on organizations for select using (organization_id in (select m.organization_id from memberships m where m.user_id = (select app_user()) and m.status = 'active'));
grant select, insert, update on organizations to atrium_app;

grant select, insert, update on users to atrium_app;

create table teams (
    organization_id uuid not null references organizations,
    id uuid not null,
    name text not null check (length(name) between 1 and 200),
    primary key (organization_id, id),
    constraint teams_name_key unique (organization_id, name)
);
call tenant_table('teams');

create table team_members (
    organization_id uuid not null,
    team_id uuid not null,
    user_id uuid not null,
    primary key (organization_id, team_id, user_id),
    foreign key (organization_id, team_id) references teams on delete cascade,
    foreign key (organization_id, user_id) references memberships
);
call tenant_table('team_members');

-- An invitation is single-use, expires and binds to the address; only the hash of its token is kept.
create table invitations (
    organization_id uuid not null,
    id uuid not null,
    email text not null check (email = lower(email)),
    role_id text not null,
    token_hash bytea not null,
    invited_by uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz,
    primary key (organization_id, id),
    constraint invitations_token_key unique (organization_id, token_hash),
    foreign key (organization_id, role_id) references roles,
    foreign key (organization_id, invited_by) references memberships (organization_id, user_id)
);
create index invitations_by_token on invitations (token_hash);
call tenant_table('invitations', 'select, insert, update');

-- What the platform sells. The catalogue is common to all tenants.
create table platform_products (
    id text primary key check (id ~ '^[a-z][a-z0-9_]{0,40}$'),
    name text not null,
    description text not null,
    -- Minor units by currency and period: {"USD": {"month": 4900, "year": 49000}}
    prices jsonb not null
);
grant select on platform_products to atrium_app;

create table product_subscriptions (
    organization_id uuid not null references organizations,
    product_id text not null references platform_products,
    provider text not null default 'manual' check (provider in ('manual', 'stripe')),
    provider_reference text,
    status text not null check (status in ('trialing', 'active', 'past_due', 'cancelled')),
    current_period_start timestamptz not null,
    current_period_end timestamptz,
    cancel_at_period_end boolean not null default false,
    primary key (organization_id, product_id)
);
call tenant_table('product_subscriptions', 'select, insert, update');

insert into platform_products (id, name, description, prices) values
    ('gabinet', 'Gabinet', 'Running a clinic: patients, staff, treatments and visits', '{"PLN": {"month": 24900, "year": 249000}, "USD": {"month": 5900, "year": 59000}, "EUR": {"month": 5500, "year": 55000}}'),
    ('crm', 'CRM', 'Leads, calls and deals', '{"PLN": {"month": 12900, "year": 129000}, "USD": {"month": 2900, "year": 29000}, "EUR": {"month": 2700, "year": 27000}}');
