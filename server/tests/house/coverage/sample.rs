//! Samples of what a door asks for, made from the OpenAPI document's own schemas: every required field has a value that
//! can be read, ids are those of known records.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What is known by name: ids of records above all.
pub type Names = BTreeMap<&'static str, Value>;

/// The OpenAPI document, and the records whose ids its samples use.
pub struct Sampler<'a> {
    pub document: &'a Value,
    pub names: &'a Names,
}

impl Sampler<'_> {
    /// A sample of a schema of the document.
    pub fn named(&self, schema: &str) -> Value {
        let found = &self.document["components"]["schemas"][schema];
        assert!(found.is_object(), "the document has no schema {schema}");
        self.of(found, "")
    }

    /// A sample of a schema, for a field of that name.
    pub fn of(&self, schema: &Value, field: &str) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            return self.of(&self.document["components"]["schemas"][name], field);
        }
        for several in ["oneOf", "anyOf", "allOf"] {
            if let Some(one) = schema[several].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
                return self.of(one, field);
            }
        }
        if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
            return first.clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")),
            kind => kind.as_str(),
        };
        match kind {
            Some("string") => self.text(schema["format"].as_str().unwrap_or_default(), field),
            Some("integer" | "number") => schema["minimum"].as_i64().unwrap_or(1).max(1).into(),
            Some("boolean") => true.into(),
            Some("array") => json!([]),
            _ => self.object(schema),
        }
    }

    fn object(&self, schema: &Value) -> Value {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        // A change names the version it has seen, which nothing before it has raised.
        let version = schema["properties"]["version"].is_object().then_some("version");
        let fields = required.iter().filter_map(Value::as_str).chain(version);
        Value::Object(fields.map(|field| (field.to_owned(), self.of(&schema["properties"][field], field))).collect::<Map<_, _>>())
    }

    /// Ends come after starts.
    fn text(&self, format: &str, field: &str) -> Value {
        let late = field.starts_with("to") || field.starts_with("end");
        match format {
            "uuid" => self.names.get(field.trim_end_matches("_id")).cloned().unwrap_or_else(|| json!(uuid::Uuid::now_v7())),
            "date" if late => "2026-11-27".into(),
            "date" => "2026-11-26".into(),
            "date-time" if late => "2026-11-26T15:00:00Z".into(),
            "date-time" => "2026-11-26T14:00:00Z".into(),
            "email" => "example@lipowa.example".into(),
            // Of a list: one that every organization has.
            _ if field == "type" => "person".into(),
            // A list of ids in a text: of one.
            _ if field == "ids" => json!(uuid::Uuid::now_v7()),
            _ => "Example".into(),
        }
    }

    /// Puts records and samples where their names stand.
    pub fn fill(&self, template: &Value) -> Value {
        match template {
            Value::String(text) => match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                // A text that is JSON itself.
                Some(name) if name.contains(['"', '{']) => template.clone(),
                Some(name) => match name.strip_prefix('=') {
                    Some(schema) => self.named(schema),
                    None => self.names.get(name).unwrap_or_else(|| panic!("there is no record {name}")).clone(),
                },
                None => template.clone(),
            },
            Value::Array(all) => all.iter().map(|one| self.fill(one)).collect(),
            Value::Object(fields) => Value::Object(fields.iter().map(|(name, value)| (name.clone(), self.fill(value))).collect()),
            _ => template.clone(),
        }
    }
}
