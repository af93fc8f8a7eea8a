//! Where the other sides are, and how we are known to them.
//!
//! | variable | default | meaning |
//! | --- | --- | --- |
//! | `ATRIUM_PUBLIC_URL` | `http://` and the address listened on | how this server is reached from outside: where Google sends people back to, and where Cal.com rings |
//! | `ATRIUM_GOOGLE_CLIENT_ID`, `ATRIUM_GOOGLE_CLIENT_SECRET` | none | our client at Google; without both Google Calendar is not offered |
//! | `ATRIUM_GOOGLE_URL` | Google's own | another place that speaks as Google does, for tests |
//! | `ATRIUM_CAL_URL` | `https://api.cal.com` | Cal.com's API, or that of an installation of one's own |

/// Our client at Google and the addresses it asks.
#[derive(Clone, Debug)]
pub struct Google {
    pub client_id: String,
    pub client_secret: String,
    /// Where people allow it.
    pub authorize: String,
    pub token: String,
    pub revoke: String,
    /// The calendar's API, up to its version.
    pub api: String,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Without a slash at its end.
    pub public_url: String,
    /// None: not offered.
    pub google: Option<Google>,
    /// Without a slash at its end.
    pub cal_url: String,
}

impl Settings {
    /// Reads them from wherever; an empty one counts as not given.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>, listening: &str) -> Result<Settings, String> {
        let get = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let address = |name: &str, default: &str| {
            let given = get(name).unwrap_or_else(|| default.to_owned());
            let right = reqwest::Url::parse(&given).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if right {
                Ok(given.trim_end_matches('/').to_owned())
            } else {
                Err(format!("{name}: must be an address such as https://atrium.example"))
            }
        };
        let google = match (get("ATRIUM_GOOGLE_CLIENT_ID"), get("ATRIUM_GOOGLE_CLIENT_SECRET")) {
            (Some(client_id), Some(client_secret)) => Some(match get("ATRIUM_GOOGLE_URL") {
                None => Google {
                    client_id,
                    client_secret,
                    authorize: "https://accounts.google.com/o/oauth2/v2/auth".into(),
                    token: "https://oauth2.googleapis.com/token".into(),
                    revoke: "https://oauth2.googleapis.com/revoke".into(),
                    api: "https://www.googleapis.com/calendar/v3".into(),
                },
                Some(_) => {
                    let base = address("ATRIUM_GOOGLE_URL", "")?;
                    Google {
                        client_id,
                        client_secret,
                        authorize: format!("{base}/o/oauth2/v2/auth"),
                        token: format!("{base}/token"),
                        revoke: format!("{base}/revoke"),
                        api: format!("{base}/calendar/v3"),
                    }
                }
            }),
            (None, None) => None,
            _ => return Err("ATRIUM_GOOGLE_CLIENT_ID and ATRIUM_GOOGLE_CLIENT_SECRET: both are needed, or neither".into()),
        };
        Ok(Settings {
            public_url: address("ATRIUM_PUBLIC_URL", &format!("http://{listening}"))?,
            google,
            cal_url: address("ATRIUM_CAL_URL", "https://api.cal.com")?,
        })
    }

    /// Where Google sends people back to.
    pub(super) fn back(&self) -> String {
        format!("{}/calendar/allowed", self.public_url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(given: &[(&str, &str)]) -> Result<Settings, String> {
        Settings::from_lookup(|name| given.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_string()), "127.0.0.1:3000")
    }

    #[test]
    fn google_is_offered_only_to_those_who_are_known_to_it() {
        assert!(settings(&[]).unwrap().google.is_none());
        assert!(settings(&[("ATRIUM_GOOGLE_CLIENT_ID", "a")]).is_err());
        let both = [("ATRIUM_GOOGLE_CLIENT_ID", "a"), ("ATRIUM_GOOGLE_CLIENT_SECRET", "b")];
        assert_eq!(settings(&both).unwrap().google.unwrap().api, "https://www.googleapis.com/calendar/v3");
    }

    #[test]
    fn addresses_are_looked_at() {
        assert!(settings(&[("ATRIUM_CAL_URL", "api.cal.com")]).is_err());
        assert_eq!(settings(&[("ATRIUM_PUBLIC_URL", "https://a.example/")]).unwrap().back(), "https://a.example/calendar/allowed");
    }
}
