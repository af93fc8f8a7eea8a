//! A product as small as can be: courses, and their lessons on the shared calendar. It is written as any product would
//! be, against what `platform` and `services` offer to all of them, and the house has no line for it.

use axum::response::Response;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use futures::future::BoxFuture;
use platform::{
    Error, Result, State, Tx, actions,
    entities::{self, NewEntity},
    error::{Reason, Refusal},
    id::{EntityId, EntityRef, LocationId},
    module::{ActivityType, EntityType, Field, FieldKind, Module, Navigation},
    permission::{Grant, Permission, Role},
    rest::{IdempotencyKey, Json, Problems, RestTx, created},
};
use serde::{Deserialize, Serialize};
use services::{
    calendar::{
        Face, Status,
        activities::{self, Activity, NewActivity, NewBooking},
    },
    hooks::{ModuleHooks, MoveTo},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub const PRODUCT: &str = "courses";
pub const LESSON: &str = "courses:lesson";
pub const HUE: u16 = 12;
pub const LESSONS_READ: Permission = Permission("courses.lessons:read");
pub const LESSONS_WRITE: Permission = Permission("courses.lessons:write");

pub static MODULE: Module = Module {
    id: "courses",
    product: Some(PRODUCT),
    entity_types: &[EntityType {
        key: "courses:course",
        icon: "flag",
        path: "/dashboard/courses/{id}",
        read: LESSONS_READ,
        fields: &[Field { key: "name", kind: FieldKind::Text, required: true }],
    }],
    activity_types: &[ActivityType { key: LESSON, icon: "flag", hue: HUE, minutes: 60, read: LESSONS_READ, write: Some(LESSONS_WRITE) }],
    navigation: &[Navigation { key: "courses", path: "/dashboard/courses", icon: "flag", permission: LESSONS_READ }],
    permissions: &[
        Grant { permission: LESSONS_READ, roles: &[Role::Doctor, Role::Receptionist] },
        Grant { permission: LESSONS_WRITE, roles: &[Role::Receptionist] },
    ],
    owned: &[],
};

pub static HOOKS: ModuleHooks = ModuleHooks {
    module: &MODULE,
    hours: None,
    carried: None,
    move_to: Some(move_to),
    swap: None,
    hold: None,
    set_status: None,
    note: None,
    freed: None,
    records: &[],
    persons: None,
    company_renamed: None,
    rest: Some(rest),
    reference: &[],
    warm: None,
    jobs: &[],
    demo: None,
};

fn rest() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(post_course)).routes(routes!(post_lesson))
}

/// A course to be given.
#[derive(Serialize, Deserialize, ToSchema)]
struct NewCourse {
    name: String,
}

#[derive(Serialize, ToSchema)]
struct Course {
    id: EntityId,
    name: String,
}

/// Adds a course.
#[utoipa::path(post, path = "/courses", tag = "courses", request_body = NewCourse, security(("bearer" = [])),
    responses((status = 201, body = Course), Problems))]
async fn post_course(RestTx(tx): RestTx, key: IdempotencyKey, Json(new): Json<NewCourse>) -> Result<Response> {
    created(tx, "POST /courses", key, &new, add).await
}

async fn add(tx: &mut Tx, new: &NewCourse) -> Result<Course> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LESSONS_WRITE)?;
    let id = EntityId::new();
    let entity = NewEntity { id, entity_type: "courses:course", title: &new.name, keywords: "", owner: None, status: None };
    entities::insert(tx, &entity).await?;
    actions::record(tx, EntityRef::new("courses:course", id), "created", None, None).await?;
    Ok(Course { id, name: new.name.clone() })
}

/// An hour of a course.
#[derive(Serialize, Deserialize, ToSchema)]
struct NewLesson {
    course: EntityId,
    /// Shown on the calendar.
    title: String,
    teacher: EntityId,
    location: LocationId,
    start: DateTime<Utc>,
}

/// Puts a lesson on the calendar.
#[utoipa::path(post, path = "/lessons", tag = "courses", request_body = NewLesson, security(("bearer" = [])),
    responses((status = 201, body = Activity), Problems))]
async fn post_lesson(RestTx(tx): RestTx, key: IdempotencyKey, Json(new): Json<NewLesson>) -> Result<Response> {
    created(tx, "POST /lessons", key, &new, plan).await
}

async fn plan(tx: &mut Tx, new: &NewLesson) -> Result<Activity> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(LESSONS_WRITE)?;
    let id = EntityId::new();
    let lesson = NewActivity {
        id,
        activity_type: LESSON.into(),
        title: new.title.clone(),
        description: String::new(),
        location: new.location,
        start: new.start,
        end: new.start + TimeDelta::hours(1),
        status: Status::Scheduled,
        owner: Some(tx.user()),
        subject: None,
        record: Some(new.course),
        face: Face { line: "Beginners".into(), ..Face::default() },
        bookings: vec![NewBooking::throughout(new.teacher, 0, 10)],
        overbook: false,
    };
    activities::insert(tx, &lesson).await?;
    actions::record(tx, EntityRef::new("activity", id), "planned", None, None).await?;
    activities::get(tx, id).await
}

/// Lessons begin on the hour: the module's own rule, which the calendar's door for moves knows nothing of.
fn move_to<'a>(tx: &'a mut Tx, lesson: &'a Activity, to: &'a MoveTo) -> BoxFuture<'a, Result<Activity>> {
    Box::pin(async move {
        if to.start.minute() != 0 {
            let rule = Reason { rule: "gap".into(), resource: None, resource_name: None, from: None, to: None };
            return Err(Error::from(Refusal { reasons: vec![rule], ..Refusal::new("unavailable", "On the hour only.") }));
        }
        activities::reschedule(tx, lesson.id, to.version, (to.start, to.end), None, false).await
    })
}
