//! Pipelines on a real database.

use platform::Error;

use super::*;
use crate::deals::{
    self,
    tests::{desk, titled},
};

fn input(pipeline: &Pipeline) -> PipelineInput {
    let stage = |stage: &DealStage| DealStageInput {
        id: Some(stage.id),
        name: stage.name.clone(),
        kind: stage.kind,
        probability: stage.probability,
        rot_days: stage.rot_days,
    };
    PipelineInput { id: None, name: pipeline.name.clone(), stages: pipeline.stages.iter().map(stage).collect(), version: pipeline.version }
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
