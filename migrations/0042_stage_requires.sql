-- CRM: what a deal has to tell before it comes into a stage. Keys of the deal's fields, also of those the organization has added.
alter table crm_stages
    add column requires text[] not null default '{}',
    add constraint crm_stages_requires_few check (cardinality(requires) <= 20);
