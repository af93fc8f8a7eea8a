//! Settings, all from the environment.
//!
//! | name | meaning | default |
//! | --- | --- | --- |
//! | `ATRIUM_ADDR` | address and port to listen on | `127.0.0.1:3000` |
//! | `ATRIUM_DATA` | folder of the private database cluster | `data` |
//! | `ATRIUM_SITE` | folder of the browser's files, as the bundler leaves it | `site` |
//! | `DATABASE_URL` | a PostgreSQL (15 or later) to use instead of the private cluster; its role must be able to create tables, extensions and the role `atrium_app` | none |
//! | `ATRIUM_MODE` | `development` or `production` | `development` |
//! | `ATRIUM_DEMO` | `1` fills an empty database with two demonstration tenants, `0` does not; `1` is refused in production | `1` in development |
//! | `ATRIUM_PROXY` | addresses of the proxies in front, by commas; they are believed about who their clients are (`X-Forwarded-For`) | none |
//! | `ATRIUM_CLOCK` | RFC 3339 instant at which the server's clock starts; refused in production | the real time |
//!
//! `ATRIUM_POSTGRES_BIN` is read by the private cluster itself, `RUST_LOG` by `main`.
//! `ATRIUM_SECRET_KEY` is read by [`crate::sealing`], the settings of calendars elsewhere by the calendar's own
//! synchronisation.

use chrono::{DateTime, Utc};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// How seriously things are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Convenience first: demo data, cookies without `Secure`, an adjustable clock.
    Development,
    /// Safety first.
    Production,
}

/// The settings of a server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub addr: SocketAddr,
    /// Folder of the private cluster.
    pub data: PathBuf,
    /// Folder of the browser's files.
    pub site: PathBuf,
    /// A PostgreSQL to use instead of the private cluster.
    pub database_url: Option<String>,
    /// Whether an empty database is filled for demonstration.
    pub demo: bool,
    /// Development or production.
    pub mode: Mode,
    /// Where the clock starts; none for the real time.
    pub clock: Option<DateTime<Utc>>,
    /// The proxies that are believed about who their clients are.
    pub proxies: Vec<IpAddr>,
}

/// A setting that cannot be used, in words for whoever starts the server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct ConfigError {
    /// Of which setting.
    pub name: &'static str,
    /// What is wrong with it.
    pub message: String,
}

impl Config {
    /// Reads the environment.
    pub fn from_env() -> Result<Config, ConfigError> {
        Config::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads settings from wherever; an empty one counts as not given.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        let get = |name: &'static str| lookup(name).filter(|value| !value.is_empty());
        let refuse = |name, message: &str| ConfigError { name, message: message.into() };
        let mode = match get("ATRIUM_MODE").as_deref() {
            None | Some("development") => Mode::Development,
            Some("production") => Mode::Production,
            Some(_) => return Err(refuse("ATRIUM_MODE", "must be `development` or `production`")),
        };
        let addr = get("ATRIUM_ADDR").unwrap_or_else(|| "127.0.0.1:3000".into());
        let addr = addr.parse().map_err(|_| refuse("ATRIUM_ADDR", "must be an address with a port, such as 127.0.0.1:3000"))?;
        let demo = match get("ATRIUM_DEMO").as_deref() {
            None => mode == Mode::Development,
            Some("1" | "true") if mode == Mode::Production => {
                return Err(refuse("ATRIUM_DEMO", "demonstration tenants have known passwords and are refused in production"));
            }
            Some("1" | "true") => true,
            Some("0" | "false") => false,
            Some(_) => return Err(refuse("ATRIUM_DEMO", "must be 1 or 0")),
        };
        let clock = match get("ATRIUM_CLOCK") {
            None => None,
            Some(_) if mode == Mode::Production => {
                return Err(refuse("ATRIUM_CLOCK", "the clock cannot be set in production"));
            }
            Some(text) => Some(
                DateTime::parse_from_rfc3339(&text)
                    .map_err(|_| refuse("ATRIUM_CLOCK", "must be an RFC 3339 instant, such as 2026-11-24T07:00:00Z"))?
                    .to_utc(),
            ),
        };
        let proxies = get("ATRIUM_PROXY").unwrap_or_default();
        let proxies = proxies.split(',').map(str::trim).filter(|proxy| !proxy.is_empty()).map(|proxy| {
            let address = proxy.parse().map_err(|_| refuse("ATRIUM_PROXY", "must be IP addresses with commas between them"))?;
            Ok(IpAddr::to_canonical(&address))
        });
        let proxies = proxies.collect::<Result<Vec<_>, ConfigError>>()?;
        Ok(Config {
            addr,
            data: get("ATRIUM_DATA").unwrap_or_else(|| "data".into()).into(),
            site: get("ATRIUM_SITE").unwrap_or_else(|| "site".into()).into(),
            database_url: get("DATABASE_URL"),
            demo,
            mode,
            clock,
            proxies,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_lookup(|name| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_string()))
    }

    #[test]
    fn without_settings_it_is_a_demonstration_on_this_machine() {
        let config = config(&[]).unwrap();
        assert_eq!((config.addr.to_string().as_str(), config.mode, config.demo), ("127.0.0.1:3000", Mode::Development, true));
        assert_eq!((config.clock, config.database_url), (None, None));
    }

    #[test]
    fn production_has_neither_demo_nor_a_clock_of_choice() {
        let production = ("ATRIUM_MODE", "production");
        assert!(!config(&[production]).unwrap().demo);
        assert_eq!(config(&[production, ("ATRIUM_DEMO", "1")]).unwrap_err().name, "ATRIUM_DEMO");
        assert_eq!(config(&[production, ("ATRIUM_CLOCK", "2026-11-24T07:00:00Z")]).unwrap_err().name, "ATRIUM_CLOCK");
    }

    #[test]
    fn a_setting_that_cannot_be_read_is_named() {
        for name in ["ATRIUM_MODE", "ATRIUM_ADDR", "ATRIUM_DEMO", "ATRIUM_CLOCK", "ATRIUM_PROXY"] {
            assert_eq!(config(&[(name, "nonsense")]).unwrap_err().name, name);
        }
    }
}
