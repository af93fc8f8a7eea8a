//! What the hot paths cost beside raw SQL, in one run: `make bench`. A ratio below its demand is told in plain words; a
//! hot query that reads a large table from end to end makes the run fail.
//!
//! Asked is the server's own code as the application's role under row-level security, each answer in a transaction of its
//! own as a request has it. Raw SQL is written by hand, sent as the schema's owner above row-level security, prepared,
//! and where it only reads without a transaction; its rows are received and not looked into.

mod bookings;
mod earliest;
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

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    runtime.block_on(run())
}

async fn run() -> ExitCode {
    let began = Instant::now();
    let cluster = Cluster::start().await;
    // Two clinics in ten weeks of 500 visits; twenty in a hundred, and one with no free time.
    let small = World::fill(&cluster, "small", Shape(2, false, -5, 4)).await;
    let large = World::fill(&cluster, "large", Shape(20, true, -60, 39)).await;
    let mut report = Report::default();
    week::measure(&mut report, &small, &large).await;
    slots::measure(&mut report, &large).await;
    earliest::measure(&mut report, &large).await;
    bookings::measure(&mut report, &large).await;
    page::measure(&mut report, &large, cluster.folder()).await;
    let plans = plans::ask(&large).await;

    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("\n{} and {} events; {cores} cores, load at the end {}", small.events, large.events, load.trim());
    report.print();
    println!("\n{}", plans.text);
    println!("Took {:.0} s.", began.elapsed().as_secs_f64());
    for world in [small, large] {
        world.state.pool.close().await;
        world.owner.close().await;
    }
    cluster.stop().await;
    if plans.held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
