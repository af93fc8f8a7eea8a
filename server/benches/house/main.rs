//! What the hot paths cost beside raw SQL, in one run: `make bench`. A ratio below its demand is told in plain words; a
//! hot query that reads a large table from end to end makes the run fail.
//!
//! Asked is the server's own code as the application's role under row-level security, each answer in a transaction of its
//! own as a request has it. Raw SQL is written by hand, sent as the schema's owner above row-level security, prepared,
//! and where it only reads without a transaction; its rows are received and not looked into.
//!
//! Words after the command measure only what they name, of [`PARTS`]. With `ATRIUM_BENCH_DATA` the filled clusters are
//! kept in that folder, and each later run measures a copy of them.

mod bookings;
mod earliest;
mod live;
mod measure;
mod page;
mod plans;
mod report;
mod slots;
mod week;
mod world;

use std::{process::ExitCode, time::Instant};

use report::Report;
use world::{Cluster, Shape, World};

/// What can be measured by itself.
const PARTS: [&str; 7] = ["week", "slots", "earliest", "bookings", "page", "live", "plans"];

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    runtime.block_on(run())
}

async fn run() -> ExitCode {
    let began = Instant::now();
    // Cargo adds words of its own, which begin with dashes.
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    if let Some(strange) = named.iter().find(|word| !PARTS.contains(&word.as_str())) {
        eprintln!("{strange} is not measured; what is: {}", PARTS.join(", "));
        return ExitCode::FAILURE;
    }
    let wanted = |part: &str| named.is_empty() || named.iter().any(|word| word == part);
    let cluster = Cluster::start().await;
    // Two clinics in ten weeks of 500 visits; twenty in a hundred, and one with no free time.
    let small = World::fill(&cluster, "small", Shape(2, false, -5, 4)).await;
    let large = World::fill(&cluster, "large", Shape(20, true, -60, 39)).await;
    let mut report = Report::default();
    if wanted("week") {
        week::measure(&mut report, &small, &large).await;
    }
    if wanted("slots") {
        slots::measure(&mut report, &large).await;
    }
    if wanted("earliest") {
        earliest::measure(&mut report, &small, &large).await;
    }
    if wanted("bookings") {
        bookings::measure(&mut report, &large).await;
    }
    if wanted("page") {
        page::measure(&mut report, &large, cluster.folder()).await;
    }
    if wanted("live") {
        live::measure(&mut report, &small, cluster.folder()).await;
    }
    let plans = if wanted("plans") { Some(plans::ask(&large).await) } else { None };

    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("\n{} and {} events; {cores} cores, load at the end {}", small.events, large.events, load.trim());
    report.print();
    let held = plans.as_ref().is_none_or(|plans| plans.held);
    if let Some(plans) = plans {
        println!("\n{}", plans.text);
    }
    println!("Took {:.0} s.", began.elapsed().as_secs_f64());
    for world in [small, large] {
        world.state.pool.close().await;
        world.owner.close().await;
    }
    cluster.stop().await;
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
