//! What the settings of fields and the section of a record ask the server.

use leptos::prelude::*;
use platform::{
    id::{EntityId, FieldId},
    time::ZoneWindow,
};
use serde::{Deserialize, Serialize};
use services::{
    fields::{Field, FieldChange, FieldJob, FieldsInput, FormulaAnswer, FormulaAsked, NewField, RecordFields},
    objects::{ImportObject, NewObject, ObjectChange, ObjectType},
    records::{FieldInfo, TypeInfo},
};
use ui::{Failure, Wire};

#[cfg(feature = "ssr")]
use {
    app_platform::session::begin,
    platform::{Result as Done, Tx},
    services::{fields, objects, records},
};

/// What the page of fields shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldsPage {
    pub types: Vec<TypeInfo>,
    /// The organization's own types, those out of use as well.
    pub objects: Vec<ObjectType>,
    pub of: TypeInfo,
    pub declared: Vec<FieldInfo>,
    pub fields: Vec<Field>,
    pub jobs: Vec<FieldJob>,
    /// Roles by name, for who sees and writes.
    pub roles: Vec<(String, String)>,
    /// References of other types that point here, with the fields that can be summed up.
    pub pointing: Vec<Pointing>,
}

/// A reference that points at a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointing {
    pub source: TypeInfo,
    pub via: String,
    pub via_label: String,
    /// Keys and labels.
    pub over: Vec<(String, String)>,
}

/// By what values are written and read: money without a currency, and the clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Habits {
    pub currency: String,
    pub zone: ZoneWindow,
}

#[cfg(feature = "ssr")]
pub(crate) async fn habits(tx: &mut Tx) -> Done<Habits> {
    use chrono::Days;
    let organization = platform::organizations::get(tx).await?;
    let today = tx.now().date_naive();
    let from = today.checked_sub_days(Days::new(3660)).unwrap_or(today);
    let to = today.checked_add_days(Days::new(3660)).unwrap_or(today);
    let zone = ZoneWindow::of(platform::time::zone(&organization.zone)?, from, to);
    Ok(Habits { currency: organization.currency.to_string(), zone })
}

/// The fields of a type, and all types; of the first one if none is named.
#[server(prefix = "/fn", endpoint = "fields/page", input = Wire, output = Wire)]
pub async fn read_fields(entity_type: String) -> Result<FieldsPage, Failure> {
    let mut tx = begin().await?;
    let state = tx.state().clone();
    let objects = objects::list_types(&mut tx, true).await?;
    let types = records::types(&mut tx).await?;
    let of = match types.iter().find(|kind| kind.key == entity_type || entity_type.is_empty()) {
        Some(of) => of.clone(),
        None => return Err(platform::Error::NotFound.into()),
    };
    let mut declared = records::fields_of(&mut tx, &state, &of.key).await?;
    declared.retain(|field| field.custom.is_none());
    let fields = fields::list(&mut tx, &of.key, true).await?;
    let jobs = fields::jobs(&mut tx, &of.key).await?;
    let mut pointing = Vec::new();
    for source in &types {
        let theirs = records::fields_of(&mut tx, &state, &source.key).await?;
        let own: Vec<&FieldInfo> = theirs.iter().filter(|field| field.custom.is_some()).collect();
        for via in own.iter().filter(|field| field.kind == records::Kind::Reference(of.key.clone())) {
            let sums = own.iter().filter(|field| matches!(field.kind.word(), "number" | "percent" | "money" | "date"));
            let over = sums.map(|field| (field.key.clone(), field.label.clone())).collect();
            pointing.push(Pointing { source: source.clone(), via: via.key.clone(), via_label: via.label.clone(), over });
        }
    }
    let roles = platform::roles::list(&mut tx).await?.into_iter().map(|role| (role.id, role.name)).collect();
    tx.commit().await?;
    Ok(FieldsPage { types, objects, of, declared, fields, jobs, roles, pointing })
}

/// Adds a field to a type.
#[server(prefix = "/fn", endpoint = "fields/add", input = Wire, output = Wire)]
pub async fn add_field(new: NewField) -> Result<Field, Failure> {
    let mut tx = begin().await?;
    let field = fields::define(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(field)
}

/// Changes a field; with another kind its values are converted by a job.
#[server(prefix = "/fn", endpoint = "fields/change", input = Wire, output = Wire)]
pub async fn change_field(id: FieldId, change: FieldChange, convert: bool) -> Result<(), Failure> {
    let mut tx = begin().await?;
    if convert {
        fields::convert(&mut tx, id, &change).await?;
    } else {
        fields::update(&mut tx, id, &change).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes a field out of use, or into use again.
#[server(prefix = "/fn", endpoint = "fields/retire", input = Wire, output = Wire)]
pub async fn retire_field(id: FieldId, version: i32, restore: bool) -> Result<(), Failure> {
    let mut tx = begin().await?;
    if restore {
        fields::restore(&mut tx, id, version).await?;
    } else {
        fields::retire(&mut tx, id, version).await?;
    }
    Ok(tx.commit().await?)
}

/// What a formula would give.
#[server(prefix = "/fn", endpoint = "fields/formula", input = Wire, output = Wire)]
pub async fn check_formula(asked: FormulaAsked) -> Result<FormulaAnswer, Failure> {
    let mut tx = begin().await?;
    let answer = fields::formula(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(answer)
}

/// What a record holds of the organization's own fields.
#[server(prefix = "/fn", endpoint = "fields/record", input = Wire, output = Wire)]
pub async fn read_record_fields(entity_type: String, id: EntityId) -> Result<(RecordFields, Habits), Failure> {
    let mut tx = begin().await?;
    let read = fields::of_record(&mut tx, &entity_type, id).await?;
    let habits = habits(&mut tx).await?;
    tx.commit().await?;
    Ok((read, habits))
}

/// Writes what a record holds of the organization's own fields.
#[server(prefix = "/fn", endpoint = "fields/record/save", input = Wire, output = Wire)]
pub async fn save_record_fields(entity_type: String, id: EntityId, input: FieldsInput) -> Result<RecordFields, Failure> {
    let mut tx = begin().await?;
    let saved = fields::save(&mut tx, &entity_type, id, &input).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Records of a type to choose from.
#[server(prefix = "/fn", endpoint = "fields/pick", input = Wire, output = Wire)]
pub async fn pick_records(entity_type: String, q: String) -> Result<Vec<(EntityId, String)>, Failure> {
    let mut tx = begin().await?;
    let found = objects::pick(&mut tx, &entity_type, &q).await?;
    tx.commit().await?;
    Ok(found)
}

/// Makes a type of record.
#[server(prefix = "/fn", endpoint = "objects/types/add", input = Wire, output = Wire)]
pub async fn add_type(new: NewObject) -> Result<ObjectType, Failure> {
    let mut tx = begin().await?;
    let made = objects::define(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(made)
}

/// Makes a type of record as a JSON Schema tells it.
#[server(prefix = "/fn", endpoint = "objects/types/import", input = Wire, output = Wire)]
pub async fn import_type(import: ImportObject) -> Result<ObjectType, Failure> {
    let mut tx = begin().await?;
    let made = objects::import(&mut tx, &import).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a type of record.
#[server(prefix = "/fn", endpoint = "objects/types/change", input = Wire, output = Wire)]
pub async fn change_type(key: String, change: ObjectChange) -> Result<ObjectType, Failure> {
    let mut tx = begin().await?;
    let changed = objects::update_type(&mut tx, &key, &change).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Takes a type of record out of use, or into use again.
#[server(prefix = "/fn", endpoint = "objects/types/retire", input = Wire, output = Wire)]
pub async fn retire_type(key: String, version: i32, restore: bool) -> Result<(), Failure> {
    let mut tx = begin().await?;
    if restore {
        objects::restore_type(&mut tx, &key, version).await?;
    } else {
        objects::retire(&mut tx, &key, version).await?;
    }
    Ok(tx.commit().await?)
}
