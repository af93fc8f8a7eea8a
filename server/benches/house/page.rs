//! The calendar's week as a page, over HTTP, from the server's own program.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use reqwest::{Client, StatusCode, header, redirect::Policy};

use crate::{
    measure::{Side, alone},
    report::Report,
    world::{CLOCK, Clinic, PASSWORD, WEEK, World},
};

/// How many ask at once.
const READERS: usize = 16;

/// The server's own program, while it is held.
pub struct Program {
    child: Child,
    /// Where it listens: `http://127.0.0.1:4567`.
    pub base: String,
}

impl Program {
    pub async fn start(world: &World, folder: &Path) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
        command
            .env("ATRIUM_ADDR", "127.0.0.1:0")
            .env("ATRIUM_DATA", folder.join("unused"))
            .env("ATRIUM_SITE", site(folder))
            .env("ATRIUM_CLOCK", CLOCK)
            .env("ATRIUM_DEMO", "0")
            .env("ATRIUM_MODE", "development")
            .env("RUST_LOG", "warn")
            .env("DATABASE_URL", &world.url)
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let output = child.stdout.take().expect("its output is ours");
        let base = tokio::task::spawn_blocking(move || {
            let mut lines = BufReader::new(output).lines().map_while(Result::ok);
            lines.find_map(|line| line.strip_prefix("Atrium is ready at ").map(str::to_owned))
        });
        let base = base.await.expect("the reader ends").expect("the server says where it is");
        Program { child, base }
    }

    /// How much memory it holds at this moment.
    pub fn kilobytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse().expect("the system tells")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The browser's files where they have been built; the page is the same without them.
fn site(folder: &Path) -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../site");
    if built.join("manifest.json").exists() {
        return built;
    }
    let site = folder.join("site");
    std::fs::create_dir_all(&site).expect("a folder");
    std::fs::write(site.join("manifest.json"), r#"{"pkg":"pkg-none"}"#).expect("a manifest");
    site
}

pub async fn measure(report: &mut Report, world: &World, folder: &Path) {
    let program = Program::start(world, folder).await;
    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    let cookie = sign_in(&client, &program.base).await;
    for span in ["week", "day"] {
        let address = format!("{}/dashboard/calendar?view={span}&date={}", program.base, WEEK.0);
        let (size, html) = read(&client, &address, &cookie, "identity").await;
        let events = html.matches("Anna Nowak").count();
        let (packed, _) = read(&client, &address, &cookie, "br").await;
        eprintln!("{span}: {size} bytes, {packed} packed, the visits' title {events} times");
        assert!(events >= 100, "the page shows the visits");
        let visits = if span == "week" { 500 } else { 100 };
        for readers in [1, READERS] {
            let times = read_by(readers, Duration::from_secs(8), &client, &address, &cookie).await;
            let what = format!("page of the {span}, {visits} visits, {readers} at once");
            if readers == 1 {
                report.seen(&format!("{what}, first byte"), &times.first);
            } else {
                report.within(&format!("{what}, first byte"), &times.first, 100.0);
            }
            report.seen(&format!("{what}, last byte"), &times.last);
        }
    }
}

/// From the request to the first byte of the document, and to its last.
struct Times {
    first: Side,
    last: Side,
}

/// So many readers at once, each of whom asks again when all of the page is there.
async fn read_by(readers: usize, span: Duration, client: &Client, address: &str, cookie: &str) -> Times {
    let firsts = Arc::new(Mutex::new(Vec::new()));
    let last = alone(readers, span, {
        let (client, address, cookie, firsts) = (client.clone(), address.to_owned(), cookie.to_owned(), firsts.clone());
        move |_| {
            let (client, address, cookie, firsts) = (client.clone(), address.clone(), cookie.clone(), firsts.clone());
            async move {
                let began = Instant::now();
                let asked = client.get(address).header(header::COOKIE, cookie).header(header::ACCEPT_ENCODING, "br");
                let mut answer = asked.send().await.expect("the server answers");
                assert_eq!(answer.status(), StatusCode::OK);
                answer.chunk().await.expect("a page").expect("its beginning");
                let first = began.elapsed().as_secs_f64();
                while answer.chunk().await.expect("a whole page").is_some() {}
                firsts.lock().expect("no reader fails").push(first);
            }
        }
    })
    .await;
    let mut firsts = std::mem::take(&mut *firsts.lock().expect("no reader fails"));
    // Those of the turn before, in which caches were filled, are not counted.
    firsts.drain(..firsts.len() - last.count());
    Times { first: last.with(firsts), last }
}

/// By the form, as a browser does.
pub async fn sign_in(client: &Client, base: &str) -> String {
    let form = [("email", Clinic::email(0)), ("password", PASSWORD.to_owned())];
    let answer = client.post(format!("{base}/sign-in")).header(header::ORIGIN, base).form(&form).send().await.expect("the server answers");
    let cookie = answer.headers().get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok()).expect("a session");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

async fn read(client: &Client, address: &str, cookie: &str, encoding: &str) -> (usize, String) {
    let asked = client.get(address).header(header::COOKIE, cookie).header(header::ACCEPT_ENCODING, encoding);
    let answer = asked.send().await.expect("the server answers");
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = answer.bytes().await.expect("a page");
    (bytes.len(), String::from_utf8_lossy(&bytes).into_owned())
}
