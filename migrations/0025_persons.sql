-- Persons as the centre: further ways to reach them, who they are to companies, what they have agreed to, who is the
-- same human twice, and merges that can be taken back.

-- What two addresses or numbers of one human have in common however they are written. Gmail ignores dots; whatever
-- follows a plus is the owner's own.
create function email_key(text) returns text language sql immutable strict parallel safe as
$$
    select case when strpos($1, '@') < 2 then null
        when lower(split_part($1, '@', 2)) in ('gmail.com', 'googlemail.com')
            then replace(split_part(split_part(lower($1), '@', 1), '+', 1), '.', '') || '@gmail.com'
        else split_part(split_part(lower($1), '@', 1), '+', 1) || '@' || lower(split_part($1, '@', 2)) end
$$;
-- The last nine digits, so that a number is the same with and without its country.
create function phone_key(text) returns text language sql immutable strict parallel safe as
$$
    select case when length(regexp_replace($1, '[^0-9]', '', 'g')) >= 7 then right(regexp_replace($1, '[^0-9]', '', 'g'), 9) end
$$;

alter table persons
    -- PESEL, social security number or the like, without spaces and in capitals.
    add column national_id text check (national_id ~ '^[A-Z0-9-]{4,30}$'),
    add column email_key text generated always as (email_key(email)) stored,
    add column phone_key text generated always as (phone_key(phone)) stored;
create index persons_by_email on persons (organization_id, email_key) where email_key is not null;
create index persons_by_phone on persons (organization_id, phone_key) where phone_key is not null;
create index persons_by_national_id on persons (organization_id, national_id) where national_id is not null;
create index persons_by_birth on persons (organization_id, birth_date) where birth_date is not null;
create index persons_by_name on persons (organization_id, family_name, given_name, id);
create index entities_merged on entities (organization_id, merged_into) where merged_into is not null;
create index crm_leads_by_person on crm_leads (organization_id, person_id);
create index gabinet_waiting_by_patient on gabinet_waiting (organization_id, patient_id);

-- Further addresses and numbers; the first ones stand in `persons`, where every product looks.
create table person_contacts (
    organization_id uuid not null,
    id uuid not null,
    person_id uuid not null,
    kind text not null check (kind in ('email', 'phone', 'address', 'profile')),
    -- In people's own words: home, work, mother's.
    label text not null default '' check (length(label) <= 60),
    -- The address or number; of a postal address the street.
    value text not null check (length(value) between 1 and 300),
    postcode text not null default '' check (length(postcode) <= 20),
    city text not null default '' check (length(city) <= 100),
    country text not null default '' check (country ~ '^([A-Z]{2})?$'),
    place integer not null default 0,
    key text generated always as (case kind when 'email' then email_key(value) when 'phone' then phone_key(value) end) stored,
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, person_id) references persons (organization_id, id)
);
create index person_contacts_of on person_contacts (organization_id, person_id, place);
create index person_contacts_by_key on person_contacts (organization_id, kind, key) where key is not null;
call tenant_table('person_contacts');

-- By what persons are recognised, wherever it stands.
create view person_keys with (security_invoker = true) as
    select organization_id, id as person_id, 'email'::text as kind, email_key as key from persons where email_key is not null
    union all select organization_id, id, 'phone', phone_key from persons where phone_key is not null
    union all select organization_id, id, 'national_id', national_id from persons where national_id is not null
    union all select organization_id, person_id, kind, key from person_contacts where key is not null;
grant select on person_keys to atrium_app;

-- What somebody has agreed to and taken back. Nothing in it changes: what holds is computed from it.
create table person_consents (
    organization_id uuid not null,
    id uuid not null,
    person_id uuid not null,
    purpose text not null check (purpose ~ '^[a-z_]{1,40}$'),
    decision text not null check (decision in ('given', 'refused', 'withdrawn')),
    -- Article 6 of the GDPR.
    basis text not null check (basis in ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')),
    -- Where it was said: form, telephone, paper, website.
    source text not null check (length(source) between 1 and 200),
    note text not null default '' check (length(note) <= 1000),
    -- When it was said, which may be before it was written down.
    at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by uuid,
    primary key (organization_id, id),
    foreign key (organization_id, person_id) references persons (organization_id, id)
);
create index person_consents_of on person_consents (organization_id, person_id, at);
call tenant_table('person_consents', 'select, insert');

create table companies (
    organization_id uuid not null,
    id uuid not null,
    name text not null check (length(name) between 1 and 200),
    -- NIP, VAT number or the like.
    tax_id text check (tax_id ~ '^[A-Z0-9-]{4,30}$'),
    -- What it is to the organization: customer, vendor, partner; any of them.
    kinds text[] not null default '{}' check (kinds <@ '{customer,vendor,partner}'::text[]),
    parent_id uuid,
    website text not null default '' check (length(website) <= 300),
    email text,
    phone text,
    street text not null default '' check (length(street) <= 300),
    postcode text not null default '' check (length(postcode) <= 20),
    city text not null default '' check (length(city) <= 100),
    country text not null default '' check (country ~ '^([A-Z]{2})?$'),
    -- Minor units of the organization's currency; null: no limit was agreed.
    credit_limit bigint check (credit_limit >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    -- Days after the invoice in which it is to be paid.
    payment_days smallint check (payment_days between 0 and 365),
    notes text not null default '' check (length(notes) <= 10000),
    version integer not null default 1,
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, id) references entities (organization_id, id),
    constraint companies_parent foreign key (organization_id, parent_id) references companies (organization_id, id),
    constraint companies_not_own_parent check (parent_id <> id)
);
create unique index companies_tax_id_key on companies (organization_id, tax_id) where tax_id is not null;
create index companies_by_parent on companies (organization_id, parent_id) where parent_id is not null;
create index companies_by_name on companies (organization_id, name, id);
call tenant_table('companies');

-- Who somebody is to a company, and when.
create table company_people (
    organization_id uuid not null,
    id uuid not null,
    company_id uuid not null,
    person_id uuid not null,
    role text not null check (length(role) between 1 and 100),
    from_date date,
    -- The last day.
    to_date date,
    created_at timestamptz not null,
    primary key (organization_id, id),
    constraint company_people_order check (from_date <= to_date),
    foreign key (organization_id, company_id) references companies (organization_id, id),
    foreign key (organization_id, person_id) references persons (organization_id, id)
);
create index company_people_of_company on company_people (organization_id, company_id);
create index company_people_of_person on company_people (organization_id, person_id);
call tenant_table('company_people');

-- Pairs that somebody has looked at and found to be two humans.
create table persons_distinct (
    organization_id uuid not null,
    one_id uuid not null,
    other_id uuid not null,
    said_by uuid,
    at timestamptz not null,
    primary key (organization_id, one_id, other_id),
    constraint persons_distinct_order check (one_id < other_id),
    foreign key (organization_id, one_id) references persons (organization_id, id),
    foreign key (organization_id, other_id) references persons (organization_id, id)
);
create index persons_distinct_other on persons_distinct (organization_id, other_id);
call tenant_table('persons_distinct');

-- Merges, with what they wrote over and which rows they pointed elsewhere, so that they can be taken back.
create table person_merges (
    organization_id uuid not null,
    id uuid not null,
    winner_id uuid not null,
    loser_id uuid not null,
    -- [{"table": …, "column": …, "before": …, "after": …}]
    fields jsonb not null default '[]',
    -- The title and keywords of the winner's entry in the registry as they were.
    title text not null,
    keywords text not null,
    merged_by uuid,
    merged_at timestamptz not null,
    undone_by uuid,
    undone_at timestamptz,
    primary key (organization_id, id),
    constraint person_merges_two check (winner_id <> loser_id),
    foreign key (organization_id, winner_id) references persons (organization_id, id),
    foreign key (organization_id, loser_id) references persons (organization_id, id)
);
create index person_merges_of_winner on person_merges (organization_id, winner_id, merged_at);
create unique index person_merges_of_loser on person_merges (organization_id, loser_id) where undone_at is null;
call tenant_table('person_merges', 'select, insert, update');

create table person_merge_moves (
    organization_id uuid not null,
    merge_id uuid not null,
    -- `crm_leads.person_id`
    reference text not null,
    -- The row's key without the tenant: {"id": …}
    row_key jsonb not null,
    primary key (organization_id, merge_id, reference, row_key),
    foreign key (organization_id, merge_id) references person_merges (organization_id, id)
);
call tenant_table('person_merge_moves', 'select, insert');
