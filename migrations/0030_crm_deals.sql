-- CRM: pipelines, deals on their way through them, and every step a deal has taken.
create table crm_pipelines (
    organization_id uuid not null,
    id uuid not null,
    name text not null check (length(name) between 1 and 100),
    version integer not null default 1,
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, id) references entities (organization_id, id)
);
call tenant_table('crm_pipelines', 'select, insert, update');

create table crm_stages (
    organization_id uuid not null,
    id uuid not null,
    pipeline_id uuid not null,
    name text not null check (length(name) between 1 and 60),
    -- Its place in the pipeline, from 0.
    sort smallint not null,
    kind text not null check (kind in ('open', 'won', 'lost')),
    -- Of winning, in per cent.
    probability smallint not null check (probability between 0 and 100),
    -- After so many days in it a deal is stale; none: it never is.
    rot_days smallint check (rot_days between 1 and 3650),
    -- A stage that was taken out stays for the history that names it.
    retired_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, pipeline_id) references crm_pipelines (organization_id, id)
);
create index crm_stages_by_pipeline on crm_stages (organization_id, pipeline_id, sort);
call tenant_table('crm_stages', 'select, insert, update');

create table crm_deals (
    organization_id uuid not null,
    id uuid not null,
    stage_id uuid not null,
    title text not null check (length(title) between 1 and 200),
    person_id uuid,
    company_id uuid,
    -- Minor units of `currency`; the net total of the lines where there are any.
    value bigint not null default 0 check (value >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    close_on date,
    next_step text not null default '',
    next_step_on date,
    lost_reason text not null default '',
    -- The lead it came from.
    lead_id uuid,
    stage_since timestamptz not null,
    -- When it was won or lost.
    closed_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    primary key (organization_id, id),
    -- A lead becomes one deal, however often it is asked to.
    constraint crm_deals_lead_key unique (organization_id, lead_id),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, stage_id) references crm_stages (organization_id, id),
    foreign key (organization_id, person_id) references persons (organization_id, id),
    foreign key (organization_id, company_id) references companies (organization_id, id),
    foreign key (organization_id, lead_id) references crm_leads (organization_id, id)
);
-- A column of the board, the card that came last on top.
create index crm_deals_by_stage on crm_deals (organization_id, stage_id, stage_since, id);
create index crm_deals_by_person on crm_deals (organization_id, person_id);
create index crm_deals_by_company on crm_deals (organization_id, company_id);
call tenant_table('crm_deals', 'select, insert, update');

create table crm_deal_lines (
    organization_id uuid not null,
    deal_id uuid not null,
    place smallint not null,
    name text not null check (length(name) between 1 and 200),
    -- Thousandths.
    quantity bigint not null check (quantity > 0),
    -- Minor units of the deal's currency.
    unit_price bigint not null check (unit_price >= 0),
    -- Discount and tax rate in hundredths of a per cent.
    discount integer not null default 0 check (discount between 0 and 10000),
    tax text not null check (tax in ('S', 'Z', 'E', 'AE', 'O')),
    rate integer not null check (rate between 0 and 10000 and (tax = 'S' or rate = 0)),
    primary key (organization_id, deal_id, place),
    foreign key (organization_id, deal_id) references crm_deals (organization_id, id)
);
call tenant_table('crm_deal_lines');

-- Insert-only: what was, stays.
create table crm_deal_steps (
    organization_id uuid not null,
    id uuid not null,
    deal_id uuid not null,
    -- None for the first.
    from_stage_id uuid,
    to_stage_id uuid not null,
    at timestamptz not null,
    -- How long the deal had been in the stage it left.
    seconds bigint not null default 0 check (seconds >= 0),
    user_id uuid,
    primary key (organization_id, id),
    foreign key (organization_id, deal_id) references crm_deals (organization_id, id),
    foreign key (organization_id, from_stage_id) references crm_stages (organization_id, id),
    foreign key (organization_id, to_stage_id) references crm_stages (organization_id, id)
);
create index crm_deal_steps_by_deal on crm_deal_steps (organization_id, deal_id, at, id);
call tenant_table('crm_deal_steps', 'select, insert');
