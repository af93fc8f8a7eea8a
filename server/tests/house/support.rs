//! A real server process on a private database of its own, and a client that speaks to its REST door.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// The instant at which the clock of every test server starts: a Tuesday morning at the clinic.
pub const CLOCK: &str = "2026-11-24T07:00:00Z";

/// A folder that goes away with its owner. Below /tmp, because the database's socket path must be short and the user
/// it runs as must be able to reach it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("atrium-{name}-{}-{}", std::process::id(), uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&path).expect("a folder below /tmp");
        let site = path.join("site");
        std::fs::create_dir_all(site.join("pkg-test")).expect("a site folder");
        std::fs::write(site.join("manifest.json"), r#"{"pkg":"pkg-test"}"#).expect("a manifest");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server process.
pub struct Server {
    child: Child,
    pub base: String,
}

impl Server {
    /// Starts a server on the private database in `folder`, or on the one at `database`.
    pub async fn start(folder: &Folder, database: Option<&str>) -> Self {
        Self::start_at(folder, database, "127.0.0.1:0").await
    }

    /// The same at a given address: where a killed one was.
    pub async fn start_at(folder: &Folder, database: Option<&str>, addr: &str) -> Self {
        Self::begin(folder, database, addr, &[]).await
    }

    /// Starts a server that may ask calendars elsewhere, by these settings.
    pub async fn start_with(folder: &Folder, database: Option<&str>, settings: &[(&str, &str)]) -> Self {
        Self::begin(folder, database, "127.0.0.1:0", settings).await
    }

    async fn begin(folder: &Folder, database: Option<&str>, addr: &str, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
        command.envs(settings.iter().copied());
        command
            .env("ATRIUM_ADDR", addr)
            .env("ATRIUM_DATA", folder.path().join("data"))
            .env("ATRIUM_SITE", folder.path().join("site"))
            .env("ATRIUM_CLOCK", CLOCK)
            .env("ATRIUM_DEMO", "1")
            .env("ATRIUM_MODE", "development")
            .env("RUST_LOG", "warn")
            .env_remove("DATABASE_URL")
            .stdout(Stdio::piped());
        if let Some(url) = database {
            command.env("DATABASE_URL", url);
        }
        let mut child = command.spawn().expect("the server starts");
        let stdout = child.stdout.take().expect("its output is ours");
        let base = tokio::task::spawn_blocking(move || {
            let mut lines = BufReader::new(stdout).lines();
            let base = lines.by_ref().map_while(Result::ok).find_map(|line| line.strip_prefix("Atrium is ready at ").map(str::to_owned));
            // Whatever else it says is read, so that it never waits for its reader.
            std::thread::spawn(move || lines.for_each(drop));
            base
        })
        .await
        .expect("the reader ends")
        .expect("the server says where it is");
        Self { child, base }
    }

    /// Ends the process the hard way.
    pub fn kill(&mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it is gone");
    }

    /// Ends it in order, its database with it.
    pub fn stop(mut self) {
        let pid = i32::try_from(self.child.id()).expect("a pid");
        // SAFETY: sends a signal to our own child.
        #[allow(unsafe_code)]
        unsafe {
            libc::kill(pid, libc::SIGTERM);
        }
        let until = Instant::now() + Duration::from_secs(15);
        while Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server did not stop within 15 s");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let pid = i32::try_from(self.child.id()).expect("a pid");
            // SAFETY: sends a signal to our own child; in order, so that its database ends too.
            #[allow(unsafe_code)]
            unsafe {
                libc::kill(pid, libc::SIGTERM);
            }
            let _ = self.child.wait();
        }
    }
}

/// Waits until the server at `base` says that it is ready.
pub async fn ready(base: &str) {
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        if let Ok(answer) = reqwest::get(format!("{base}/health/ready")).await
            && answer.status() == StatusCode::OK
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{base} was not ready within 30 s");
}

/// Somebody signed in by REST.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    pub base: String,
    token: Option<String>,
}

impl Client {
    pub fn stranger(base: &str) -> Self {
        Self {
            http: reqwest::Client::builder().timeout(Duration::from_secs(30)).build().expect("a client"),
            base: base.to_owned(),
            token: None,
        }
    }

    /// Signs in as one of the demo's people.
    pub async fn sign_in(base: &str, email: &str) -> Self {
        let mut client = Self::stranger(base);
        let answer = client.post("/auth/staff/login", &json!({ "email": email, "password": server::demo::PASSWORD })).await;
        assert_eq!(answer.status(), StatusCode::OK, "{email} signs in");
        let body: Value = answer.json().await.expect("tokens");
        client.token = Some(body["access_token"].as_str().expect("an access token").to_owned());
        client
    }

    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.expect("the server answers")
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = self.request(Method::GET, path).send().await.expect("the server answers");
        assert_eq!(answer.status(), StatusCode::OK, "GET {path}");
        answer.json().await.expect("JSON")
    }
}

/// The address of a test database, for a server process.
pub fn url(database: &platform::testing::Database) -> String {
    use sqlx::ConnectOptions;
    database.owner().to_url_lossy().to_string()
}

/// Connections as the database's owner, who sees all tenants.
pub async fn owner(database: &platform::testing::Database) -> sqlx::PgPool {
    sqlx::postgres::PgPoolOptions::new().max_connections(2).connect_with(database.owner().clone()).await.expect("the database answers")
}
