//! Asking others: with a deadline, a few times, and not at all for a while once they have not answered for a while.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use platform::{Error, Result, State, jobs::Failed, sealing::Sealer};
use reqwest::{Client, RequestBuilder, StatusCode, header, redirect};
use serde_json::Value;

use super::{Provider, Settings};

/// One answer takes no longer.
const DEADLINE: Duration = Duration::from_secs(15);
/// No answer is larger.
const LARGEST: usize = 8 * 1024 * 1024;
/// How often a question that changes nothing when it is asked twice is asked.
const ATTEMPTS: u32 = 3;
/// After so many failures one after the other nobody is asked for a while.
const PATIENCE: u32 = 5;
const REST: Duration = Duration::from_secs(60);

/// Everything outside: settings, the client, the key, and who is away. Kept in the state's extensions.
#[derive(Clone)]
pub struct Outside {
    pub settings: Arc<Settings>,
    pub(super) http: Client,
    pub(super) sealer: Sealer,
    breakers: Arc<[Mutex<Breaker>; 2]>,
}

#[derive(Default)]
struct Breaker {
    failures: u32,
    open_until: Option<Instant>,
}

/// What keeps the other side from doing what was asked.
#[derive(Debug)]
pub(super) enum Trouble {
    /// 401: the token is not (any more) good.
    Unauthorized,
    /// 403 for lack of rights.
    Denied,
    /// 404.
    Absent,
    /// 409.
    There,
    /// 410: deleted, or a cursor that is too old.
    Gone,
    /// 412: changed meanwhile.
    Changed,
    /// Any other 4xx: it does not take this.
    Rejected(Value),
    /// It asks for patience.
    Slow(Option<Duration>),
    /// It does not answer, or with a fault of its own.
    Away,
    /// It was not asked, for it was away a moment ago.
    Resting(Duration),
    /// The member whose connection it is may not have one any more.
    Member,
    /// A fault here.
    Here(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Here(error)
    }
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unauthorized => Failed::fatal("refused"),
            Trouble::Denied => Failed::fatal("denied"),
            Trouble::Absent => Failed::fatal("calendar"),
            Trouble::Member => Failed::fatal("member"),
            Trouble::There | Trouble::Gone | Trouble::Changed | Trouble::Rejected(_) => Failed::again("rejected"),
            Trouble::Slow(wait) => Failed { wait, ..Failed::again("slow") },
            Trouble::Away => Failed::again("away"),
            Trouble::Resting(wait) => Failed { wait: Some(wait), put_off: true, ..Failed::again("away") },
            Trouble::Here(error) => Failed::from(error),
        }
    }
}

/// What was answered.
pub(super) struct Answer {
    pub(super) body: Value,
}

impl Outside {
    /// With these settings and this key.
    ///
    /// # Errors
    /// `Internal` where TLS cannot be had.
    pub fn new(settings: Settings, sealer: Sealer) -> Result<Outside> {
        let http = Client::builder()
            .timeout(DEADLINE)
            .connect_timeout(Duration::from_secs(5))
            .redirect(redirect::Policy::none())
            .user_agent("Atrium")
            .build()
            .map_err(Error::internal)?;
        Ok(Outside { settings: Arc::new(settings), http, sealer, breakers: Arc::default() })
    }

    /// The one this server has.
    ///
    /// # Errors
    /// `Unavailable` where it has none.
    pub fn of(state: &State) -> Result<&Outside> {
        state.extension::<Outside>().ok_or(Error::Unavailable)
    }

    /// Asks. `again`: whether the question may be asked more than once for one answer.
    pub(super) async fn ask(&self, whom: Provider, request: RequestBuilder, again: bool) -> Result<Answer, Trouble> {
        let mut attempt = 1;
        self.patient(whom)?;
        loop {
            let request = request.try_clone().ok_or_else(|| Error::internal("a question that cannot be repeated"))?;
            let answered = answer(request).await;
            self.note(whom, matches!(answered, Err(Trouble::Away)));
            match answered {
                Err(Trouble::Away) if again && attempt < ATTEMPTS => {
                    let pause = 200 * u64::from(2u32.pow(attempt));
                    tokio::time::sleep(Duration::from_millis(pause / 2 + rand::random_range(0..=pause / 2))).await;
                    attempt += 1;
                }
                answered => return answered,
            }
        }
    }

    fn breaker(&self, whom: Provider) -> &Mutex<Breaker> {
        match whom {
            Provider::Google => &self.breakers[0],
            Provider::CalCom => &self.breakers[1],
        }
    }

    /// Whether it may be asked. When its rest is over the next question tries it, and one failure more lets it rest again.
    fn patient(&self, whom: Provider) -> Result<(), Trouble> {
        let breaker = self.breaker(whom).lock().unwrap_or_else(PoisonError::into_inner);
        match breaker.open_until.and_then(|until| until.checked_duration_since(Instant::now())) {
            Some(rest) if !rest.is_zero() => Err(Trouble::Resting(rest)),
            _ => Ok(()),
        }
    }

    fn note(&self, whom: Provider, failed: bool) {
        let mut breaker = self.breaker(whom).lock().unwrap_or_else(PoisonError::into_inner);
        if !failed {
            *breaker = Breaker::default();
            return;
        }
        breaker.failures += 1;
        if breaker.failures >= PATIENCE {
            breaker.open_until = Some(Instant::now() + REST);
        }
    }
}

async fn answer(request: RequestBuilder) -> Result<Answer, Trouble> {
    let mut response = request.send().await.map_err(|_| Trouble::Away)?;
    let status = response.status();
    let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
    let wait = wait.map(|seconds| Duration::from_secs(seconds.min(3600)));
    let mut bytes = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|_| Trouble::Away)? {
        bytes.extend_from_slice(&part);
        if bytes.len() > LARGEST {
            return Err(Trouble::Rejected(Value::Null));
        }
    }
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or(Value::Null) };
    Err(match status {
        status if status.is_success() => return Ok(Answer { body }),
        StatusCode::UNAUTHORIZED => Trouble::Unauthorized,
        StatusCode::FORBIDDEN if hurried(&body) => Trouble::Slow(wait),
        StatusCode::FORBIDDEN => Trouble::Denied,
        StatusCode::NOT_FOUND => Trouble::Absent,
        StatusCode::CONFLICT => Trouble::There,
        StatusCode::GONE => Trouble::Gone,
        StatusCode::PRECONDITION_FAILED => Trouble::Changed,
        StatusCode::TOO_MANY_REQUESTS => Trouble::Slow(wait),
        StatusCode::REQUEST_TIMEOUT => Trouble::Away,
        status if status.is_client_error() => Trouble::Rejected(body),
        _ => Trouble::Away,
    })
}

/// Google says by 403 that it was asked too often, and why in a word.
fn hurried(body: &Value) -> bool {
    let reasons = body["error"]["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    reasons.iter().filter_map(|one| one["reason"].as_str()).any(|reason| {
        matches!(
            reason,
            "rateLimitExceeded" | "userRateLimitExceeded" | "quotaExceeded" | "calendarUsageLimitsExceeded" | "dailyLimitExceeded"
        )
    })
}
