-- CRM: leads and calls.
create table crm_leads (
    organization_id uuid not null,
    id uuid not null,
    person_id uuid not null,
    company text not null default '',
    source text not null default '',
    status text not null default 'new' check (status in ('new', 'contacted', 'qualified', 'won', 'lost')),
    -- Minor units of `currency`.
    value bigint not null default 0 check (value >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    notes text not null default '',
    version integer not null default 1,
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, person_id) references persons (organization_id, id)
);
create index crm_leads_by_status on crm_leads (organization_id, status, id);
call tenant_table('crm_leads');

create table crm_calls (
    organization_id uuid not null,
    id uuid not null,
    activity_id uuid not null,
    lead_id uuid not null,
    direction text not null default 'outgoing' check (direction in ('outgoing', 'incoming')),
    -- What came of it: reached, no_answer, call_back … ; empty until the call was made.
    outcome text not null default '',
    notes text not null default '',
    version integer not null default 1,
    created_at timestamptz not null,
    primary key (organization_id, id),
    constraint crm_calls_activity_key unique (organization_id, activity_id),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, activity_id) references scheduled_activities (organization_id, id),
    foreign key (organization_id, lead_id) references crm_leads (organization_id, id)
);
create index crm_calls_by_lead on crm_calls (organization_id, lead_id);
call tenant_table('crm_calls');
