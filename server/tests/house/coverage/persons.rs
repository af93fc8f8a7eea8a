//! The doors to persons and companies, and to what makes two records one.

use platform::id::EntityId;
use serde_json::json;
use services::{
    companies::{CompanyInput, CompanyRoleInput},
    consents::ConsentInput,
    core::{COMPANIES_READ, COMPANIES_WRITE, CONSENTS_WRITE, PERSONS_MERGE, PERSONS_READ, PERSONS_WRITE},
    duplicates::PairDecision,
    merge::{MergeInput, MergePair},
    persons::{PersonDetails, PersonQuery},
};

use super::{
    functions::{function, plain},
    policy::{Line, Policy::Right, route},
};

/// The REST routes.
pub fn routes() -> Vec<Line> {
    let (read, write, merge) = (Right(PERSONS_READ), Right(PERSONS_WRITE), Right(PERSONS_MERGE));
    let (firms, firms_write) = (Right(COMPANIES_READ), Right(COMPANIES_WRITE));
    let pair = json!({ "winner": "{human}", "loser": "{double}" });
    vec![
        route("GET", "/persons", read),
        route("POST", "/persons", write),
        route("GET", "/persons/{id}", read).of("human"),
        route("PUT", "/persons/{id}", write).of("human"),
        route("GET", "/persons/{id}/consents", read).of("human"),
        route("POST", "/persons/{id}/consents", Right(CONSENTS_WRITE)).of("human").with(json!({ "purpose": "photos" })),
        route("GET", "/persons/{id}/duplicates", read).of("human"),
        route("GET", "/duplicates", read),
        route("POST", "/duplicates/decisions", merge).with(json!({ "one": "{human}", "other": "{double}" })),
        route("POST", "/merges/preview", merge).with(pair.clone()),
        route("POST", "/merges", merge).with(pair),
        route("GET", "/merges/{id}", merge).of("merge"),
        route("POST", "/merges/{id}/undo", merge).of("merge"),
        route("GET", "/companies", firms),
        route("POST", "/companies", firms_write),
        route("GET", "/companies/{id}", firms).of("company"),
        route("PUT", "/companies/{id}", firms_write).of("company"),
        route("POST", "/companies/{id}/people", firms_write).of("company").with(json!({ "person": "{person}" })),
        route("PUT", "/company-roles/{id}", firms_write).of("company_role").with(json!({ "person": "{person}" })),
        route("DELETE", "/company-roles/{id}", firms_write).of("company_role"),
    ]
}

/// The server functions.
pub fn functions() -> Vec<Line> {
    let (read, write, merge) = (Right(PERSONS_READ), Right(PERSONS_WRITE), Right(PERSONS_MERGE));
    let (firms, firms_write) = (Right(COMPANIES_READ), Right(COMPANIES_WRITE));
    let named = json!({ "given_name": "Ola", "family_name": "Lis", "version": 1 });
    let consent = json!({ "purpose": "photos", "decision": "given", "basis": "consent", "source": "form" });
    let role = json!({ "person": "{person}", "role": "owner" });
    vec![
        function::<(PersonQuery, Option<String>)>("persons/list", read, json!([{ "q": "", "role": "" }, null])),
        function::<(EntityId,)>("persons/card", read, json!(["{human}"])),
        function::<(Option<EntityId>, PersonDetails)>("persons/save", write, json!(["{human}", named])),
        function::<(EntityId, ConsentInput)>("persons/consent", Right(CONSENTS_WRITE), json!(["{human}", consent])),
        function::<(EntityId,)>("persons/ledger", read, json!(["{human}"])),
        plain("persons/duplicates", read),
        function::<(PairDecision,)>("persons/decide", merge, json!([{ "one": "{human}", "other": "{spare}", "different": true }])),
        function::<(MergePair,)>("persons/merge_preview", merge, json!([{ "winner": "{human}", "loser": "{spare}" }])),
        function::<(MergeInput,)>(
            "persons/merge",
            merge,
            json!([{ "winner": "{human}", "loser": "{spare}", "winner_version": 1, "loser_version": 1 }]),
        ),
        function::<(EntityId,)>("persons/merge_since", merge, json!(["{other_merge}"])),
        function::<(EntityId,)>("persons/merge_undo", merge, json!(["{other_merge}"])),
        function::<(String, Option<String>)>("companies/list", firms, json!(["", null])),
        function::<(EntityId,)>("companies/company", firms, json!(["{company}"])),
        function::<(Option<EntityId>, CompanyInput)>("companies/save", firms_write, json!(["{company}", { "name": "Lis", "version": 1 }])),
        function::<(EntityId, CompanyRoleInput)>("companies/put_person", firms_write, json!(["{company}", role])),
        function::<(EntityId, CompanyRoleInput)>("companies/change_person", firms_write, json!(["{company_role}", role])),
        function::<(EntityId,)>("companies/remove_person", firms_write, json!(["{company_role}"])),
    ]
}
