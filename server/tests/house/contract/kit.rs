//! The server that is asked, who asks, and records to ask about.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use http::StatusCode;
use platform::{id::EntityId, permission};
use serde_json::{Map, Value, json};
use server::modules::MODULES;

use super::samples::{self, Habit};
use crate::coverage::{scope::asked, world::World};

/// The role that reads everything and writes nothing.
const READER: &str = "reader";
/// The role that may do everything but see the type that is tried.
const BLIND: &str = "blind";
/// The organization's own type that is made here.
pub const OWN: &str = "object:kit";
/// The added field that no two records have the same of, and by which they are found.
pub const CODE: &str = "kit_code";

/// A type of record as the server tells of it.
pub struct Type {
    pub key: String,
    /// Whether an organization has made it.
    pub flexible: bool,
    /// What is not possible with its records, and why.
    pub lacks: BTreeMap<String, String>,
    /// Its fields, declared and added.
    pub fields: Vec<Value>,
}

impl Type {
    /// Why something is not possible, if it is not.
    pub fn lacks(&self, ability: &str) -> Option<&str> {
        self.lacks.get(ability).map(String::as_str)
    }

    /// Fields that are written; of a choice without words there is nothing to write.
    pub fn written(&self) -> impl Iterator<Item = &Value> {
        let written = |field: &&Value| field["editable"] == true && field["computed"] == false;
        self.fields.iter().filter(written).filter(|field| field["kind"]["choice"] != json!([]))
    }

    /// The field that every record needs and that takes any text, if it is its module's.
    pub fn named_by(&self) -> Option<&str> {
        let declared = self.written().filter(|field| field["custom"].is_null() && field["required"] == true);
        declared.filter(|field| field["kind"] == "text").find_map(|field| field["key"].as_str())
    }

    /// The right to see it, as its module has registered it.
    fn right(&self) -> Option<&'static str> {
        MODULES.iter().find_map(|module| module.entity_type(&self.key)).map(|kind| kind.read.0)
    }
}

/// A record that was made.
#[derive(Clone)]
pub struct Made {
    pub id: EntityId,
    pub code: String,
    /// What its fields hold.
    pub values: Map<String, Value>,
}

pub struct Kit {
    pub world: World,
    pub types: Vec<Type>,
    /// Who may only read.
    pub reader: String,
    /// Who may do everything but see the type that is tried.
    pub blind: String,
    /// A record of each type to which references lead.
    targets: BTreeMap<String, Value>,
    count: AtomicU32,
}

impl Kit {
    pub async fn new() -> Kit {
        let world = World::new().await;
        world.cast(READER, world.clinic.marek.user).await;
        world.cast(BLIND, world.clinic.ewa.user).await;
        let rights: Vec<&str> =
            permission::all(&MODULES).into_iter().map(|right| right.0).filter(|right| right.ends_with(":read")).collect();
        world.grant(READER, &rights).await;
        let (reader, blind) = (world.sign_in("marek@lipowa.example").await, world.sign_in("ewa@lipowa.example").await);
        let mut kit = Kit { world, types: Vec::new(), reader, blind, targets: BTreeMap::new(), count: AtomicU32::new(0) };
        kit.make_types().await;
        kit.learn_types().await;
        for place in 0..kit.types.len() {
            let of = &kit.types[place];
            let values = kit.needed(of);
            let path = format!("/objects/{}", of.key);
            let id = kit.asks("POST", &path, Some(&json!({ "values": values }))).await["id"].clone();
            let key = of.key.clone();
            kit.targets.insert(key, id);
        }
        for of in &kit.types {
            kit.add_fields(of).await;
        }
        kit.learn_types().await;
        kit
    }

    /// A type made here, and all others of the organization's own as they are: seen by some roles only.
    async fn make_types(&self) {
        let statuses = json!([{ "key": "fresh", "label": "Świeże" }, { "key": "over", "label": "Po wszystkim", "closed": true }]);
        let details = json!({ "name": "Kit", "plural": "Kits", "statuses": statuses });
        self.asks("POST", "/object-types", Some(&json!({ "key": "kit", "details": details }))).await;
        for of in self.asks("GET", "/object-types", None).await.as_array().expect("types") {
            let mut details = of["details"].clone();
            details["read_roles"] = json!([READER]);
            let key = of["key"].as_str().expect("a key");
            self.asks("PUT", &format!("/object-types/{key}"), Some(&json!({ "version": of["version"], "details": details }))).await;
        }
    }

    async fn learn_types(&mut self) {
        let mut types = Vec::new();
        for of in self.asks("GET", "/record-types", None).await.as_array().expect("types") {
            let key = of["key"].as_str().expect("a key").to_owned();
            let fields = self.asks("GET", &format!("/record-types/{key}/fields"), None).await;
            let lack = |lack: &Value| Some((lack["ability"].as_str()?.to_owned(), lack["reason"].as_str()?.to_owned()));
            types.push(Type {
                flexible: of["flexible"] == true,
                lacks: of["lacks"].as_array().expect("what it lacks").iter().filter_map(lack).collect(),
                fields: fields.as_array().expect("fields").clone(),
                key,
            });
        }
        assert!(types.iter().any(|of| of.key == OWN) && types.iter().filter(|of| !of.flexible).count() >= 5, "the types are found");
        self.types = types;
    }

    /// A field of every kind, one that is unique, one that is computed, one that counts what points here, and what points here.
    async fn add_fields(&self, of: &Type) {
        let field = async |of: &str, key: &str, place: usize, more: Value| {
            let mut details = json!({ "label": key.replace('_', " "), "sort": place });
            details.as_object_mut().expect("details").extend(more.as_object().expect("details").clone());
            self.asks("POST", "/fields", Some(&json!({ "entity_type": of, "key": key, "details": details }))).await;
        };
        field(&of.key, CODE, 1, json!({ "shape": { "stored": "text" }, "unique": true })).await;
        for (place, word) in samples::kinds(&self.world.document).iter().enumerate() {
            let shape = json!({ "stored": samples::kind(word, OWN) });
            field(&of.key, &format!("kit_{word}"), 10 + place, json!({ "shape": shape })).await;
        }
        field(&of.key, "kit_double", 50, json!({ "shape": { "formula": "kit_number * 2" } })).await;
        let (pointing, points) = (pointing(of), json!({ "stored": { "reference": of.key } }));
        field(OWN, &pointing, 60, json!({ "shape": points })).await;
        let counted = json!({ "source": OWN, "via": pointing, "how": "count" });
        field(&of.key, "kit_count", 70, json!({ "shape": { "roll_up": counted } })).await;
    }

    /// From now on the blind see everything but this type. Types of the organization's own are hidden from their role for good.
    pub async fn hide(&self, of: &Type) {
        let rights: Vec<&str> =
            permission::all(&MODULES).into_iter().map(|right| right.0).filter(|right| Some(*right) != of.right()).collect();
        self.world.grant(BLIND, &rights).await;
    }

    pub fn number(&self) -> u32 {
        self.count.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A word that is like no other, so that a search finds by it what was called so and nothing else.
    pub fn word(&self) -> String {
        let mut seed = u64::from(self.number()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut next = |letters: &[u8]| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = usize::try_from((seed >> 33) % letters.len() as u64).expect("a place");
            char::from(letters[place])
        };
        let letters: [&[u8]; 2] = [b"bcdfghjklmnprstvwxz", b"aeiouy"];
        let word: String = (0..12).map(|place| next(letters[place % 2])).collect();
        word[..1].to_uppercase() + &word[1..]
    }

    /// What a record of a type cannot be without, and by what it is told from all others.
    pub fn needed(&self, of: &Type) -> Map<String, Value> {
        let mut values = self.values_of(of, &self.word(), self.number(), false);
        values.retain(|key, _| key == CODE || of.fields.iter().any(|field| field["key"] == *key && field["required"] == true));
        values
    }

    /// A value of every field that is written, the declared ones and those that were added.
    fn values_of(&self, of: &Type, word: &str, number: u32, second: bool) -> Map<String, Value> {
        self.samples_of(of, word, number, second).into_iter().map(|(key, sample)| (key, sample.value)).collect()
    }

    /// The same with what stands in a file.
    pub fn samples_of(&self, of: &Type, word: &str, number: u32, second: bool) -> Vec<(String, samples::Sample)> {
        let target =
            |of: &str| self.targets.get(of).cloned().unwrap_or_else(|| panic!("a reference leads to {of}, of which there is no list"));
        let habit = Habit { number, second, target: &target };
        let text = |text: String| samples::Sample { value: json!(text), cell: text };
        let known =
            |kind: &Value| samples::word(kind) != "reference" || self.targets.contains_key(kind["reference"].as_str().expect("a type"));
        let sample = |field: &Value| {
            let (key, kind) = (field["key"].as_str().expect("a key").to_owned(), &field["kind"]);
            let sample = match samples::of_form(&key, number).filter(|_| field["custom"].is_null()) {
                Some(form) => text(form),
                None if key == CODE => text(code(word, number)),
                None if field["required"] == true && kind == "text" => text(format!("{word} {}", letters(number))),
                None => samples::sample(kind, &habit),
            };
            (key, sample)
        };
        // What points from the kit's own type to others is set where it is tried.
        let wanted = |field: &&Value| !field["key"].as_str().is_some_and(|key| key.starts_with("to_"));
        of.written().filter(wanted).filter(|field| field["required"] == true || known(&field["kind"])).map(sample).collect()
    }

    /// Makes a record with a value in every field.
    pub async fn made(&self, of: &Type, word: &str) -> Made {
        let number = self.number();
        let body = json!({ "values": self.values_of(of, word, number, false) });
        let made = self.asks("POST", &format!("/objects/{}", of.key), Some(&body)).await;
        let id = made["id"].as_str().expect("an id").parse().expect("an id");
        Made { id, code: code(word, number), values: made["values"].as_object().expect("values").clone() }
    }

    /// The added fields with the second of the two values that there are of each kind.
    pub fn others(&self, of: &Type) -> Map<String, Value> {
        let mut values = self.values_of(of, "", self.number(), true);
        values.retain(|key, _| key.starts_with("kit_") && key != CODE && key != "kit_reference");
        values
    }

    /// The record as it is now.
    pub async fn read(&self, of: &Type, id: EntityId) -> Value {
        self.asks("GET", &format!("/objects/{}/{id}", of.key), None).await
    }

    /// Changes what is named of a record, from the version that it has now.
    pub async fn change(&self, of: &Type, id: EntityId, values: &Value) -> Value {
        let version = self.read(of, id).await["version"].clone();
        self.asks("PUT", &format!("/objects/{}/{id}", of.key), Some(&json!({ "version": version, "values": values }))).await
    }

    /// Asks as the clinic's owner, who may everything.
    pub async fn asks(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        asked(&self.world, &self.world.anna, method, path, body).await
    }

    pub async fn sends(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        self.world.send(method, &format!("/api/v1{path}"), Some(token), body).await
    }

    /// As [`Kit::asks`] at a door that only reads, which is shut before others.
    pub async fn reads(&self, of: &Type, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.is_shut(of, method, path, body).await;
        self.asks(method, path, body).await
    }

    /// As [`Kit::asks`] at a door that writes, which is shut before others, also before who may only read.
    pub async fn writes(&self, of: &Type, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.is_shut(of, method, path, body).await;
        let (status, answer) = self.sends(&self.reader, method, path, body).await;
        assert_eq!((status, answer["code"].as_str()), (StatusCode::FORBIDDEN, Some("denied")), "who only reads: {method} {path}: {answer}");
        self.asks(method, path, body).await
    }

    /// To another tenant, and to whom the type is hidden, there is nothing behind the door.
    async fn is_shut(&self, of: &Type, method: &str, path: &str, body: Option<&Value>) {
        let in_path = path.split(['/', '?', '=', '&']).any(is_id);
        let in_body = body.is_some_and(|body| body.to_string().split('"').any(is_id));
        // The fields of one organization's own are none of another's, which may be told before the record is looked for.
        let no_field = |answer: &Value| answer["errors"].as_array().is_some_and(|all| all.iter().all(|error| error["code"] == "unknown"));
        let absent = |status: StatusCode, answer: &Value| match in_path {
            true => status == StatusCode::NOT_FOUND || status == StatusCode::UNPROCESSABLE_ENTITY && no_field(answer),
            // What is named beside other things may be told as a field at fault.
            false => [404, 409, 422].contains(&status.as_u16()),
        };
        if in_path || in_body || of.flexible {
            let (status, answer) = self.sends(&self.world.sam, method, path, body).await;
            assert!(absent(status, &answer), "another tenant: {method} {path}: {status} {answer}");
        }
        let (status, answer) = self.sends(&self.blind, method, path, body).await;
        let lacking = || of.right().is_some_and(|right| answer["detail"].to_string().contains(right));
        assert!(
            absent(status, &answer) || status == StatusCode::FORBIDDEN && lacking(),
            "to whom it is hidden: {method} {path}: {status} {answer}"
        );
    }
}

fn is_id(text: &str) -> bool {
    text.parse::<uuid::Uuid>().is_ok()
}

/// What a record holds, but for when it was last written.
pub fn held(record: &Value) -> Value {
    let mut values = record["values"].clone();
    values.as_object_mut().expect("values").remove("updated_at");
    values
}

/// By what a record is found.
pub fn code(word: &str, number: u32) -> String {
    format!("{word} {number}")
}

/// A number that may stand in a name.
fn letters(number: u32) -> String {
    number.to_string().bytes().map(|digit| char::from(b'a' + digit - b'0')).collect()
}

/// The field of the kit's own type that points at another.
pub fn pointing(of: &Type) -> String {
    let plain: String = of.key.chars().map(|letter| if letter.is_ascii_alphabetic() { letter } else { '_' }).collect();
    ["to_", &plain].concat()
}

/// The records of a type that have one of these codes, in their order.
pub fn coded(codes: &[&str]) -> Value {
    json!({ "field": { "path": CODE, "test": { "one_of": codes } } })
}
