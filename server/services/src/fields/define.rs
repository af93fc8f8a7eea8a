//! Making, changing and retiring fields.

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::{Refusal, ResultExt},
    id::{EntityId, EntityRef, FieldId},
};
use serde_json::json;
use sqlx::types::Json;

use super::{
    Field, FieldChange, FieldDetails, FormulaAnswer, FormulaAsked, MOST_FIELDS, NewField, RollUp, Shape, Summary, check, graph, sql, work,
};
use crate::{
    core::FIELDS_WRITE,
    formula,
    records::{self, Kind},
};

/// The type under which definitions stand in the registry, so that the log tells their history.
const ENTITY: &str = "field";

/// The organization's own fields of a type, in their order; those out of use last, if wanted.
///
/// # Errors
/// `Denied`, `NotFound` where the type may not be seen.
pub async fn list(tx: &mut Tx, entity_type: &str, retired: bool) -> Result<Vec<Field>> {
    tx.require(FIELDS_WRITE)?;
    records::may_read(tx, entity_type).await?;
    sql::select(tx, Some(entity_type), None, retired).await
}

/// One field.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: FieldId) -> Result<Field> {
    tx.require(FIELDS_WRITE)?;
    sql::select(tx, None, Some(id), true).await?.pop().ok_or(Error::NotFound)
}

fn key_is_right(key: &str) -> bool {
    key.len() <= 40
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Words that mean something else in formulas and filters.
const RESERVED: [&str; 12] = ["id", "version", "title", "status", "owner", "and", "or", "not", "true", "false", "created_at", "updated_at"];

/// Adds a field to a type. With the id of an existing field it returns that one.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`.
pub async fn define(tx: &mut Tx, new: &NewField) -> Result<Field> {
    tx.require(FIELDS_WRITE)?;
    let state = tx.state().clone();
    records::may_read(tx, &new.entity_type).await?;
    let declared = records::declared(tx, &state, &new.entity_type).await?;
    if let Some(id) = new.id {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    if !key_is_right(&new.key) || RESERVED.contains(&new.key.as_str()) {
        return Err(Error::invalid(
            "key",
            "key",
            "A key is made of small letters, digits and underscores, a letter first, and is no word of formulas.",
        ));
    }
    let known = sql::of_type(tx, &new.entity_type).await?;
    if declared.iter().any(|field| field.key == new.key) || known.iter().any(|field| field.key == new.key) {
        return Err(Error::invalid("key", "duplicate", "There is a field of this key already."));
    }
    if known.len() >= MOST_FIELDS {
        return Err(Error::invalid("key", "limit", format!("A type has at most {MOST_FIELDS} fields of its own.")));
    }
    let details = tidy(&new.details);
    check::details(&details)?;
    let field = Field {
        id: new.id.unwrap_or_else(FieldId::new),
        entity_type: new.entity_type.clone(),
        key: new.key.clone(),
        result: result(tx, &new.entity_type, &new.key, &details).await?,
        details,
        version: 1,
        retired: false,
    };
    sound(tx, &field).await?;
    insert(tx, &field).await?;
    record(tx, &field, "created", None).await?;
    if field.computed() {
        work::start(tx, &field, None).await?;
    }
    Ok(field)
}

fn tidy(details: &FieldDetails) -> FieldDetails {
    let filled = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    FieldDetails {
        label: details.label.trim().into(),
        section: details.section.trim().into(),
        help: details.help.trim().into(),
        default: filled(&details.default),
        pattern: filled(&details.pattern),
        least: filled(&details.least),
        most: filled(&details.most),
        ..details.clone()
    }
}

/// Of which kind a field's values are.
async fn result(tx: &mut Tx, entity_type: &str, key: &str, details: &FieldDetails) -> Result<Kind> {
    match &details.shape {
        Shape::Stored(kind) => {
            if let Kind::Reference(target) = kind
                && records::may_read(tx, target).await.is_err()
            {
                return Err(Error::invalid("target", "unknown", "There is no such type of record."));
            }
            Ok(kind.clone())
        }
        Shape::Formula(text) => {
            let kinds = kinds(tx, entity_type).await?;
            understood(text, key, &kinds).map(|(kind, _)| kind).map_err(|fault| Error::invalid("formula", fault.code, fault.message))
        }
        Shape::RollUp(up) => rolled_up(tx, entity_type, up).await,
    }
}

/// Keys and kinds that a formula of the type may read.
async fn kinds(tx: &mut Tx, entity_type: &str) -> Result<Vec<(String, Kind)>> {
    let state = tx.state().clone();
    let declared = records::declared(tx, &state, entity_type).await?;
    let own = sql::of_type(tx, entity_type).await?;
    let declared = declared.into_iter().filter(|field| !(field.key == "title" && entity_type.starts_with("object:")));
    Ok(declared.map(|field| (field.key, field.kind)).chain(own.into_iter().map(|field| (field.key, field.result))).collect())
}

fn understood(text: &str, key: &str, kinds: &[(String, Kind)]) -> std::result::Result<(Kind, formula::Expr), formula::Fault> {
    let expr = formula::parse(text)?;
    if expr.fields().iter().any(|field| field == key) {
        return Err(formula::Fault { at: 0, code: "cycle", message: format!("{key} follows from itself.") });
    }
    let kind = formula::check(&expr, &|name| kinds.iter().find(|(known, _)| known == name).map(|(_, kind)| kind.clone()))?;
    Ok((kind, expr))
}

async fn rolled_up(tx: &mut Tx, entity_type: &str, up: &RollUp) -> Result<Kind> {
    if records::may_read(tx, &up.source).await.is_err() {
        return Err(Error::invalid("source", "unknown", "There is no such type of record."));
    }
    let theirs = sql::of_type(tx, &up.source).await?;
    let via = theirs.iter().find(|field| field.key == up.via);
    if !via.is_some_and(|via| via.result == Kind::Reference(entity_type.into())) {
        return Err(Error::invalid("via", "reference", "A reference field of theirs that points at this type is needed."));
    }
    let Some(over) = up.over.as_deref().filter(|_| up.how != Summary::Count) else {
        let counted = up.how == Summary::Count;
        return if counted { Ok(Kind::Number) } else { Err(Error::invalid("over", "required", "A field to sum up is needed.")) };
    };
    let over = theirs.iter().find(|field| field.key == over).map(|field| field.result.clone());
    match (over, up.how) {
        (Some(kind @ (Kind::Number | Kind::Percent | Kind::Money)), _) => Ok(kind),
        (Some(Kind::Date), Summary::Least | Summary::Greatest) => Ok(Kind::Date),
        _ => Err(Error::invalid("over", "kind", "Only numbers and amounts are summed up; of dates there is a least and a greatest.")),
    }
}

/// Nothing follows from itself, and what follows from this field still can.
async fn sound(tx: &mut Tx, field: &Field) -> Result<()> {
    let mut all = sql::in_use(tx).await?;
    all.retain(|known| known.id != field.id && !(known.entity_type == field.entity_type && known.key == field.key));
    all.push(field.clone());
    if let Some(way) = graph::cycle(&all, field) {
        let name = if matches!(field.details.shape, Shape::RollUp(_)) { "source" } else { "formula" };
        return Err(Error::invalid(name, "cycle", format!("It would follow from itself: {}.", way.join(" → "))));
    }
    for dependant in graph::dependants(&all, &field.entity_type, &field.key) {
        let misfit = || in_use(&dependant.details.label);
        match &dependant.details.shape {
            Shape::Formula(text) => {
                let mut kinds = kinds(tx, &field.entity_type).await?;
                kinds.retain(|(key, _)| *key != field.key);
                kinds.push((field.key.clone(), field.result.clone()));
                let kind = understood(text, &dependant.key, &kinds).map(|(kind, _)| kind).map_err(|_| misfit())?;
                if kind != dependant.result {
                    return Err(misfit());
                }
            }
            Shape::RollUp(up) => {
                let as_via = up.via != field.key || field.result == Kind::Reference(dependant.entity_type.clone());
                let as_over = up.over.as_deref() != Some(&field.key) || field.result == dependant.result;
                if !(as_via && as_over) {
                    return Err(misfit());
                }
            }
            Shape::Stored(_) => {}
        }
    }
    Ok(())
}

fn in_use(label: &str) -> Error {
    Error::conflict("in_use", format!("The field {label} follows from this one."))
}

async fn insert(tx: &mut Tx, field: &Field) -> Result<()> {
    let new = NewEntity {
        id: EntityId(field.id.0),
        entity_type: ENTITY,
        title: &field.details.label,
        keywords: &field.key,
        owner: Some(tx.user()),
        status: None,
    };
    entities::insert(tx, &new).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into fields (organization_id, id, entity_type, key, sort, details, result, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organization)
    .bind(field.id)
    .bind(&field.entity_type)
    .bind(&field.key)
    .bind(field.details.sort)
    .bind(Json(&field.details))
    .bind(Json(&field.result))
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("fields_key", || Error::invalid("key", "duplicate", "There is a field of this key already."))?;
    Ok(())
}

async fn record(tx: &mut Tx, field: &Field, verb: &str, old: Option<&Field>) -> Result<()> {
    let entity = EntityRef::new(ENTITY, EntityId(field.id.0));
    actions::record(tx, entity, verb, old.map(|old| json!(old)), Some(json!(field))).await
}

/// Changes what a field is called and demands, the words of a choice, or a formula. Values that break a new rule stay; they
/// are refused when they are next written.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of codes `version` and `in_use`.
pub async fn update(tx: &mut Tx, id: FieldId, change: &FieldChange) -> Result<Field> {
    let old = held(tx, id, change.version).await?;
    let details = tidy(&change.details);
    check::details(&details)?;
    let result = result(tx, &old.entity_type, &old.key, &details).await?;
    let same = match (&old.details.shape, &details.shape) {
        (Shape::Stored(a), Shape::Stored(b)) => same_kind(a, b),
        (Shape::Formula(_), Shape::Formula(_)) | (Shape::RollUp(_), Shape::RollUp(_)) => same_kind(&old.result, &result),
        _ => false,
    };
    if !same {
        return Err(Error::invalid("shape", "kind", "Another kind makes another field: its values are converted."));
    }
    let field = Field { details, result, version: old.version + 1, ..old.clone() };
    sound(tx, &field).await?;
    words_in_use(tx, &old, &field).await?;
    let organization = tx.organization();
    sqlx::query("update fields set details = $3, result = $4, sort = $5, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(Json(&field.details))
        .bind(Json(&field.result))
        .bind(field.details.sort)
        .execute(tx.conn())
        .await?;
    entities::update(tx, EntityId(id.0), &field.details.label, &field.key, None).await?;
    if field.details.unique != old.details.unique {
        set_unique(tx, &field).await?;
    }
    record(tx, &field, "updated", Some(&old)).await?;
    if field.computed() && field.details.shape != old.details.shape {
        work::start(tx, &field, None).await?;
    }
    Ok(field)
}

/// Kinds whose values stand in the same column and mean the same.
fn same_kind(a: &Kind, b: &Kind) -> bool {
    match (a, b) {
        (Kind::Reference(a), Kind::Reference(b)) => a == b,
        (a, b) => a.word() == b.word(),
    }
}

/// A word that records have is not taken out of a choice.
async fn words_in_use(tx: &mut Tx, old: &Field, new: &Field) -> Result<()> {
    let gone: Vec<String> = old
        .result
        .choices()
        .iter()
        .filter(|choice| !new.result.choices().iter().any(|kept| kept.key == choice.key))
        .map(|choice| choice.key.clone())
        .collect();
    if gone.is_empty() {
        return Ok(());
    }
    let organization = tx.organization();
    let word: Option<String> = sqlx::query_scalar(
        "select v.v_text from field_values v join entities e on e.organization_id = v.organization_id and e.id = v.entity_id
         where v.organization_id = $1 and v.field_id = $2 and v.v_text = any($3) and e.deleted_at is null limit 1",
    )
    .bind(organization)
    .bind(old.id)
    .bind(gone)
    .fetch_optional(tx.conn())
    .await?;
    match word {
        Some(word) => Err(Error::conflict("in_use", format!("Records have the choice {word}."))),
        None => Ok(()),
    }
}

/// A field that becomes unique takes all its values as keys; two that are equal are a refusal.
async fn set_unique(tx: &mut Tx, field: &Field) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update field_values v set unique_key =
            case when $3 then lower(coalesce(v.v_text, trim_scale(v.v_num)::text, v.v_date::text)) end
         from entities e
         where v.organization_id = $1 and v.field_id = $2
           and e.organization_id = v.organization_id and e.id = v.entity_id and e.deleted_at is null",
    )
    .bind(organization)
    .bind(field.id)
    .bind(field.details.unique)
    .execute(tx.conn())
    .await
    .on_constraint("field_values_unique", || Error::invalid("unique", "duplicate", "Two records have the same value."))?;
    Ok(())
}

async fn held(tx: &mut Tx, id: FieldId, version: i32) -> Result<Field> {
    tx.require(FIELDS_WRITE)?;
    let organization = tx.organization();
    sqlx::query("select 1 from fields where organization_id = $1 and id = $2 for update")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    let field = get(tx, id).await?;
    if field.version != version {
        let author = actions::timeline(tx, EntityId(id.0), 1).await?.into_iter().next().and_then(|row| row.user_name);
        let current = Some(json!({ "field": field, "author": author }));
        return Err(Refusal { current, ..Refusal::new("version", "Somebody else has changed this field in the meantime.") }.into());
    }
    Ok(field)
}

/// Makes a field of another kind in the place of one; a job converts the values and tells which it could not. The old field
/// is out of use and keeps its values.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of codes `version` and `in_use`.
pub async fn convert(tx: &mut Tx, id: FieldId, change: &FieldChange) -> Result<super::FieldJob> {
    let old = held(tx, id, change.version).await?;
    let details = tidy(&change.details);
    check::details(&details)?;
    let (Shape::Stored(_), Shape::Stored(kind), false) = (&old.details.shape, &details.shape, old.retired) else {
        return Err(Error::invalid("shape", "kind", "Only what people write is converted."));
    };
    let result = result(tx, &old.entity_type, &old.key, &details).await?;
    if same_kind(&old.result, kind) {
        return Err(Error::invalid("shape", "same", "It is of this kind already."));
    }
    let field = Field { id: FieldId::new(), details, result, version: 1, ..old.clone() };
    sound(tx, &field).await?;
    retire_row(tx, id).await?;
    insert(tx, &field).await?;
    let organization = tx.organization();
    sqlx::query("update fields set replaced_by = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(field.id)
        .execute(tx.conn())
        .await?;
    record(tx, &old, "converted", None).await?;
    record(tx, &field, "created", None).await?;
    work::start(tx, &field, Some(id)).await
}

async fn retire_row(tx: &mut Tx, id: FieldId) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("update fields set retired_at = $3, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(now)
        .execute(tx.conn())
        .await?;
    // Values out of use keep nobody from theirs.
    sqlx::query("update field_values set unique_key = null where organization_id = $1 and field_id = $2 and unique_key is not null")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes a field out of use; its values stay, and it can be taken into use again.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict` of codes `version` and `in_use`.
pub async fn retire(tx: &mut Tx, id: FieldId, version: i32) -> Result<Field> {
    let old = held(tx, id, version).await?;
    if old.retired {
        return Ok(old);
    }
    let all = sql::in_use(tx).await?;
    if let Some(dependant) = graph::dependants(&all, &old.entity_type, &old.key).first() {
        return Err(in_use(&dependant.details.label));
    }
    retire_row(tx, id).await?;
    let field = get(tx, id).await?;
    record(tx, &field, "retired", Some(&old)).await?;
    Ok(field)
}

/// Takes a field into use again.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` where another field has its key or two records the same unique value, `Conflict` of code
/// `version`.
pub async fn restore(tx: &mut Tx, id: FieldId, version: i32) -> Result<Field> {
    let old = held(tx, id, version).await?;
    if !old.retired {
        return Ok(old);
    }
    let known = sql::of_type(tx, &old.entity_type).await?;
    if known.iter().any(|field| field.key == old.key) {
        return Err(Error::invalid("key", "duplicate", "There is a field of this key already."));
    }
    let result = result(tx, &old.entity_type, &old.key, &old.details).await?;
    let field = Field { retired: false, result, ..old.clone() };
    sound(tx, &field).await?;
    let organization = tx.organization();
    sqlx::query("update fields set retired_at = null, replaced_by = null, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    if field.details.unique {
        set_unique(tx, &field).await?;
    }
    let field = get(tx, id).await?;
    record(tx, &field, "restored", Some(&old)).await?;
    if field.computed() {
        work::start(tx, &field, None).await?;
    }
    Ok(field)
}

/// What a formula would give: for the editor, while it is written.
///
/// # Errors
/// `Denied`, `NotFound` where the type may not be seen.
pub async fn formula(tx: &mut Tx, asked: &FormulaAsked) -> Result<FormulaAnswer> {
    tx.require(FIELDS_WRITE)?;
    records::may_read(tx, &asked.entity_type).await?;
    let kinds = kinds(tx, &asked.entity_type).await?;
    Ok(match understood(&asked.formula, &asked.key, &kinds) {
        Ok((kind, expr)) => {
            FormulaAnswer { result: Some(kind), understood: Some(expr.to_string()), at: None, code: String::new(), message: String::new() }
        }
        Err(fault) => FormulaAnswer {
            result: None,
            understood: None,
            at: Some(u32::try_from(fault.at).unwrap_or(u32::MAX)),
            code: fault.code.into(),
            message: fault.message,
        },
    })
}
