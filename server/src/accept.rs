//! Taking connections: no more than there are descriptors for, and none whose request does not come.
//!
//! Whoever connects beyond the limit is told so at once, as otherwise the system would let clients hang in their
//! connect. A head that comes drop by drop, or not at all, ends its connection; bodies have their own patience.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// How long the head of a request may take, and how long a connection may wait for its next request.
const HEAD: Duration = Duration::from_secs(30);
/// How long to wait when the system has no descriptor left, until one may be free.
const SHORT_OF_FILES: Duration = Duration::from_millis(100);
/// What whoever comes too many is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How connections are taken.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How many at once.
    pub connections: usize,
    /// How long a head may take.
    pub head: Duration,
}

impl Terms {
    /// So many connections, with the usual patience.
    pub fn new(connections: usize) -> Self {
        Self { connections, head: HEAD }
    }
}

/// Serves until `closing`, and then until every running request is answered.
pub async fn serve(listener: TcpListener, app: Router, terms: Terms, closing: CancellationToken) {
    let places = Arc::new(Semaphore::new(terms.connections.clamp(1, Semaphore::MAX_PERMITS)));
    let running = TaskTracker::new();
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(terms.head);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = closing.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_of_the_connection(&error) => continue,
            Err(error) => {
                tracing::warn!(%error, "connections wait: the system refuses to take them");
                tokio::time::sleep(SHORT_OF_FILES).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            refuse(&stream);
            continue;
        };
        // What is told live is small and wants to be there at once.
        let _ = stream.set_nodelay(true);
        let (builder, app, closing) = (builder.clone(), app.clone(), closing.clone());
        running.spawn(async move {
            attend(&builder, stream, peer, app, closing).await;
            drop(place);
        });
    }
    drop(listener);
    running.close();
    running.wait().await;
}

/// One connection with all its requests.
async fn attend(builder: &http1::Builder, stream: TcpStream, peer: SocketAddr, app: Router, closing: CancellationToken) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let app = app.clone();
        async move { Ok::<_, Infallible>(app.oneshot(request).await.unwrap_or_else(|never| match never {})) }
    });
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection has ended in the middle");
    }
}

/// Says that there is no place, without waiting for anything: the words fit into what the system keeps for a connection.
fn refuse(stream: &TcpStream) {
    let _ = stream.try_write(FULL);
}

/// Whether accepting failed by the fault of whoever connected, and the next may be tried at once.
fn is_of_the_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        time::{Instant, timeout},
    };

    const SOON: Duration = Duration::from_secs(5);

    async fn started(terms: Terms) -> (SocketAddr, CancellationToken, tokio::task::JoinHandle<()>) {
        let app = Router::new().route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let closing = CancellationToken::new();
        (address, closing.clone(), tokio::spawn(serve(listener, app, terms, closing)))
    }

    async fn all(stream: &mut TcpStream) -> String {
        let mut told = String::new();
        timeout(SOON, stream.read_to_string(&mut told)).await.unwrap().unwrap();
        told
    }

    #[tokio::test]
    async fn a_request_is_answered_and_knows_from_where_it_comes() {
        let (address, closing, task) = started(Terms::new(10)).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        let told = all(&mut stream).await;
        assert!(told.starts_with("HTTP/1.1 200") && told.ends_with("127.0.0.1"), "{told}");
        closing.cancel();
        timeout(SOON, task).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_head_that_comes_drop_by_drop_ends_its_connection() {
        let (address, _closing, _task) = started(Terms { connections: 10, head: Duration::from_millis(300) }).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let began = Instant::now();
        let dripping = async {
            loop {
                // Each drop would begin the time anew, if it were counted from the last one.
                if stream.write_all(b"GET").await.is_err() || began.elapsed() > SOON {
                    return;
                }
                let mut end = [0; 1];
                if let Ok(Ok(0) | Err(_)) = timeout(Duration::from_millis(100), stream.read(&mut end)).await {
                    return;
                }
            }
        };
        dripping.await;
        assert!(began.elapsed() < Duration::from_secs(3), "it was held for {:?}", began.elapsed());
    }

    #[tokio::test]
    async fn whoever_comes_too_many_is_told_at_once_and_may_come_later() {
        let (address, _closing, _task) = started(Terms::new(1)).await;
        let mut first = TcpStream::connect(address).await.unwrap();
        first.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut begun = [0; 12];
        timeout(SOON, first.read_exact(&mut begun)).await.unwrap().unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        let told = all(&mut second).await;
        assert!(told.starts_with("HTTP/1.1 503") && told.contains("retry-after: 5"), "{told}");
        drop(first);
        let mut third = TcpStream::connect(address).await.unwrap();
        let mut tries = 0;
        loop {
            third.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.ok();
            let mut told = String::new();
            timeout(SOON, third.read_to_string(&mut told)).await.unwrap().ok();
            if told.starts_with("HTTP/1.1 200") {
                break;
            }
            tries += 1;
            assert!(tries < 50, "the place is never free again");
            tokio::time::sleep(Duration::from_millis(50)).await;
            third = TcpStream::connect(address).await.unwrap();
        }
    }

    #[tokio::test]
    async fn the_end_waits_for_running_requests_and_not_for_idle_connections() {
        let (address, closing, task) = started(Terms::new(10)).await;
        let mut idle = TcpStream::connect(address).await.unwrap();
        idle.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut begun = [0; 12];
        timeout(SOON, idle.read_exact(&mut begun)).await.unwrap().unwrap();
        closing.cancel();
        timeout(SOON, task).await.unwrap().unwrap();
    }
}
