-- CRM: quotes of deals. A draft has no number; sending draws the next one of its year, without gaps. What a quote says of
-- lines, buyer and totals is a copy, so that no later change of the deal reaches it.
create table crm_quotes (
    organization_id uuid not null,
    id uuid not null,
    deal_id uuid not null,
    number text,
    state text not null default 'draft' check (state in ('draft', 'sent', 'accepted', 'declined')),
    -- The local date on which it was sent.
    issued_on date,
    -- The last local day on which it can be accepted.
    valid_until date not null,
    seller text not null,
    buyer text not null,
    buyer_detail text not null default '',
    title text not null,
    notes text not null default '',
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    net bigint not null,
    tax bigint not null,
    gross bigint not null,
    version integer not null default 1,
    created_at timestamptz not null,
    primary key (organization_id, id),
    constraint crm_quotes_number_key unique (organization_id, number),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, deal_id) references crm_deals (organization_id, id),
    check (net + tax = gross),
    check ((state = 'draft') = (number is null) and (number is null) = (issued_on is null))
);
create index crm_quotes_by_deal on crm_quotes (organization_id, deal_id, id);
call tenant_table('crm_quotes', 'select, insert, update');

create table crm_quote_lines (
    organization_id uuid not null,
    quote_id uuid not null,
    place smallint not null,
    name text not null,
    quantity bigint not null,
    unit_price bigint not null,
    discount integer not null,
    tax text not null,
    rate integer not null,
    primary key (organization_id, quote_id, place),
    foreign key (organization_id, quote_id) references crm_quotes (organization_id, id)
);
call tenant_table('crm_quote_lines', 'select, insert');
