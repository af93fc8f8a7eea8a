//! Limits of the process that are checked at start.

/// Open files a server wants at least: with fewer, browsers hang in connect instead of being refused.
const WANTED: u64 = 16_384;

/// Raises the limit of open files as far as allowed and tells how many viewers may listen at once.
pub fn raise_open_files() -> usize {
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
    if now < 4_096 {
        tracing::warn!(open_files = now, "few open files are allowed; live viewers are capped accordingly");
    }
    // A quarter stays for requests, files and the database.
    usize::try_from(now / 4 * 3).unwrap_or(1_024)
}
