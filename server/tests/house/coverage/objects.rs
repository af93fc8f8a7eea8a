//! The doors to fields that an organization adds and to records of whichever type. Fields are added to persons; the
//! organization's own type is `thing`.

use platform::id::{EntityId, FieldId};
use serde_json::json;
use services::{
    core::{FIELDS_WRITE, OBJECTS_READ, OBJECTS_WRITE},
    fields::{FieldChange, FieldsInput, FormulaAsked, NewField},
    imports::{ImportStep, LineOutcome, NewRecordImport, RecordImportChange},
    objects::{ImportObject, NewObject, ObjectChange, RecordInput, RecordQuery},
};

use super::{
    functions::{function, plain},
    policy::{
        Line,
        Policy::{Member, Right},
        route,
    },
};

/// `Name` and below it `Anna Nowak`, in base64.
pub const TABLE: &str = "TmFtZQpBbm5hIE5vd2FrCg==";

/// The REST routes.
pub fn routes() -> Vec<Line> {
    let (read, write, define) = (Right(OBJECTS_READ), Right(OBJECTS_WRITE), Right(FIELDS_WRITE));
    let details = json!({ "label": "Colour", "shape": { "stored": "text" } });
    let number = json!({ "label": "Colour", "shape": { "stored": "number" } });
    let things = json!({ "name": "Thing", "plural": "Things" });
    let schema = json!({ "properties": { "name": { "type": "string" } } }).to_string();
    vec![
        route("GET", "/record-types", Member),
        route("GET", "/record-types/{type}/fields", read).of("record_type"),
        route("GET", "/record-types/{type}/schema", read).of("record_type"),
        route("GET", "/fields", define),
        route("POST", "/fields", define).with(json!({ "entity_type": "person", "key": "colour", "details": details })),
        route("POST", "/fields/formula", define).with(json!({ "entity_type": "person", "formula": "1 + 1" })),
        route("GET", "/fields/{id}", define).of("field"),
        route("PUT", "/fields/{id}", define).of("field").with(json!({ "details": details })),
        route("POST", "/fields/{id}/convert", define).of("field").with(json!({ "details": number })),
        route("POST", "/fields/{id}/retire", define).of("field"),
        route("POST", "/fields/{id}/restore", define).of("field"),
        route("GET", "/field-jobs", define),
        route("GET", "/field-jobs/{id}", define).of("field_job"),
        route("GET", "/object-types", define),
        route("POST", "/object-types", define).with(json!({ "key": "other_thing", "details": things })),
        route("POST", "/object-types/import", define).with(json!({ "key": "third_thing", "schema": schema })),
        route("PUT", "/object-types/{key}", define).of("object_key").with(json!({ "details": things })),
        route("POST", "/object-types/{key}/retire", define).of("object_key"),
        route("POST", "/object-types/{key}/restore", define).of("object_key"),
        route("GET", "/objects/{type}", read).of("record_type"),
        route("POST", "/objects/{type}", write).of("object_type").with(json!({ "values": {} })),
        route("GET", "/objects/{type}/board", read).of("record_type"),
        route("GET", "/objects/{type}/{id}", read).of("record_type person"),
        route("PUT", "/objects/{type}/{id}", write).of("object_type record").with(json!({ "values": {} })),
        route("DELETE", "/objects/{type}/{id}", write).of("object_type record"),
        route("POST", "/objects/{type}/{id}/restore", write).of("object_type record"),
        route("GET", "/objects/{type}/{id}/actions", read).of("record_type person"),
        route("GET", "/objects/{type}/{id}/links", read).of("record_type person"),
        route("GET", "/imports", write),
        route("POST", "/imports", write).with(json!({ "entity_type": "person", "file_name": "people.csv", "file": TABLE })),
        route("GET", "/imports/{id}", write).of("import"),
        route("PUT", "/imports/{id}", write).of("import").with(json!({ "targets": ["+name"], "settings": {} })),
        route("POST", "/imports/{id}/try", write).of("import"),
        route("POST", "/imports/{id}/run", write).of("import"),
        route("POST", "/imports/{id}/undo", write).of("import"),
        route("GET", "/imports/{id}/lines", write).of("import"),
        route("GET", "/imports/{id}/refusals", write).of("import"),
    ]
}

/// The server functions.
pub fn functions() -> Vec<Line> {
    let (read, write, define) = (Right(OBJECTS_READ), Right(OBJECTS_WRITE), Right(FIELDS_WRITE));
    let details = json!({ "label": "Colour", "shape": { "stored": "text" } });
    let things = json!({ "name": "Thing", "plural": "Things" });
    let schema = json!({ "properties": { "name": { "type": "string" } } }).to_string();
    let input = json!({ "id": null, "version": 1, "values": {}, "emptied": [] });
    vec![
        function::<(String,)>("fields/page", define, json!(["person"])),
        function::<(NewField,)>("fields/add", define, json!([{ "entity_type": "person", "key": "shade", "details": details }])),
        function::<(FieldId, FieldChange, bool)>("fields/change", define, json!(["{field}", { "version": 1, "details": details }, false])),
        function::<(FieldId, i32, bool)>("fields/retire", define, json!(["{field}", 1, false])),
        function::<(FormulaAsked,)>("fields/formula", define, json!([{ "entity_type": "person", "formula": "1 + 1" }])),
        function::<(String, EntityId)>("fields/record", read, json!(["person", "{person}"])),
        function::<(String, EntityId, FieldsInput)>(
            "fields/record/save",
            write,
            json!(["person", "{person}", { "version": 1, "values": {}, "emptied": [] }]),
        ),
        function::<(String, String)>("fields/pick", read, json!(["person", "Nowak"])),
        function::<(NewObject,)>("objects/types/add", define, json!([{ "key": "fourth_thing", "details": things }])),
        function::<(ImportObject,)>("objects/types/import", define, json!([{ "key": "fifth_thing", "schema": schema }])),
        function::<(String, ObjectChange)>("objects/types/change", define, json!(["thing", { "version": 1, "details": things }])),
        function::<(String, i32, bool)>("objects/types/retire", define, json!(["thing", 1, false])),
        plain("objects/types", Member),
        function::<(String, RecordQuery, Option<String>)>(
            "objects/list",
            read,
            json!(["person", { "q": "", "by": null, "word": null }, null]),
        ),
        function::<(String, Option<String>, String)>("objects/board", read, json!(["person", null, ""])),
        function::<(String, EntityId)>("objects/record", read, json!(["person", "{person}"])),
        function::<(String,)>("objects/form", write, json!(["object:thing"])),
        function::<(String, Option<EntityId>, RecordInput)>("objects/save", write, json!(["object:thing", "{record}", input])),
        function::<(String, EntityId, i32, bool)>("objects/delete", write, json!(["object:thing", "{record}", 1, false])),
        function::<(String,)>("imports/list", write, json!(["person"])),
        function::<(NewRecordImport,)>(
            "imports/begin",
            write,
            json!([{ "id": null, "entity_type": "person", "file_name": "people.csv", "file": TABLE, "encoding": null }]),
        ),
        function::<(EntityId,)>("imports/page", write, json!(["{import}"])),
        function::<(EntityId,)>("imports/look", write, json!(["{import}"])),
        function::<(EntityId, RecordImportChange)>(
            "imports/change",
            write,
            json!(["{import}", { "version": 1, "targets": ["+name"], "settings": {} }]),
        ),
        function::<(EntityId, i32, ImportStep)>("imports/step", write, json!(["{import}", 1, "try"])),
        function::<(EntityId, LineOutcome, Option<String>)>("imports/lines", write, json!(["{import}", "made", null])),
        function::<(EntityId, LineOutcome, Vec<String>, Vec<(String, String)>)>(
            "imports/refusals",
            write,
            json!(["{import}", "refused", [], []]),
        ),
    ]
}
