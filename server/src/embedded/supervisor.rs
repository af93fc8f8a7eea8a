//! Keeps the cluster running: adopts one that a killed server left behind, starts it again when it dies, stops it in order.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

use tokio::{process::Child, sync::oneshot, task::JoinHandle};

use super::{
    EmbeddedError,
    cluster::Cluster,
    io_at,
    process::{self, FAST, IMMEDIATE, KILL, Note},
};

/// How long connections may take to end when the cluster is told to stop.
const STOPPING: Duration = Duration::from_secs(20);
/// How often a start is tried: after a crash the old processes and their note may linger for a moment.
const TRIES: u32 = 20;

/// Watches one cluster until it is told to stop.
pub(super) struct Supervisor {
    pid: Arc<AtomicI32>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

/// The process that runs the cluster.
enum Postmaster {
    /// Ours: the system tells when it ends.
    Child(Child),
    /// Started by a server that is gone: one has to look.
    Adopted(i32),
}

impl Postmaster {
    fn pid(&self) -> i32 {
        match self {
            Postmaster::Child(child) => child.id().and_then(|pid| i32::try_from(pid).ok()).unwrap_or(0),
            Postmaster::Adopted(pid) => *pid,
        }
    }

    /// Returns when it has ended.
    async fn ended(&mut self) {
        match self {
            Postmaster::Child(child) => drop(child.wait().await),
            Postmaster::Adopted(pid) => {
                while process::is_alive(*pid) {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    /// Ends it, ever less politely.
    async fn stop(mut self) {
        let pid = self.pid();
        for (signal, patience) in [(FAST, STOPPING), (IMMEDIATE, Duration::from_secs(5)), (KILL, Duration::from_secs(5))] {
            process::signal(pid, signal);
            if tokio::time::timeout(patience, self.ended()).await.is_ok() {
                return;
            }
        }
    }
}

impl Supervisor {
    pub(super) async fn start(cluster: Cluster) -> Result<Supervisor, EmbeddedError> {
        let postmaster = match adopt(&cluster).await {
            Some(pid) => {
                tracing::info!(pid, "using the database that an earlier server left running");
                Postmaster::Adopted(pid)
            }
            None => Postmaster::Child(launch(&cluster).await?),
        };
        if let Err(error) = cluster.ensure_database().await {
            postmaster.stop().await;
            return Err(error);
        }
        let pid = Arc::new(AtomicI32::new(postmaster.pid()));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(watch(cluster, postmaster, Arc::clone(&pid), stopped));
        Ok(Supervisor { pid, stop: Some(stop), task: Some(task) })
    }

    pub(super) fn pid(&self) -> Option<i32> {
        Some(self.pid.load(Ordering::Acquire)).filter(|pid| *pid != 0)
    }

    pub(super) async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            process::signal(self.pid.load(Ordering::Acquire), FAST);
        }
    }
}

/// Starts the cluster again whenever it ends by itself, until told to stop.
async fn watch(cluster: Cluster, mut postmaster: Postmaster, pid: Arc<AtomicI32>, mut stopped: oneshot::Receiver<()>) {
    loop {
        tokio::select! {
            // Dropping the sender counts as being told.
            _ = &mut stopped => break,
            () = postmaster.ended() => {}
        }
        pid.store(0, Ordering::Release);
        tracing::error!("the private database ended by itself; starting it again");
        let mut pause = Duration::from_millis(200);
        postmaster = loop {
            let launched = tokio::select! {
                _ = &mut stopped => return,
                launched = launch(&cluster) => launched,
            };
            match launched {
                Ok(child) => break Postmaster::Child(child),
                Err(error) => tracing::error!(%error, "the private database does not start; trying again"),
            }
            tokio::select! {
                _ = &mut stopped => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(Duration::from_secs(5));
        };
        pid.store(postmaster.pid(), Ordering::Release);
        tracing::info!(pid = postmaster.pid(), "the private database is back");
    }
    postmaster.stop().await;
    pid.store(0, Ordering::Release);
}

/// The process id of a cluster that runs already and is well. One that is not is stopped.
async fn adopt(cluster: &Cluster) -> Option<i32> {
    let note = Note::read(&cluster.place.cluster)?;
    if !process::all_in(cluster.account, &cluster.place.cluster).await.contains(&note.pid) {
        return None;
    }
    // It may still be recovering.
    let is_ready = || Note::read(&cluster.place.cluster).is_some_and(|note| note.is_ready);
    for _ in 0..100 {
        if is_ready() || !process::is_alive(note.pid) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    if note.socket.as_str() == cluster.place.socket.to_string_lossy() && cluster.is_well().await {
        return Some(note.pid);
    }
    tracing::warn!(pid = note.pid, "stopping a database that an earlier server left running and that is not well");
    Postmaster::Adopted(note.pid).stop().await;
    None
}

/// Starts the cluster, waiting out what a crash has left: the processes of the one before and its note.
async fn launch(cluster: &Cluster) -> Result<Child, EmbeddedError> {
    let mut pause = Duration::from_millis(50);
    for _ in 1..TRIES {
        clear_away(cluster).await?;
        match cluster.launch().await {
            Err(EmbeddedError::Failed { said, .. }) if is_passing(&said) => {
                tracing::debug!(said, "the private database cannot start yet");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
            outcome => return outcome,
        }
    }
    clear_away(cluster).await?;
    cluster.launch().await
}

/// Whether the cause goes by itself: somebody still holds the cluster's memory or lock file.
fn is_passing(said: &str) -> bool {
    ["lock file", "shared memory block", "is still in use", "Address already in use"].iter().any(|cause| said.contains(cause))
}

/// Ends processes of an earlier run, whose postmaster is dead, and removes its note if nobody stands behind it.
///
/// PostgreSQL itself refuses to start while the noted process id exists. It may exist for ever: as a zombie in a
/// container, or as another program that was given the same number. Only when no process works in the cluster's folder
/// can the note go without risk.
async fn clear_away(cluster: &Cluster) -> Result<(), EmbeddedError> {
    let (account, folder) = (cluster.account, &cluster.place.cluster);
    // Without a postmaster they leave by themselves; in the middle of a long statement they may need to be told.
    let mut deserted = process::wait_until_deserted(account, folder, Duration::from_secs(3)).await;
    for signal in [IMMEDIATE, KILL] {
        if !deserted {
            process::all_in(account, folder).await.into_iter().for_each(|pid| process::signal(pid, signal));
            deserted = process::wait_until_deserted(account, folder, Duration::from_secs(3)).await;
        }
    }
    let note = folder.join("postmaster.pid");
    if deserted && note.exists() {
        fs::remove_file(&note).map_err(io_at(&note))?;
    }
    Ok(())
}
