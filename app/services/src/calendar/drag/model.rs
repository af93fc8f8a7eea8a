//! What a pointer does to the grid, as a state machine without a browser in it: press, lift, move, drop.

/// Further than this and a pressed mouse drags instead of clicking, in pixels.
pub const CLICK_SLOP: f64 = 4.0;
/// Further than this before the long press is over and a finger scrolls, in pixels.
pub const TOUCH_SLOP: f64 = 10.0;
/// How long a finger rests before it lifts what is under it, in milliseconds.
pub const LONG_PRESS: u64 = 350;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// An event goes to another time or column.
    Move,
    /// An event gets another end.
    Resize,
    /// An event gets another start.
    Begin,
    /// A new one is drawn on empty space.
    Create,
}

/// A place in the grid under the pointer: the column and the minute of the scale, not yet snapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Index of the column.
    pub column: usize,
    /// Minute of the scale.
    pub minute: i32,
}

/// A stretch of a column, snapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Index of the column.
    pub column: usize,
    /// First minute of the scale.
    pub start: i32,
    /// First minute after it.
    pub end: i32,
}

/// The grid that is snapped to, and its bounds, in minutes of the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snap {
    /// 15, or 5 in the fine grid, or 1 with the modifier key (R17).
    pub minutes: i32,
    /// First minute shown.
    pub from: i32,
    /// First minute no longer shown.
    pub to: i32,
}

/// What has come of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing to do.
    Nothing,
    /// It is lifted: show the ghost here.
    Lifted(Target),
    /// The ghost goes here.
    Moved(Target),
    /// It was only a click; the browser's own click event follows.
    Clicked,
    /// The finger scrolls; nothing is lifted.
    Scrolled,
    /// It was dropped here.
    Dropped(Target),
    /// It was dropped where the grid had it already: put back, unless the pointer is over something beside the grid.
    Returned(Target),
    /// It was put back.
    Aborted,
}

#[derive(Clone, Copy, Debug, Default)]
enum Phase {
    #[default]
    Idle,
    Pressed {
        touch: bool,
        x: f64,
        y: f64,
    },
    Lifted {
        target: Target,
    },
}

/// One pointer's doings. There is only one at a time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine {
    phase: Phase,
    grip: Option<Grip>,
    origin: Option<Target>,
    pressed: Option<Spot>,
}

impl Machine {
    /// A pointer goes down on something that was at `origin`; for a new one `origin` is the cell itself.
    pub fn press(&mut self, grip: Grip, touch: bool, (x, y): (f64, f64), spot: Spot, origin: Target) {
        *self = Self { phase: Phase::Pressed { touch, x, y }, grip: Some(grip), origin: Some(origin), pressed: Some(spot) };
    }

    /// The pointer moves.
    pub fn moved(&mut self, (x, y): (f64, f64), spot: Spot, snap: Snap) -> Step {
        match self.phase {
            Phase::Idle => Step::Nothing,
            Phase::Pressed { touch, x: from_x, y: from_y } => {
                let far = (x - from_x).hypot(y - from_y);
                if touch {
                    // Scrolling wins until the long press is over.
                    if far <= TOUCH_SLOP {
                        return Step::Nothing;
                    }
                    *self = Self::default();
                    Step::Scrolled
                } else if far > CLICK_SLOP {
                    self.lift(spot, snap)
                } else {
                    Step::Nothing
                }
            }
            Phase::Lifted { target } => {
                let next = self.target(spot, snap);
                self.phase = Phase::Lifted { target: next };
                if next == target { Step::Nothing } else { Step::Moved(next) }
            }
        }
    }

    /// The finger has rested long enough.
    pub fn held(&mut self, snap: Snap) -> Step {
        match (self.phase, self.pressed) {
            (Phase::Pressed { touch: true, .. }, Some(spot)) => self.lift(spot, snap),
            _ => Step::Nothing,
        }
    }

    /// The pointer goes up.
    pub fn released(&mut self) -> Step {
        let phase = self.phase;
        let origin = self.origin;
        let drawn = self.grip == Some(Grip::Create);
        *self = Self::default();
        match phase {
            Phase::Idle => Step::Nothing,
            Phase::Pressed { .. } => Step::Clicked,
            // Putting something back where it was changes nothing (R11).
            Phase::Lifted { target } if Some(target) == origin && !drawn => Step::Returned(target),
            Phase::Lifted { target } => Step::Dropped(target),
        }
    }

    /// Escape, or the browser has taken the pointer away.
    pub fn cancel(&mut self) -> Step {
        let lifted = self.is_lifted();
        *self = Self::default();
        if lifted { Step::Aborted } else { Step::Nothing }
    }

    /// The page was turned under what is in the air: nowhere on this one is where it was.
    pub fn turned(&mut self) {
        if let Some(origin) = &mut self.origin {
            origin.column = usize::MAX;
        }
    }

    /// Whether something is in the air.
    pub fn is_lifted(&self) -> bool {
        matches!(self.phase, Phase::Lifted { .. })
    }

    /// Whether a pointer is down.
    pub fn is_pressed(&self) -> bool {
        !matches!(self.phase, Phase::Idle)
    }

    fn lift(&mut self, spot: Spot, snap: Snap) -> Step {
        let target = self.target(spot, snap);
        self.phase = Phase::Lifted { target };
        Step::Lifted(target)
    }

    fn target(&self, spot: Spot, snap: Snap) -> Target {
        match (self.grip, self.origin, self.pressed) {
            (Some(grip), Some(origin), Some(pressed)) => target(grip, origin, pressed, spot, snap),
            _ => Target { column: spot.column, start: spot.minute, end: spot.minute },
        }
    }
}

/// Where something from `origin`, taken at `pressed`, is when the pointer is at `spot` (R17: the grid is absolute,
/// the length is kept).
pub fn target(grip: Grip, origin: Target, pressed: Spot, spot: Spot, snap: Snap) -> Target {
    match grip {
        Grip::Move => {
            let length = origin.end - origin.start;
            let wanted = nearest(origin.start + spot.minute - pressed.minute, snap.minutes);
            // What has begun before the first line shown may stay there; nothing new goes there.
            let lowest = snap.from.min(origin.start);
            let start = wanted.min(snap.to - length.min(snap.minutes)).max(lowest);
            Target { column: spot.column, start, end: start + length }
        }
        Grip::Resize => {
            let end = nearest(origin.end + spot.minute - pressed.minute, snap.minutes);
            Target { end: end.min(snap.to.max(origin.end)).max(origin.start + snap.minutes), ..origin }
        }
        Grip::Begin => {
            let start = nearest(origin.start + spot.minute - pressed.minute, snap.minutes);
            Target { start: start.max(snap.from.min(origin.start)).min(origin.end - snap.minutes.min(origin.end - origin.start)), ..origin }
        }
        Grip::Create => {
            let anchor = below(pressed.minute, snap.minutes);
            let here = below(spot.minute, snap.minutes);
            Target { column: origin.column, start: anchor.min(here).max(snap.from), end: (anchor.max(here) + snap.minutes).min(snap.to) }
        }
    }
}

/// The nearest line of the grid.
fn nearest(minute: i32, step: i32) -> i32 {
    below(minute + step / 2, step)
}

/// The line at or before.
pub fn below(minute: i32, step: i32) -> i32 {
    minute.div_euclid(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNAP: Snap = Snap { minutes: 15, from: 420, to: 1140 };
    const VISIT: Target = Target { column: 0, start: 635, end: 680 };

    fn spot(column: usize, minute: i32) -> Spot {
        Spot { column, minute }
    }

    fn pressed(grip: Grip, touch: bool) -> Machine {
        let mut machine = Machine::default();
        machine.press(grip, touch, (100.0, 100.0), spot(0, 640), VISIT);
        machine
    }

    #[test]
    fn a_mouse_that_hardly_moves_clicks() {
        let mut machine = pressed(Grip::Move, false);
        assert_eq!(machine.moved((102.0, 103.0), spot(0, 643), SNAP), Step::Nothing);
        assert_eq!(machine.released(), Step::Clicked);
        assert!(!machine.is_pressed());
    }

    #[test]
    fn a_drag_snaps_to_the_absolute_grid_and_keeps_the_length() {
        let mut machine = pressed(Grip::Move, false);
        let lifted = machine.moved((100.0, 110.0), spot(0, 650), SNAP);
        assert_eq!(lifted, Step::Lifted(Target { column: 0, start: 645, end: 690 }));
        let moved = machine.moved((300.0, 110.0), spot(2, 651), SNAP);
        assert_eq!(moved, Step::Moved(Target { column: 2, start: 645, end: 690 }));
        assert_eq!(machine.moved((301.0, 110.0), spot(2, 652), SNAP), Step::Nothing);
        assert_eq!(machine.released(), Step::Dropped(Target { column: 2, start: 645, end: 690 }));
    }

    #[test]
    fn the_modifier_gives_single_minutes() {
        let mut machine = pressed(Grip::Move, false);
        let step = machine.moved((100.0, 120.0), spot(0, 647), Snap { minutes: 1, ..SNAP });
        assert_eq!(step, Step::Lifted(Target { column: 0, start: 642, end: 687 }));
    }

    #[test]
    fn escape_puts_it_back_and_a_later_release_does_nothing() {
        let mut machine = pressed(Grip::Move, false);
        machine.moved((100.0, 140.0), spot(0, 700), SNAP);
        assert_eq!(machine.cancel(), Step::Aborted);
        assert_eq!(machine.released(), Step::Nothing);
        assert_eq!(pressed(Grip::Move, false).cancel(), Step::Nothing);
    }

    #[test]
    fn dropping_where_it_was_changes_nothing() {
        let mut machine = Machine::default();
        let origin = Target { column: 0, start: 630, end: 675 };
        machine.press(Grip::Move, false, (0.0, 0.0), spot(0, 640), origin);
        machine.moved((0.0, 30.0), spot(0, 670), SNAP);
        machine.moved((0.0, 1.0), spot(0, 641), SNAP);
        assert_eq!(machine.released(), Step::Returned(origin));
    }

    #[test]
    fn a_finger_that_moves_early_scrolls_and_one_that_rests_lifts() {
        let mut machine = pressed(Grip::Move, true);
        assert_eq!(machine.moved((100.0, 108.0), spot(0, 648), SNAP), Step::Nothing);
        assert_eq!(machine.moved((100.0, 112.0), spot(0, 652), SNAP), Step::Scrolled);
        assert_eq!(machine.held(SNAP), Step::Nothing);

        let mut machine = pressed(Grip::Move, true);
        assert!(matches!(machine.held(SNAP), Step::Lifted(_)));
        assert!(matches!(machine.moved((100.0, 160.0), spot(0, 700), SNAP), Step::Moved(_)));
    }

    #[test]
    fn a_mouse_that_rests_lifts_nothing() {
        assert_eq!(pressed(Grip::Move, false).held(SNAP), Step::Nothing);
    }

    #[test]
    fn the_grip_changes_the_end_alone_and_leaves_at_least_one_step() {
        let longer = target(Grip::Resize, VISIT, spot(0, 680), spot(3, 712), SNAP);
        assert_eq!(longer, Target { column: 0, start: 635, end: 705 });
        let shortest = target(Grip::Resize, VISIT, spot(0, 680), spot(0, 500), SNAP);
        assert_eq!(shortest, Target { column: 0, start: 635, end: 650 });
    }

    #[test]
    fn the_upper_grip_changes_the_start_alone() {
        let earlier = target(Grip::Begin, VISIT, spot(0, 636), spot(2, 607), SNAP);
        assert_eq!(earlier, Target { column: 0, start: 600, end: 680 });
        let shortest = target(Grip::Begin, VISIT, spot(0, 636), spot(0, 900), SNAP);
        assert_eq!((shortest.start, shortest.end), (665, 680));
        let highest = target(Grip::Begin, VISIT, spot(0, 636), spot(0, 0), SNAP);
        assert_eq!(highest.start, 420);
    }

    #[test]
    fn what_comes_back_to_its_place_on_another_page_is_dropped_there() {
        let mut machine = Machine::default();
        let origin = Target { column: 0, start: 630, end: 675 };
        machine.press(Grip::Move, false, (0.0, 0.0), spot(0, 640), origin);
        machine.moved((0.0, 30.0), spot(0, 670), SNAP);
        machine.turned();
        machine.moved((0.0, 1.0), spot(0, 641), SNAP);
        assert_eq!(machine.released(), Step::Dropped(origin));
    }

    #[test]
    fn drawing_upwards_is_as_good_as_downwards() {
        let down = target(Grip::Create, VISIT, spot(1, 611), spot(1, 652), SNAP);
        assert_eq!((down.start, down.end), (600, 660));
        let up = target(Grip::Create, VISIT, spot(1, 611), spot(1, 572), SNAP);
        assert_eq!((up.start, up.end), (570, 615));
        let cell = target(Grip::Create, VISIT, spot(1, 611), spot(1, 612), SNAP);
        assert_eq!((cell.start, cell.end), (600, 615));
    }

    #[test]
    fn nothing_is_moved_out_of_what_is_shown() {
        let up = target(Grip::Move, VISIT, spot(0, 640), spot(0, 10), SNAP);
        assert_eq!(up.start, 420);
        let down = target(Grip::Move, VISIT, spot(0, 640), spot(0, 2000), SNAP);
        assert_eq!(down.start, 1125);
    }
}
