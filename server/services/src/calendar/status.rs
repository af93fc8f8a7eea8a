//! The states of an activity and the steps between them, in one place.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// How long a step may be taken back by whoever took it.
pub const TAKES_BACK: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// How far an activity has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Held,
    Pending,
    Scheduled,
    Confirmed,
    CheckedIn,
    InProgress,
    Completed,
    Cancelled,
    NoShow,
    Moved,
    Expired,
}

impl Status {
    /// In the order in which they usually follow.
    pub const ALL: [Status; 11] = [
        Status::Held,
        Status::Pending,
        Status::Scheduled,
        Status::Confirmed,
        Status::CheckedIn,
        Status::InProgress,
        Status::Completed,
        Status::Cancelled,
        Status::NoShow,
        Status::Moved,
        Status::Expired,
    ];

    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Held => "held",
            Status::Pending => "pending",
            Status::Scheduled => "scheduled",
            Status::Confirmed => "confirmed",
            Status::CheckedIn => "checked_in",
            Status::InProgress => "in_progress",
            Status::Completed => "completed",
            Status::Cancelled => "cancelled",
            Status::NoShow => "no_show",
            Status::Moved => "moved",
            Status::Expired => "expired",
        }
    }

    /// Whether it takes the time of its resources (R10).
    pub const fn occupies(self) -> bool {
        !matches!(self, Status::Cancelled | Status::NoShow | Status::Moved | Status::Expired)
    }

    /// Whether nothing follows, short of reopening.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Status::Completed | Status::Cancelled | Status::NoShow | Status::Moved | Status::Expired)
    }

    /// Whether `to` may follow: scheduled → confirmed → checked in → in progress → completed; cancelled from any of
    /// the first three; no-show from the first two; scheduled may go straight to checked in.
    pub const fn can_become(self, to: Status) -> bool {
        use Status::{Cancelled, CheckedIn, Completed, Confirmed, Expired, Held, InProgress, NoShow, Pending, Scheduled};
        matches!(
            (self, to),
            (Held, Pending | Scheduled | Cancelled | Expired)
                | (Pending, Scheduled | Confirmed | Cancelled | Expired)
                | (Scheduled, Confirmed | CheckedIn | Cancelled | NoShow)
                | (Confirmed, CheckedIn | Cancelled | NoShow)
                | (CheckedIn, InProgress | Cancelled)
                | (InProgress, Completed)
        )
    }

    /// Whether whoever has just taken the step from `to` may take it back, within [`TAKES_BACK`] and as long as nothing came
    /// after: confirmed, checked in and begun are one click each, and a click may miss. It is no step of the visit itself: the
    /// log keeps both, and what is over is reopened instead.
    pub const fn can_take_back(self, to: Status) -> bool {
        use Status::{CheckedIn, Confirmed, InProgress, Scheduled};
        matches!((self, to), (Confirmed, Scheduled) | (CheckedIn, Scheduled | Confirmed) | (InProgress, CheckedIn))
    }

    /// Whether a manager may reopen it, with a reason, which makes it scheduled again and takes its time anew.
    pub const fn can_reopen(self) -> bool {
        matches!(self, Status::Completed | Status::Cancelled | Status::NoShow)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a status")]
pub struct UnknownStatus;

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(word: &str) -> Result<Self, UnknownStatus> {
        Status::ALL.into_iter().find(|status| status.as_str() == word).ok_or(UnknownStatus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::{Cancelled, CheckedIn, Completed, Confirmed, Expired, Held, InProgress, NoShow, Pending, Scheduled};

    fn followers(status: Status) -> Vec<Status> {
        Status::ALL.into_iter().filter(|to| status.can_become(*to)).collect()
    }

    #[test]
    fn a_visit_goes_from_scheduled_to_completed_step_by_step() {
        assert_eq!(followers(Scheduled), [Confirmed, CheckedIn, Cancelled, NoShow]);
        assert_eq!(followers(Confirmed), [CheckedIn, Cancelled, NoShow]);
        assert_eq!(followers(CheckedIn), [InProgress, Cancelled]);
        assert_eq!(followers(InProgress), [Completed]);
    }

    #[test]
    fn a_hold_or_a_request_becomes_a_booking_or_lapses() {
        assert_eq!(followers(Held), [Pending, Scheduled, Cancelled, Expired]);
        assert_eq!(followers(Pending), [Scheduled, Confirmed, Cancelled, Expired]);
    }

    #[test]
    fn nothing_follows_a_terminal_status() {
        for status in Status::ALL {
            assert_eq!(status.is_terminal(), followers(status).is_empty(), "{status}");
        }
    }

    #[test]
    fn a_completed_appointment_cannot_be_cancelled_but_reopened() {
        assert!(!Completed.can_become(Cancelled));
        assert!(Completed.can_reopen() && Cancelled.can_reopen() && NoShow.can_reopen());
        assert!(!Status::Moved.can_reopen() && !Expired.can_reopen() && !Scheduled.can_reopen());
    }

    #[test]
    fn only_a_step_that_can_be_taken_can_be_taken_back_and_never_one_that_ended_the_visit() {
        for (status, to) in Status::ALL.into_iter().flat_map(|status| Status::ALL.map(|to| (status, to))) {
            assert!(!status.can_take_back(to) || to.can_become(status) && !status.is_terminal(), "{status} to {to}");
        }
        assert!(CheckedIn.can_take_back(Confirmed) && !Completed.can_take_back(InProgress) && !Confirmed.can_take_back(Pending));
    }

    #[test]
    fn what_is_cancelled_missed_moved_or_expired_takes_no_time() {
        let free: Vec<Status> = Status::ALL.into_iter().filter(|status| !status.occupies()).collect();
        assert_eq!(free, [Cancelled, NoShow, Status::Moved, Expired]);
    }

    #[test]
    fn a_status_is_its_word_on_the_wire_and_in_the_database() {
        for status in Status::ALL {
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{status}\""));
            assert_eq!(status.as_str().parse::<Status>(), Ok(status));
        }
        assert_eq!("done".parse::<Status>(), Err(UnknownStatus));
    }
}
