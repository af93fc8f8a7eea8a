//! Ours and raw by turns, so that whatever else the machine does meets both.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Turns of each side.
const ROUNDS: usize = 7;

/// What one side took, in all rounds.
#[derive(Default)]
pub struct Side {
    /// Seconds of each answer.
    times: Vec<f64>,
    /// Answers a second, round by round.
    rates: Vec<f64>,
}

impl Side {
    /// Of answers that were timed elsewhere, in seconds.
    pub fn of(times: Vec<f64>) -> Side {
        let rate = times.len() as f64 / times.iter().sum::<f64>();
        Side { times, rates: vec![rate] }
    }

    /// Other times of the same answers, in seconds.
    pub fn with(&self, times: Vec<f64>) -> Side {
        Side { times, rates: self.rates.clone() }
    }

    /// How many answers came.
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// Answers a second in the middle round.
    pub fn rate(&self) -> f64 {
        median(self.rates.clone())
    }

    /// Milliseconds within which so many of a hundred answers came.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(place).copied().unwrap_or(f64::NAN) * 1_000.0
    }
}

/// Ours beside raw SQL.
pub struct Pair {
    pub ours: Side,
    pub raw: Side,
}

impl Pair {
    /// How many times raw SQL's rate ours is: in the middle round, in the worst and in the best.
    pub fn ratio(&self) -> (f64, f64, f64) {
        let ratios: Vec<f64> = self.ours.rates.iter().zip(&self.raw.rates).map(|(ours, raw)| ours / raw).collect();
        let worst = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let best = ratios.iter().copied().fold(0.0, f64::max);
        (median(ratios), worst, best)
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// So many workers at once ask again and again for a while; each is told its number.
pub async fn alone<F, Fut>(workers: usize, span: Duration, work: F) -> Side
where
    F: Fn(usize) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send,
{
    let work = Arc::new(work);
    let mut side = Side::default();
    // Statements are prepared, caches filled.
    turn(workers, span / 10, &work, &mut Side::default()).await;
    turn(workers, span, &work, &mut side).await;
    side
}

/// The two by turns.
pub async fn beside<F, G, FutF, FutG>(workers: usize, span: Duration, ours: F, raw: G) -> Pair
where
    F: Fn(usize) -> FutF + Send + Sync + 'static,
    G: Fn(usize) -> FutG + Send + Sync + 'static,
    FutF: Future<Output = ()> + Send,
    FutG: Future<Output = ()> + Send,
{
    let (ours, raw) = (Arc::new(ours), Arc::new(raw));
    let mut pair = Pair { ours: Side::default(), raw: Side::default() };
    for round in 0..=ROUNDS {
        if round == 0 {
            turn(workers, span / 2, &ours, &mut Side::default()).await;
            turn(workers, span / 2, &raw, &mut Side::default()).await;
            continue;
        }
        turn(workers, span, &ours, &mut pair.ours).await;
        turn(workers, span, &raw, &mut pair.raw).await;
    }
    pair
}

async fn turn<F, Fut>(workers: usize, span: Duration, work: &Arc<F>, side: &mut Side)
where
    F: Fn(usize) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send,
{
    let began = Instant::now();
    let running: Vec<_> = (0..workers)
        .map(|worker| {
            let work = work.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                while began.elapsed() < span {
                    let before = Instant::now();
                    work(worker).await;
                    times.push(before.elapsed().as_secs_f64());
                }
                times
            })
        })
        .collect();
    let mut answers = 0;
    for worker in running {
        let times = worker.await.expect("no worker fails");
        answers += times.len();
        side.times.extend(times);
    }
    side.rates.push(answers as f64 / began.elapsed().as_secs_f64());
}
