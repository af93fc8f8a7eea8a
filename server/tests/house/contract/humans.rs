//! Two records that are one human become one and are taken apart again; what is no human is not merged, and says so.

use http::StatusCode;
use serde_json::json;

use super::kit::{Kit, Made, Type, held};

pub async fn merging(kit: &Kit, of: &Type) {
    let (winner, loser) = (kit.made(of, &kit.word()).await, kit.made(of, &kit.word()).await);
    let pair = json!({ "winner": winner.id, "loser": loser.id });
    if let Some(reason) = of.lacks("merge") {
        assert_eq!(reason, "no_human");
        let (status, answer) = kit.sends(&kit.world.anna, "POST", "/merges/preview", Some(&pair)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{answer}");
        return;
    }
    // What the one lacks it gets from the other.
    kit.change(of, winner.id, &json!({ "kit_text": null })).await;
    let note = json!({ "text": "Of the one that is taken in" });
    kit.asks("POST", &format!("/records/{}/notes", loser.id), Some(&note)).await;
    let before = [kit.read(of, winner.id).await, kit.read(of, loser.id).await];
    let preview = kit.writes(of, "POST", "/merges/preview", Some(&pair)).await;
    assert_eq!(preview["vetoes"], json!([]));

    let input = json!({ "winner": winner.id, "loser": loser.id, "winner_version": preview["winner_version"],
        "loser_version": preview["loser_version"] });
    let merge = kit.writes(of, "POST", "/merges", Some(&input)).await;
    let led = kit.reads(of, "GET", &format!("/records/{}", loser.id), None).await;
    assert_eq!(led["id"], json!(winner.id), "the old id leads on");
    assert_eq!(kit.sends(&kit.world.anna, "GET", &format!("/objects/{}/{}", of.key, loser.id), None).await.0, StatusCode::NOT_FOUND);
    let merged = kit.read(of, winner.id).await;
    assert_eq!(merged["values"]["kit_text"], loser.values["kit_text"]);
    assert_eq!(merged["values"]["kit_code"], json!(winner.code), "what it had it keeps");
    assert!(noted(kit, &winner).await, "notes come along");

    let back = format!("/merges/{}/undo", merge["id"].as_str().expect("an id"));
    kit.writes(of, "POST", &back, None).await;
    let after = [kit.read(of, winner.id).await, kit.read(of, loser.id).await];
    assert_eq!(after.each_ref().map(held), before.each_ref().map(held), "both are as they were");
    assert!(noted(kit, &loser).await && !noted(kit, &winner).await, "the note is back where it was");
}

async fn noted(kit: &Kit, made: &Made) -> bool {
    let notes = kit.asks("GET", &format!("/records/{}/notes", made.id), None).await;
    !notes["items"].as_array().expect("notes").is_empty()
}
