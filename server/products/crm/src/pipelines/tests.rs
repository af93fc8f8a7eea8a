//! Pipelines on a real database.

use platform::Error;
use serde_json::json;
use services::{
    fields::{self, FieldsInput},
    records::Value,
};

use super::*;
use crate::deals::{
    self, DealInput, MoveDeal,
    tests::{desk, titled},
};

fn input(pipeline: &Pipeline) -> PipelineInput {
    let stages = pipeline.stages.iter().map(DealStageInput::from).collect();
    PipelineInput { id: None, name: pipeline.name.clone(), stages, version: pipeline.version }
}

#[test]
fn a_pipeline_needs_a_way_in_and_one_end_of_each_kind() {
    let mut told = PipelineInput::usual(true);
    assert!(told.check().is_ok());
    told.stages.retain(|stage| stage.kind != StageKind::Lost);
    told.stages[1].name = told.stages[0].name.to_uppercase();
    let Err(Error::Invalid(why)) = told.check() else { panic!("accepted") };
    let codes: Vec<_> = why.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
    assert_eq!(codes, [("stages", "lost"), ("stages[1].name", "duplicate")]);
}

#[tokio::test]
async fn stages_are_renamed_reordered_and_taken_out_but_not_from_under_a_deal() {
    let (clinic, pipeline) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    deals::create(&mut tx, &titled("Here", 1)).await.expect("a deal");
    let mut told = input(&pipeline);
    told.stages.swap(1, 2);
    told.stages[0].probability = 15;
    told.stages.remove(3);
    let after = update(&mut tx, pipeline.id, &told).await.expect("changed");
    let names: Vec<_> = after.stages.iter().map(|stage| (stage.name.as_str(), stage.probability)).collect();
    assert_eq!(names, [("New", 15), ("Proposal", 60), ("Needs", 30), ("Won", 100), ("Lost", 0)]);
    assert_eq!(update(&mut tx, pipeline.id, &told).await.expect_err("an old version").code(), "version");
    let mut told = input(&after);
    told.stages.remove(0);
    assert_eq!(update(&mut tx, pipeline.id, &told).await.expect_err("a deal stands there").code(), "in_use");
}

#[tokio::test]
async fn a_stage_asks_for_fields_declared_and_added_of_what_comes_from_an_earlier_one() {
    let (clinic, pipeline) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let details = json!({ "label": "Budget agreed", "shape": { "stored": "boolean" } });
    let new = json!({ "entity_type": "crm:deal", "key": "budget_agreed", "details": details });
    let field = fields::define(&mut tx, &serde_json::from_value(new).expect("a new field")).await.expect("a field");
    tx.commit().await.expect("committed");
    let mut tx = clinic.tx(&clinic.anna).await;
    let mut told = input(&pipeline);
    told.stages[2].requires = vec!["value".into(), "close_on".into(), "budget_agreed".into()];
    told.stages[1].requires = vec!["nonsense".into()];
    let Err(Error::Invalid(why)) = update(&mut tx, pipeline.id, &told).await else { panic!("no such field") };
    assert_eq!((why[0].field.as_str(), why[0].code.as_str()), ("stages[1].requires", "unknown"));
    drop(tx);
    let mut tx = clinic.tx(&clinic.anna).await;
    told.stages[1].requires.clear();
    let after = update(&mut tx, pipeline.id, &told).await.expect("changed");
    assert_eq!(after.stages[2].requires, told.stages[2].requires);

    let deal = deals::create(&mut tx, &titled("Here", 0)).await.expect("a deal");
    let step =
        |deal: &deals::Deal, place: usize| MoveDeal { version: deal.version, stage: after.stages[place].id, lost_reason: "-".into() };
    let Err(Error::Invalid(why)) = deals::move_to(&mut tx, deal.id, &step(&deal, 2)).await else { panic!("nothing was told") };
    let asked: Vec<_> = why.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
    assert_eq!(asked, [("value", "required"), ("close_on", "required"), ("budget_agreed", "required")]);

    let close_on = chrono::NaiveDate::from_ymd_opt(2027, 1, 11);
    let known = DealInput { value: 100, close_on, ..DealInput::from(&deal) };
    let deal = deals::update(&mut tx, deal.id, &known).await.expect("told");
    let version = fields::of_record(&mut tx, "crm:deal", deal.id).await.expect("fields").version;
    let values = [("budget_agreed".to_owned(), Value::Bool(true))].into();
    let input = FieldsInput { version, values, emptied: Vec::new() };
    fields::save(&mut tx, "crm:deal", deal.id, &input).await.expect("added");
    let deal = deals::get(&mut tx, deal.id).await.expect("a deal");
    let deal = deals::move_to(&mut tx, deal.id, &step(&deal, 2)).await.expect("all is told");

    // Who goes back is asked for nothing, also where the field has gone.
    let lost = deals::move_to(&mut tx, deal.id, &step(&deal, 5)).await.expect("lost");
    let field = fields::get(&mut tx, field.id).await.expect("a field");
    fields::retire(&mut tx, field.id, field.version).await.expect("taken out");
    let emptied = DealInput { value: 0, ..DealInput::from(&lost) };
    let lost = deals::update(&mut tx, lost.id, &emptied).await.expect("emptied");
    deals::move_to(&mut tx, lost.id, &step(&lost, 2)).await.expect("back");
}
