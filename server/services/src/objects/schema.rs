//! Types of record as JSON Schema (2020-12), out and in. What the standard cannot say stands in words that begin with `x-`,
//! so that what was written out is read in as the same type; a plain schema of somebody else's is read by its own words.

use serde_json::{Map, Value as Json, json};

use super::{ObjectDetails, Status};
use crate::{
    fields::{Field, FieldDetails, MOST_FIELDS, NewField, Shape},
    records::{Choice, FieldInfo, Kind, TypeInfo},
};

/// How long a schema may be, in bytes.
const LONGEST: usize = 256 * 1024;

/// A type as a schema of its `values`.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
pub(super) fn written(info: &TypeInfo, fields: &[FieldInfo], own: &[Field], details: Option<&ObjectDetails>) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        let mut property = of_kind(&field.kind);
        property.insert("title".into(), json!(field.label));
        property.insert("x-kind".into(), json!(field.kind.word()));
        if !field.help.is_empty() {
            property.insert("description".into(), json!(field.help));
        }
        if field.computed {
            property.insert("readOnly".into(), json!(true));
        }
        if let Some(known) = own.iter().find(|known| Some(known.id) == field.custom) {
            rules(&mut property, known);
        }
        if field.required {
            required.push(json!(field.key));
        }
        properties.insert(field.key.clone(), Json::Object(property));
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("atrium:{}", info.key),
        "title": info.name,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if let (Some(details), Some(schema)) = (details, schema.as_object_mut()) {
        schema.insert("description".into(), json!(details.description));
        schema.insert("x-plural".into(), json!(details.plural));
        schema.insert("x-icon".into(), json!(details.icon));
        schema.insert("x-statuses".into(), json!(details.statuses));
        if let Some(title) = &details.title {
            schema.insert("x-title".into(), json!(title));
        }
    }
    schema
}

fn of_kind(kind: &Kind) -> Map<String, Json> {
    let words = |choices: &[Choice]| choices.iter().map(|choice| json!(choice.key)).collect::<Vec<_>>();
    let number = "^-?[0-9]{1,18}([.][0-9]{1,10})?$";
    let schema = match kind {
        Kind::Text | Kind::Phone => json!({ "type": "string", "maxLength": 500 }),
        Kind::LongText => json!({ "type": "string", "maxLength": 20_000 }),
        Kind::Number | Kind::Percent => json!({ "type": ["string", "number"], "pattern": number }),
        Kind::Money => json!({
            "type": "object", "required": ["amount"], "additionalProperties": false,
            "properties": { "amount": { "type": ["string", "number"] }, "currency": { "type": "string", "pattern": "^[A-Z]{3}$" } },
        }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::DateTime => json!({ "type": "string", "format": "date-time" }),
        Kind::Choice(choices) => json!({ "type": "string", "enum": words(choices), "x-choices": choices }),
        Kind::MultiChoice(choices) => {
            json!({ "type": "array", "uniqueItems": true, "items": { "type": "string", "enum": words(choices) }, "x-choices": choices })
        }
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Email => json!({ "type": "string", "format": "email", "maxLength": 254 }),
        Kind::Url => json!({ "type": "string", "format": "uri", "maxLength": 500 }),
        Kind::Reference(target) => json!({ "type": "string", "format": "uuid", "x-reference": target }),
    };
    match schema {
        Json::Object(schema) => schema,
        _ => Map::new(),
    }
}

fn rules(property: &mut Map<String, Json>, field: &Field) {
    let details = &field.details;
    let mut put = |key: &str, value: Json| property.insert(key.into(), value);
    match &details.shape {
        Shape::Formula(formula) => {
            put("x-formula", json!(formula));
        }
        Shape::RollUp(up) => {
            put("x-roll-up", json!(up));
        }
        Shape::Stored(Kind::Text | Kind::LongText) => {
            for (key, bound) in [("minLength", &details.least), ("maxLength", &details.most)] {
                if let Some(bound) = bound.as_deref().and_then(|text| text.parse::<u32>().ok()) {
                    put(key, json!(bound));
                }
            }
        }
        Shape::Stored(_) => {
            for (key, bound) in [("x-least", &details.least), ("x-most", &details.most)] {
                if let Some(bound) = bound {
                    put(key, json!(bound));
                }
            }
        }
    }
    if let Some(pattern) = &details.pattern {
        put("pattern", json!(pattern));
    }
    if let Some(default) = &details.default {
        put("default", json!(default));
    }
    if details.unique {
        put("x-unique", json!(true));
    }
    if !details.section.is_empty() {
        put("x-section", json!(details.section));
    }
}

/// Where, by which code and why a schema is none of a type.
type Fault = (String, &'static str, String);

/// Reads a schema as a type and its fields.
///
/// # Errors
/// Where and why it cannot be one.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
pub(super) fn read(key: &str, text: &str) -> Result<(ObjectDetails, Vec<NewField>), Fault> {
    let whole = |code, message: &str| ("schema".to_owned(), code, message.to_owned());
    if text.len() > LONGEST {
        return Err(whole("too_long", "A schema has at most 256 kB."));
    }
    let schema: Json = serde_json::from_str(text).map_err(|error| whole("json", &format!("This is not JSON: {error}.")))?;
    let properties = schema.get("properties").and_then(Json::as_object);
    let properties = properties.ok_or_else(|| whole("properties", "The schema of an object with properties is needed."))?;
    if properties.len() > MOST_FIELDS {
        return Err(whole("limit", "A type has at most 200 fields."));
    }
    let said = |key: &str| schema.get(key).and_then(Json::as_str).map(str::to_owned);
    let name = said("title").unwrap_or_else(|| crate::records::sentence(key));
    let statuses: Vec<Status> = match schema.get("x-statuses") {
        Some(statuses) => serde_json::from_value(statuses.clone()).map_err(|_| whole("statuses", "The statuses cannot be read."))?,
        None => Vec::new(),
    };
    let details = ObjectDetails {
        plural: said("x-plural").unwrap_or_else(|| name.clone()),
        name,
        icon: said("x-icon").unwrap_or_default(),
        description: said("description").unwrap_or_default(),
        statuses,
        title: said("x-title"),
        read_roles: Vec::new(),
        write_roles: Vec::new(),
    };
    let required: Vec<&str> = schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
    let mut fields = Vec::new();
    for (place, (name, property)) in properties.iter().enumerate() {
        // What every type of record has by itself.
        if matches!(name.as_str(), "title" | "status" | "created_at" | "updated_at" | "id") && property.get("x-kind").is_some() {
            continue;
        }
        let details = property_of(name, property, required.contains(&name.as_str()), place)?;
        fields.push(NewField { id: None, entity_type: ["object:", key].concat(), key: name.clone(), details });
    }
    // What is computed reads what is stored, so that it comes after it.
    fields.sort_by_key(|field| match field.details.shape {
        Shape::Stored(_) => 0,
        Shape::RollUp(_) => 1,
        Shape::Formula(_) => 2,
    });
    Ok((details, fields))
}

fn property_of(name: &str, property: &Json, required: bool, place: usize) -> Result<FieldDetails, Fault> {
    let at = |code, message: &str| (format!("properties.{name}"), code, message.to_owned());
    let said = |key: &str| property.get(key).and_then(Json::as_str);
    let bound = |key: &str| match property.get(key) {
        Some(Json::String(text)) => Some(text.clone()),
        Some(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let shape = if let Some(formula) = said("x-formula") {
        Shape::Formula(formula.into())
    } else if let Some(up) = property.get("x-roll-up") {
        Shape::RollUp(serde_json::from_value(up.clone()).map_err(|_| at("roll_up", "The roll-up cannot be read."))?)
    } else {
        Shape::Stored(kind_of(property).ok_or_else(|| at("kind", "There is no kind of field for this."))?)
    };
    let (texts, computed) = (matches!(shape, Shape::Stored(Kind::Text | Kind::LongText)), !matches!(shape, Shape::Stored(_)));
    let numbers = matches!(shape, Shape::Stored(Kind::Number | Kind::Percent | Kind::Money));
    let patterned = matches!(shape, Shape::Stored(Kind::Text | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url));
    let limit = |texts_key: &str, numbers_key: &str, own: &str, common: &str| match () {
        () if texts => bound(texts_key).filter(|text| text != common),
        () if numbers => bound(own).or_else(|| bound(numbers_key)),
        () => bound(own),
    };
    let common = if matches!(shape, Shape::Stored(Kind::LongText)) { "20000" } else { "500" };
    Ok(FieldDetails {
        label: said("title").map_or_else(|| crate::records::sentence(name), str::to_owned),
        required: required && !computed,
        unique: property.get("x-unique") == Some(&json!(true)),
        default: bound("default").or_else(|| property.get("default").and_then(Json::as_bool).map(|yes| yes.to_string())),
        pattern: said("pattern").filter(|_| patterned).map(str::to_owned),
        least: limit("minLength", "minimum", "x-least", ""),
        most: limit("maxLength", "maximum", "x-most", common),
        section: said("x-section").unwrap_or_default().into(),
        help: said("description").unwrap_or_default().chars().take(500).collect(),
        sort: i32::try_from(place).unwrap_or(0) * 10,
        visible_roles: Vec::new(),
        editable_roles: Vec::new(),
        shape,
    })
}

fn kind_of(property: &Json) -> Option<Kind> {
    let said = |key: &str| property.get(key).and_then(Json::as_str);
    let choices = |holder: &Json| -> Option<Vec<Choice>> {
        if let Some(choices) = property.get("x-choices") {
            return serde_json::from_value(choices.clone()).ok();
        }
        let words = holder.get("enum")?.as_array()?;
        words.iter().map(|word| word.as_str().map(choice)).collect()
    };
    match said("x-kind") {
        Some("long_text") => return Some(Kind::LongText),
        Some("percent") => return Some(Kind::Percent),
        Some("number") => return Some(Kind::Number),
        Some("money") => return Some(Kind::Money),
        Some("phone") => return Some(Kind::Phone),
        _ => {}
    }
    // `["string", "null"]` is a text that may be empty, which every field may.
    let word = match property.get("type") {
        Some(Json::Array(words)) => words.iter().filter_map(Json::as_str).find(|word| *word != "null"),
        Some(Json::String(word)) => Some(word.as_str()),
        _ => None,
    };
    match word {
        Some("boolean") => Some(Kind::Boolean),
        Some("number" | "integer") => Some(Kind::Number),
        Some("array") => Some(Kind::MultiChoice(choices(property.get("items")?)?)),
        Some("string") | None if property.get("enum").is_some() => Some(Kind::Choice(choices(property)?)),
        Some("string") => Some(match (said("format"), said("x-reference")) {
            (_, Some(target)) => Kind::Reference(target.into()),
            (Some("date"), _) => Kind::Date,
            (Some("date-time"), _) => Kind::DateTime,
            (Some("email"), _) => Kind::Email,
            (Some("uri" | "url"), _) => Kind::Url,
            _ if property.get("maxLength").and_then(Json::as_u64).is_some_and(|most| most > 500) => Kind::LongText,
            _ => Kind::Text,
        }),
        _ => None,
    }
}

/// A word of somebody else's as a choice: its key is made of what is plain in it.
fn choice(word: &str) -> Choice {
    let plain: String = word.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    Choice { key: plain.chars().take(60).collect(), label: word.chars().take(100).collect(), hue: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_schema_is_read_by_its_own_words() {
        let schema = json!({
            "title": "Device", "type": "object", "required": ["serial"],
            "properties": {
                "serial": { "type": "string", "minLength": 3, "pattern": "[A-Z]+" },
                "bought": { "type": "string", "format": "date" },
                "state": { "enum": ["New", "In use"] },
                "price": { "type": "number", "minimum": 0 },
                "tags": { "type": "array", "items": { "enum": ["a", "b"] } },
                "double": { "x-formula": "price * 2" },
            },
        });
        let (details, fields) = read("device", &schema.to_string()).expect("a type");
        assert_eq!((details.name.as_str(), details.plural.as_str()), ("Device", "Device"));
        let kinds: Vec<(&str, &str)> = fields
            .iter()
            .map(|field| (field.key.as_str(), if let Shape::Stored(kind) = &field.details.shape { kind.word() } else { "formula" }))
            .collect();
        assert_eq!(kinds.len(), 6);
        for expected in [
            ("serial", "text"),
            ("bought", "date"),
            ("state", "choice"),
            ("price", "number"),
            ("tags", "multi_choice"),
            ("double", "formula"),
        ] {
            assert!(kinds.contains(&expected), "{expected:?} in {kinds:?}");
        }
        assert_eq!(kinds.last().map(|(key, _)| *key), Some("double"), "what is computed comes last");
        let serial = &fields.iter().find(|field| field.key == "serial").expect("there").details;
        assert_eq!((serial.required, serial.least.as_deref(), serial.pattern.as_deref()), (true, Some("3"), Some("[A-Z]+")));
    }

    #[test]
    fn what_has_no_kind_is_refused_at_its_place() {
        let schema = json!({ "properties": { "inner": { "type": "object", "properties": {} } } });
        assert_eq!(read("device", &schema.to_string()).expect_err("nested").0, "properties.inner");
        assert_eq!(read("device", "[").expect_err("no JSON").1, "json");
        assert_eq!(read("device", "{}").expect_err("no object").1, "properties");
    }
}
