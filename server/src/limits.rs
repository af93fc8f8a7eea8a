//! Limits of the process that are checked at start.

/// Open files a server wants at least: with fewer, browsers hang in connect instead of being refused.
const WANTED: u64 = 16_384;
/// Below this not even one clinic's screens can stay connected.
const LEAST: u64 = 256;

/// What the descriptors that the process may open are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// How many may be connected at once.
    pub connections: usize,
    /// How many of them may listen to what changes.
    pub viewers: usize,
}

/// Raises the limit of open files as far as allowed and tells how many may connect and listen at once.
pub fn raise_open_files() -> Places {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls only read and write the struct they are given.
    #[allow(unsafe_code)]
    let now = unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) == 0 && limit.rlim_cur < WANTED {
            let wanted = libc::rlimit { rlim_cur: WANTED.min(limit.rlim_max), rlim_max: limit.rlim_max };
            libc::setrlimit(libc::RLIMIT_NOFILE, &wanted);
            libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit);
        }
        limit.rlim_cur
    };
    let places = places(now);
    if now < WANTED {
        let (connections, viewers) = (places.connections, places.viewers);
        tracing::warn!(open_files = now, connections, viewers, "few open files are allowed; connections are capped accordingly");
    }
    places
}

/// An eighth, and at most 512, stays for files and the database; of the connections, a fifth for those who do not listen.
fn places(open_files: u64) -> Places {
    let open_files = usize::try_from(open_files.max(LEAST)).unwrap_or(usize::MAX);
    let connections = open_files - (open_files / 8).min(512);
    Places { connections, viewers: connections / 5 * 4 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_room_for_the_database_and_for_those_who_do_not_listen() {
        for open_files in [0, 256, 1_024, 4_096, 16_384, 1_048_576, u64::MAX] {
            let Places { connections, viewers } = places(open_files);
            assert!(viewers > 0 && viewers < connections, "{open_files}");
            assert!(connections + 32 <= usize::try_from(open_files.max(LEAST)).unwrap(), "{open_files}");
        }
    }

    #[test]
    fn with_the_files_that_are_wanted_ten_thousand_may_listen() {
        assert!(places(WANTED).viewers >= 10_000);
    }
}
