//! The calendar's week as a page, over HTTP, from the server's own program.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use reqwest::{Client, StatusCode, header, redirect::Policy};

use crate::{
    measure::alone,
    report::Report,
    world::{CLOCK, Clinic, PASSWORD, WEEK, World},
};

/// How many ask at once.
const READERS: usize = 16;

struct Program {
    child: Child,
    base: String,
}

impl Program {
    async fn start(world: &World, folder: &Path) -> Program {
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
        for (readers, demanded) in [(1, None), (READERS, Some(100.0))] {
            let (client, address, cookie) = (client.clone(), address.clone(), cookie.clone());
            let first_byte = alone(readers, Duration::from_secs(6), move |_| {
                let (client, address, cookie) = (client.clone(), address.clone(), cookie.clone());
                async move {
                    let asked = client.get(address).header(header::COOKIE, cookie).header(header::ACCEPT_ENCODING, "br");
                    let mut answer = asked.send().await.expect("the server answers");
                    assert_eq!(answer.status(), StatusCode::OK);
                    answer.chunk().await.expect("a page").expect("its beginning");
                }
            })
            .await;
            let visits = if span == "week" { 500 } else { 100 };
            let what = format!("page of the {span}, {visits} visits, first byte, {readers} at once");
            match demanded {
                Some(milliseconds) => report.within(&what, &first_byte, milliseconds),
                None => report.seen(&what, &first_byte),
            }
        }
    }
}

/// By the form, as a browser does.
async fn sign_in(client: &Client, base: &str) -> String {
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
