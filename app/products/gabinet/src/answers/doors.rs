//! Gabinet's server functions for its answers: thin doors to `gabinet::answers`.

use chrono::NaiveDate;
use gabinet::{
    answers::{
        best::BestTimes,
        reseat::{Proposal, ReseatApply, ReseatUndo, Reseated},
        why_not::{WhyNot, WhyNotAsked},
    },
    appointments::AvailabilityQuestion,
};
use leptos::prelude::*;
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use ui::Failure;
use ui::Wire;

/// What the page of a day that is given away shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Away {
    pub proposal: Proposal,
    /// Whether leave may be booked with it.
    pub may_leave: bool,
    /// The date in the organization's zone.
    pub today: NaiveDate,
}

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Given {
    /// It was applied.
    Done(Reseated),
    /// Somebody has booked meanwhile; this is the proposal now.
    Changed(Proposal),
}

/// Where a practitioner's visits would go; of today without dates.
#[server(name = AskAway, prefix = "/fn", endpoint = "gabinet/away", input = Wire, output = Wire)]
pub async fn away(employee: EntityId, from: Option<NaiveDate>, to: Option<NaiveDate>, skip: Vec<EntityId>) -> Result<Away, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    // The right is asked before anything is read.
    tx.require(gabinet::APPOINTMENTS_WRITE)?;
    let today = crate::page_doors::today(&mut tx).await?;
    let from_date = from.unwrap_or(today);
    let asked = gabinet::answers::reseat::ReseatAsked { employee_id: employee, from_date, to_date: to.unwrap_or(from_date), skip };
    let proposal = gabinet::answers::reseat::proposal(&mut tx, &asked).await?;
    let may_leave = tx.can(gabinet::LEAVE_WRITE);
    tx.commit().await?;
    Ok(Away { proposal, may_leave, today })
}

/// Applies a proposal, unless it would be another by now.
#[server(name = GiveAway, prefix = "/fn", endpoint = "gabinet/give_away", input = Wire, output = Wire)]
pub async fn give_away(seen: ReseatApply) -> Result<Given, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    match gabinet::answers::reseat::apply(&mut tx, &seen).await {
        Ok(done) => {
            tx.commit().await?;
            Ok(Given::Done(done))
        }
        Err(error) if error.code() == "version" => {
            drop(tx);
            let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
            let proposal = gabinet::answers::reseat::proposal(&mut tx, &seen.asked()).await?;
            tx.commit().await?;
            Ok(Given::Changed(proposal))
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes back what was applied.
#[server(name = TakeBack, prefix = "/fn", endpoint = "gabinet/take_back", input = Wire, output = Wire)]
pub async fn take_back(asked: ReseatUndo) -> Result<Reseated, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let undone = gabinet::answers::reseat::undo(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(undone)
}

/// What is in the way of a time, with what would help. The form's own hold is in nobody's way.
#[server(name = AskWhyNot, prefix = "/fn", endpoint = "gabinet/why_not", input = Wire, output = Wire)]
pub async fn why_not(asked: WhyNotAsked, hold: EntityId) -> Result<WhyNot, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let moving = gabinet::appointments::holds::own(&mut tx, hold).await?;
    let asked = WhyNotAsked { moving, ..asked };
    let answer = gabinet::answers::why_not::why_not(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(answer)
}

/// The best times. The form's own hold is in nobody's way.
#[server(name = AskBest, prefix = "/fn", endpoint = "gabinet/best", input = Wire, output = Wire)]
pub async fn best(asked: AvailabilityQuestion, hold: EntityId) -> Result<BestTimes, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let moving = gabinet::appointments::holds::own(&mut tx, hold).await?;
    let asked = AvailabilityQuestion { moving, ..asked };
    let times = gabinet::answers::best::best(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(times)
}
