//! Those who look on: how soon a change reaches a thousand of one clinic, and what ten thousand idle ones cost. Asked is
//! the server's own program; changes are made from here, as if by another server on the same database.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use platform::{
    actions,
    id::{EntityId, EntityRef},
};
use reqwest::{Client, header, redirect::Policy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Semaphore, mpsc},
    task::JoinSet,
};

use crate::{
    measure::Side,
    page::{Program, sign_in},
    report::Report,
    world::{Clinic, World},
};

/// How many look on while changes are made.
const VIEWERS: usize = 1_000;
/// How many are there in the end, with nothing to hear.
const IDLE: usize = 10_000;
/// Changes that are timed.
const CHANGES: usize = 40;
/// How many connect at the same moment.
const AT_ONCE: usize = 64;
/// How many of them are of one session: as many as one may have open.
const OF_ONE: usize = 32;

/// One who looks on: tells at which instant which change was heard.
struct Viewer {
    stream: TcpStream,
}

impl Viewer {
    /// Connects and waits for the greeting; none where there is no place.
    async fn come(address: &str, cookie: &str) -> Option<Viewer> {
        let mut stream = TcpStream::connect(address).await.ok()?;
        let head = format!("GET /live HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\naccept: text/event-stream\r\n\r\n");
        stream.write_all(head.as_bytes()).await.ok()?;
        let mut told = Vec::new();
        let mut part = [0; 1024];
        while !contains(&told, b"event: hello") {
            let read = stream.read(&mut part).await.ok()?;
            told.extend_from_slice(&part[..read]);
            if read == 0 || (contains(&told, b"\r\n\r\n") && !told.starts_with(b"HTTP/1.1 200")) {
                return None;
            }
        }
        Some(Viewer { stream })
    }

    /// Says when each change came, until the stream ends or nobody wants to know.
    async fn look(mut self, heard: mpsc::UnboundedSender<(EntityId, Instant)>) {
        let mut text = String::new();
        let mut part = [0; 2048];
        while let Ok(read @ 1..) = self.stream.read(&mut part).await {
            let at = Instant::now();
            text.push_str(&String::from_utf8_lossy(&part[..read]));
            while let Some(end) = text.find("\n\n") {
                let event: String = text.drain(..end + 2).collect();
                let id = event.split_once("\"entity_id\":\"").and_then(|(_, rest)| rest.get(..36)).and_then(|id| id.parse().ok());
                if let Some(id) = id
                    && heard.send((EntityId(id), at)).is_err()
                {
                    return;
                }
            }
        }
    }
}

fn contains(told: &[u8], word: &[u8]) -> bool {
    told.windows(word.len()).any(|window| window == word)
}

/// A viewer for each of these sessions.
async fn crowd(address: &str, cookies: impl IntoIterator<Item = &Arc<str>>) -> Vec<Viewer> {
    let (places, address) = (Arc::new(Semaphore::new(AT_ONCE)), Arc::<str>::from(address));
    let mut coming = JoinSet::new();
    for cookie in cookies {
        let (places, address, cookie) = (places.clone(), address.clone(), cookie.clone());
        coming.spawn(async move {
            let _place = places.acquire().await;
            Viewer::come(&address, &cookie).await
        });
    }
    coming.join_all().await.into_iter().flatten().collect()
}

pub async fn measure(report: &mut Report, world: &World, folder: &Path) {
    // The other ends of ten thousand connections are ours.
    server::limits::raise_open_files();
    let program = Program::start(world, folder).await;
    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    let mut cookies: Vec<Arc<str>> = Vec::with_capacity(IDLE);
    while cookies.len() < IDLE {
        let cookie = Arc::<str>::from(sign_in(&client, &program.base).await);
        let places = (IDLE - cookies.len()).min(OF_ONE);
        cookies.extend(std::iter::repeat_n(cookie, places));
    }
    let address = program.base.trim_start_matches("http://").to_owned();
    // Whatever the first requests fill is filled.
    drop(crowd(&address, &cookies[..AT_ONCE]).await);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = program.kilobytes();

    let (told, mut heard) = mpsc::unbounded_channel();
    let came = Instant::now();
    let viewers = crowd(&address, &cookies[..VIEWERS]).await;
    eprintln!("{} viewers came in {:.1} s", viewers.len(), came.elapsed().as_secs_f64());
    assert_eq!(viewers.len(), VIEWERS, "everybody has a place");
    let mut looking = JoinSet::new();
    for viewer in viewers {
        looking.spawn(viewer.look(told.clone()));
    }
    let (mut each, mut last) = (Vec::new(), Vec::new());
    for change in 0..CHANGES {
        // At no fixed moment of the server's own rhythm.
        tokio::time::sleep(Duration::from_millis(150 + (change as u64 * 37) % 90)).await;
        let times = one_change(world, change as u64, &mut heard).await;
        assert_eq!(times.len(), VIEWERS, "everybody hears it");
        last.push(times.iter().copied().fold(0.0, f64::max));
        each.extend(times);
    }
    report.within(&format!("a change reaches {VIEWERS} viewers of one clinic"), &Side::of(each), 250.0);
    report.within("the same, the last of them", &Side::of(last), 250.0);

    let came = Instant::now();
    let idle = crowd(&address, &cookies[VIEWERS..]).await;
    let there = idle.len() + VIEWERS;
    eprintln!("{there} viewers in all, the last {} in {:.1} s", idle.len(), came.elapsed().as_secs_f64());
    assert_eq!(there, IDLE, "everybody has a place");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let kilobytes = (program.kilobytes() - before) / there as f64;
    report.at_most(&format!("memory of each of {IDLE} idle viewers"), kilobytes, 40.0, "kB");
    let asked = beside(&client, &program.base, &cookies[0]).await;
    report.seen(&format!("a small request beside {IDLE} idle viewers"), &asked);
    drop(idle);
    looking.abort_all();
}

/// Changes something and waits until all have heard: after how many seconds each did.
async fn one_change(world: &World, change: u64, heard: &mut mpsc::UnboundedReceiver<(EntityId, Instant)>) -> Vec<f64> {
    let clinic = Clinic::number(0);
    // Another patient each time, so that nobody takes one change for the next.
    let id = clinic.patient(change);
    let mut tx = world.tx(&clinic).await;
    actions::record(&mut tx, EntityRef::new("gabinet:patient", id), "updated", None, None).await.expect("it is logged");
    tx.commit().await.expect("it is committed");
    let committed = Instant::now();
    let mut times = Vec::with_capacity(VIEWERS);
    while times.len() < VIEWERS {
        match tokio::time::timeout(Duration::from_secs(10), heard.recv()).await {
            Ok(Some((which, at))) if which == id => times.push(at.saturating_duration_since(committed).as_secs_f64()),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => break,
        }
    }
    times
}

/// How others are served meanwhile.
async fn beside(client: &Client, base: &str, cookie: &str) -> Side {
    let mut failures = 0;
    let mut times = Vec::new();
    for _ in 0..200 {
        let began = Instant::now();
        let asked = client.get(format!("{base}/health/ready")).header(header::COOKIE, cookie).send().await;
        if !asked.is_ok_and(|answer| answer.status().is_success()) {
            failures += 1;
        }
        times.push(began.elapsed().as_secs_f64());
    }
    assert_eq!(failures, 0, "others are served");
    Side::of(times)
}
