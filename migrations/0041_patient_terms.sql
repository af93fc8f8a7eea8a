-- What of a treatment is different with one patient, because it was agreed with them: how long it takes, and what it costs.
-- Null: as it is with whoever gives it.
create table gabinet_patient_terms (
    organization_id uuid not null,
    -- So that a merge that is taken back finds the very row that it moved.
    id uuid not null,
    patient_id uuid not null,
    treatment_id uuid not null,
    -- Minutes.
    duration integer check (duration between 1 and 1440),
    -- Minor units of the organization's currency.
    price bigint check (price >= 0),
    -- Why it was agreed.
    note text not null default '' check (length(note) <= 500),
    created_at timestamptz not null,
    primary key (organization_id, id),
    constraint gabinet_patient_terms_once unique (organization_id, patient_id, treatment_id),
    constraint gabinet_patient_terms_say check (duration is not null or price is not null),
    foreign key (organization_id, patient_id) references gabinet_patients (organization_id, id),
    constraint gabinet_patient_terms_treatment foreign key (organization_id, treatment_id) references gabinet_treatments (organization_id, id)
);
call tenant_table('gabinet_patient_terms');
