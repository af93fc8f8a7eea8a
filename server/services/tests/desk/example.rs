//! A module as small as can be: nothing below changes for it.

use chrono::Timelike;
use futures::future::BoxFuture;
use platform::{
    Error, Result, Tx,
    error::Reason,
    error::Refusal,
    module::{ActivityType, Module},
    permission::{Grant, Permission, Role},
    time::Interval,
};
use services::{
    calendar::{
        Closed, Hours,
        activities::{self, Activity},
        slots::Rule,
    },
    hooks::{HoursQuestion, HoursSource, ModuleHooks, MoveTo},
};

pub const WATERING: &str = "garden:watering";
const READ: Permission = Permission("garden.waterings:read");
const WRITE: Permission = Permission("garden.waterings:write");

pub const MODULE: Module = Module {
    id: "garden",
    product: Some("crm"),
    entity_types: &[],
    activity_types: &[ActivityType { key: WATERING, icon: "drop", hue: 210, minutes: 60, read: READ, write: Some(WRITE) }],
    navigation: &[],
    permissions: &[
        Grant { permission: READ, roles: &[Role::Receptionist, Role::Doctor] },
        Grant { permission: WRITE, roles: &[Role::Receptionist] },
    ],
    owned: &[],
};

pub const HOOKS: ModuleHooks = ModuleHooks {
    module: &MODULE,
    hours: Some(HoursSource { ask: hours, tables: &[] }),
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
    rest: None,
    reference: &[],
    warm: None,
    jobs: &[],
    demo: None,
};

/// Everybody is there from eight to sixteen and eats at noon, in UTC for simplicity.
fn hours<'a>(tx: &'a mut Tx, question: &'a HoursQuestion) -> BoxFuture<'a, Result<Vec<Hours>>> {
    Box::pin(async move {
        let _ = tx;
        let between = |from: u32, to: u32| {
            let instant = |hour| question.from.and_hms_opt(hour, 0, 0).unwrap().and_utc();
            Interval { start: instant(from), end: instant(to) }
        };
        let closed = vec![Closed { rule: Rule::Break, during: between(12, 13), label: String::new() }];
        let of = |resource: &_| Hours { resource: *resource, windows: vec![between(8, 16)], always: false, closed: closed.clone() };
        Ok(question.resources.iter().map(of).collect())
    })
}

/// Plants are watered on the hour.
fn move_to<'a>(tx: &'a mut Tx, activity: &'a Activity, to: &'a MoveTo) -> BoxFuture<'a, Result<Activity>> {
    Box::pin(async move {
        if to.start.minute() != 0 {
            let rule = Reason { rule: "gap".into(), resource: None, resource_name: None, from: None, to: None };
            return Err(Error::from(Refusal { reasons: vec![rule], ..Refusal::new("unavailable", "On the hour only.") }));
        }
        activities::reschedule(tx, activity.id, to.version, (to.start, to.end), None, false).await
    })
}
