//! What roles, stages, signs, fields and rules are called. They lie with the screens that show them, and not among the names
//! that the first load brings.

use ui::{Lang, use_modules};

use crate::words;

/// The name of a key of that kind: `sign` and `same_email`. What a module has added it names itself.
pub(super) fn name(lang: Lang, kind: &str, key: &str) -> String {
    let whole = [kind, ".", key].concat();
    known(lang, &whole).or_else(|| use_modules().label(lang, &whole)).map_or_else(|| key.to_owned(), str::to_owned)
}

fn known(lang: Lang, key: &str) -> Option<&'static str> {
    Some(match key {
        "role.lead" => words::named_role_lead(lang),
        "role.customer" => words::named_role_customer(lang),
        "role.patient" => words::named_role_patient(lang),
        "role.employee" => words::named_role_employee(lang),
        "stage.visitor" => words::named_stage_visitor(lang),
        "stage.former" => words::named_stage_former(lang),
        "stage.lead" => words::named_stage_lead(lang),
        "stage.opportunity" => words::named_stage_opportunity(lang),
        "stage.customer" => words::named_stage_customer(lang),
        "purpose.treatment" => words::named_purpose_treatment(lang),
        "purpose.email_marketing" => words::named_purpose_email_marketing(lang),
        "purpose.sms_marketing" => words::named_purpose_sms_marketing(lang),
        "purpose.phone_marketing" => words::named_purpose_phone_marketing(lang),
        "purpose.reminders" => words::named_purpose_reminders(lang),
        "purpose.profiling" => words::named_purpose_profiling(lang),
        "purpose.photos" => words::named_purpose_photos(lang),
        "purpose.data_sharing" => words::named_purpose_data_sharing(lang),
        "decision.given" => words::named_decision_given(lang),
        "decision.refused" => words::named_decision_refused(lang),
        "decision.withdrawn" => words::named_decision_withdrawn(lang),
        "basis.consent" => words::named_basis_consent(lang),
        "basis.contract" => words::named_basis_contract(lang),
        "basis.legal_obligation" => words::named_basis_legal_obligation(lang),
        "basis.vital_interests" => words::named_basis_vital_interests(lang),
        "basis.public_task" => words::named_basis_public_task(lang),
        "basis.legitimate_interests" => words::named_basis_legitimate_interests(lang),
        "sign.same_national_id" => words::named_sign_same_national_id(lang),
        "sign.same_email" => words::named_sign_same_email(lang),
        "sign.same_phone" => words::named_sign_same_phone(lang),
        "sign.same_birth_date" => words::named_sign_same_birth_date(lang),
        "sign.like_name" => words::named_sign_like_name(lang),
        "sign.same_domain" => words::named_sign_same_domain(lang),
        "sign.other_birth_date" => words::named_sign_other_birth_date(lang),
        "sign.other_name" => words::named_sign_other_name(lang),
        "merge.persons.given_name" => words::named_merge_persons_given_name(lang),
        "merge.persons.family_name" => words::named_merge_persons_family_name(lang),
        "merge.persons.birth_date" => words::named_merge_persons_birth_date(lang),
        "merge.persons.email" => words::named_merge_persons_email(lang),
        "merge.persons.phone" => words::named_merge_persons_phone(lang),
        "merge.persons.language" => words::named_merge_persons_language(lang),
        "merge.persons.national_id" => words::named_merge_persons_national_id(lang),
        "merge.person_contacts.id" => words::named_merge_person_contacts_id(lang),
        "rows.record_notes.entity_id" => words::named_rows_record_notes_entity_id(lang),
        "rows.record_tasks.entity_id" => words::named_rows_record_tasks_entity_id(lang),
        "rows.record_documents.entity_id" => words::named_rows_record_documents_entity_id(lang),
        "rows.record_links.from_id" => words::named_rows_record_links_from_id(lang),
        "rows.record_links.to_id" => words::named_rows_record_links_to_id(lang),
        "rows.record_tags.entity_id" => words::named_rows_record_tags_entity_id(lang),
        "rows.field_values.entity_id" => words::named_rows_field_values_entity_id(lang),
        "rows.field_values.v_ref" => words::named_rows_field_values_v_ref(lang),
        "rows.scheduled_activities.subject_id" => words::named_rows_scheduled_activities_subject_id(lang),
        "rows.entities.merged_into" => words::named_rows_entities_merged_into(lang),
        "rows.person_contacts.person_id" => words::named_rows_person_contacts_person_id(lang),
        "rows.company_people.person_id" => words::named_rows_company_people_person_id(lang),
        "veto.national_ids" => words::named_veto_national_ids(lang),
        "veto.direction" => words::named_veto_direction(lang),
        "veto.veto" => words::named_veto_veto(lang),
        _ => return None,
    })
}
