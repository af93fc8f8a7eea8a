//! What a list, a filter and an export know of the types they touch: only what who asks may see.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use platform::{
    Error, Result, State, Tx,
    id::EntityId,
    time::{self, ZoneWindow},
};
use std::collections::BTreeMap;

use super::{Column, groupable, sortable, store};
use crate::{
    core::VIEWS_READ,
    filter::{
        Catalogue, Field, Filter, Plan, Source, Type,
        catalogue::USER,
        check::{self, Context, Fault},
        plan::Path,
        sql::Compiler,
        tests_of,
    },
    records::{self, FieldInfo, Kind},
};

/// More than the types and views that a filter of the largest size can name by mistake.
const ROUNDS: usize = 60;

/// What every record has, whoever declares its type: its expression over the registry's row.
pub(super) const REGISTERED: [(&str, &str); 4] =
    [("title", "e.title"), ("owner", "e.owner_id"), ("created_at", "e.created_at"), ("updated_at", "e.updated_at")];

/// The types a question touches, fetched as they are needed.
pub(crate) struct Known {
    pub(super) state: State,
    pub(super) entity_type: String,
    pub(super) catalogue: Catalogue,
    /// The fields of each type as their modules and the organization name them.
    pub(super) fields: BTreeMap<String, Vec<FieldInfo>>,
    segments: BTreeMap<EntityId, Option<(String, Filter)>>,
    /// The view whose filter is read, where it is about to be kept.
    pub(super) view: Option<EntityId>,
    zone: Tz,
    currency: String,
    today: NaiveDate,
}

impl Known {
    /// Begins with one type.
    ///
    /// # Errors
    /// `NotFound` where the type may not be seen.
    pub(crate) async fn of(tx: &mut Tx, entity_type: &str) -> Result<Known> {
        tx.require(VIEWS_READ)?;
        records::may_list(tx, entity_type).await?;
        let organization = tx.organization();
        let (zone, currency): (String, String) = sqlx::query_as("select zone, currency from organizations where organization_id = $1")
            .bind(organization)
            .fetch_one(tx.conn())
            .await?;
        let zone = time::zone(&zone)?;
        let mut known = Known {
            state: tx.state().clone(),
            entity_type: entity_type.to_owned(),
            catalogue: Catalogue::default(),
            fields: BTreeMap::new(),
            segments: BTreeMap::new(),
            view: None,
            zone,
            currency,
            today: tx.now().with_timezone(&zone).date_naive(),
        };
        known.learn(tx, entity_type).await?;
        Ok(known)
    }

    /// The compiler over what is known.
    pub(super) fn compiler(&self, tx: &Tx) -> Compiler<'_> {
        Compiler { catalogue: &self.catalogue, organization: tx.organization() }
    }

    /// The organization's zone, in which instants are told.
    pub(super) fn zone(&self) -> Tz {
        self.zone
    }

    /// The type that is listed.
    pub(super) fn kind(&self) -> Result<&Type> {
        self.catalogue.of(&self.entity_type).ok_or(Error::NotFound)
    }

    /// A field of the type that is listed, without links. `at` names it in what was sent.
    pub(super) fn field(&self, key: &str, at: &str) -> Result<&Field> {
        self.kind()?.field(key).ok_or_else(|| Error::invalid(at, "unknown", format!("There is no field {key}.")))
    }

    /// A plan of a filter over the type that is listed. `at` names it in what was sent.
    ///
    /// # Errors
    /// `Invalid`.
    pub(crate) async fn plan(&mut self, tx: &mut Tx, filter: &Filter, at: &str) -> Result<Plan> {
        self.settle(tx, |known, context| check::check(filter, &known.entity_type, context, at)).await
    }

    /// The field at the end of a column's path.
    ///
    /// # Errors
    /// `Invalid`.
    pub(super) async fn path(&mut self, tx: &mut Tx, text: &str, at: &str) -> Result<Path> {
        self.settle(tx, |known, context| check::path(text, &known.entity_type, context, at)).await
    }

    /// Reads again and again, each time with what was missing before.
    async fn settle<T>(&mut self, tx: &mut Tx, read: impl Fn(&Known, &Context<'_>) -> Result<T, Fault>) -> Result<T> {
        let me = tx.user();
        for _ in 0..ROUNDS {
            // Nothing that is borrowed for reading lives on while something is fetched.
            let outcome = {
                let zone = self.zone;
                let day_start = move |day: NaiveDate| {
                    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
                    ZoneWindow::of(zone, day, next).day_start(day)
                };
                let context = Context {
                    catalogue: &self.catalogue,
                    segments: &self.segments,
                    view: self.view,
                    me,
                    today: self.today,
                    day_start: &day_start,
                    currency: &self.currency,
                };
                read(self, &context)
            };
            match outcome {
                Ok(found) => return Ok(found),
                Err(Fault::Invalid(faults)) => return Err(Error::Invalid(faults)),
                Err(Fault::Type(key)) => self.learn(tx, &key).await?,
                Err(Fault::Segment(id)) => {
                    let found = match store::get(tx, id).await {
                        Ok(view) => Some((view.entity_type, view.definition.filter)),
                        Err(Error::NotFound) => None,
                        Err(error) => return Err(error),
                    };
                    self.segments.insert(id, found);
                }
            }
        }
        Err(Error::invalid("filter", "too_many", "The filter touches too many types and views."))
    }

    /// Fetches a type. One that may not be seen, or whose records nobody lists, has no field.
    async fn learn(&mut self, tx: &mut Tx, key: &str) -> Result<()> {
        let state = self.state.clone();
        let found = match records::fields_of(tx, &state, key).await {
            Ok(fields) => Some((fields, records::source(&state, key)?)),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        let Some((mut infos, source)) = found else {
            self.catalogue.types.push(Type { key: key.to_owned(), from: String::new(), fields: Vec::new(), owners: None });
            return Ok(());
        };
        infos.extend(
            REGISTERED
                .iter()
                .filter(|(name, _)| !infos.iter().any(|field| field.key == *name))
                .map(|(name, _)| registered(name))
                .collect::<Vec<_>>(),
        );
        let mut fields = Vec::with_capacity(infos.len());
        for info in &infos {
            let found = match (info.custom, source.column(&info.key)) {
                (Some(id), _) => Source::Custom(id),
                (None, Some(minor)) if info.kind == Kind::Money => {
                    let currency = source.column(&[&info.key, ".currency"].concat()).unwrap_or("''");
                    Source::Money { minor: minor.to_owned(), currency: currency.to_owned() }
                }
                (None, Some(expression)) => Source::Sql(expression.to_owned()),
                (None, None) => match REGISTERED.iter().find(|(name, _)| *name == info.key) {
                    Some((_, expression)) => Source::Sql((*expression).to_owned()),
                    None => continue,
                },
            };
            fields.push(Field { key: info.key.clone(), kind: info.kind.clone(), source: found });
        }
        let owners = records::reach::of(tx, key).ok_or(Error::NotFound)?.owners();
        self.catalogue.types.push(Type { key: key.to_owned(), from: source.from.to_owned(), fields, owners });
        self.fields.insert(key.to_owned(), infos);
        Ok(())
    }

    /// What a field is called.
    pub(super) fn label(&self, path: &Path) -> String {
        let own = |kind: &str, key: &str| {
            let field = self.fields.get(kind).and_then(|fields| fields.iter().find(|field| field.key == key));
            field.map_or_else(|| key.to_owned(), |field| field.label.clone())
        };
        let mut kind = self.entity_type.as_str();
        let mut words = Vec::with_capacity(path.hops.len() + 1);
        for (field, target) in &path.hops {
            words.push(own(kind, &field.key));
            kind = target;
        }
        words.push(own(kind, &path.field.key));
        words.join(" › ")
    }
}

fn registered(key: &str) -> FieldInfo {
    let (label, kind) = match key {
        "title" => ("Title", Kind::Text),
        "owner" => ("Owner", Kind::Reference(USER.to_owned())),
        "created_at" => ("Created at", Kind::DateTime),
        _ => ("Updated at", Kind::DateTime),
    };
    FieldInfo {
        key: key.to_owned(),
        label: label.to_owned(),
        kind,
        required: false,
        custom: None,
        computed: true,
        editable: false,
        section: String::new(),
        help: String::new(),
    }
}

/// All columns that lists of a type can have for whoever asks.
///
/// # Errors
/// `NotFound` where the type may not be seen.
pub async fn columns_of(tx: &mut Tx, entity_type: &str) -> Result<Vec<Column>> {
    let known = Known::of(tx, entity_type).await?;
    let kind = known.kind()?;
    let infos = known.fields.get(entity_type).map(Vec::as_slice).unwrap_or_default();
    let column = |info: &FieldInfo| Column {
        key: info.key.clone(),
        label: info.label.clone(),
        kind: info.kind.clone(),
        custom: info.custom.is_some(),
        tests: tests_of(&info.kind).iter().map(|test| (*test).to_owned()).collect(),
        sorts: sortable(&info.kind),
        groups: groupable(&info.kind),
    };
    Ok(infos.iter().filter(|info| kind.field(&info.key).is_some()).map(column).collect())
}

/// A plan of a filter, for those who count by it or keep it: what may not be asked is refused as in a list.
///
/// # Errors
/// `NotFound`, `Invalid`.
pub async fn plan_of(tx: &mut Tx, entity_type: &str, filter: &Filter) -> Result<Plan> {
    Known::of(tx, entity_type).await?.plan(tx, filter, "filter").await
}

/// A filter that takes too long is refused as such: whoever asked can ask for less.
pub(super) fn in_time<T>(result: std::result::Result<T, sqlx::Error>) -> Result<T> {
    match result {
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("57014") => {
            Err(Error::invalid("filter", "too_slow", "This takes too long; ask for less at once."))
        }
        result => Ok(result?),
    }
}
