//! Behind a proxy all connections come from the proxy: failed sign-ins would be counted by its one address, and a
//! single stranger could shut everybody out. Of the proxies that are named, and of nobody else, the header
//! `X-Forwarded-For` is believed.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State as Extract},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};

/// Middleware: where the connection is a proxy's, the client is whom the proxy names.
pub async fn believed(Extract(proxies): Extract<Arc<[IpAddr]>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    if let Some(peer) = peer
        && let Some(client) = client(&proxies, peer.ip(), request.headers())
    {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    next.run(request).await
}

/// Each proxy adds at the end from whom it has the request. What stands left of the first address that is no proxy of
/// ours was sent by that client, who can write what he likes.
fn client(proxies: &[IpAddr], peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
    let ours = |address: IpAddr| proxies.contains(&address.to_canonical());
    if !ours(peer) {
        return None;
    }
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    let mut hops = lines.iter().flat_map(|line| line.split(',')).rev().map(|hop| hop.trim().parse::<IpAddr>());
    hops.find(|hop| !matches!(hop, Ok(hop) if ours(*hop)))?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asked(peer: &str, lines: &[&'static str]) -> Option<String> {
        let proxies: Vec<IpAddr> = ["127.0.0.1", "10.0.0.1"].iter().map(|text| text.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        client(&proxies, peer.parse().unwrap(), &headers).map(|client| client.to_string())
    }

    #[test]
    fn a_named_proxy_is_believed_about_whom_it_speaks_for_and_no_further() {
        assert_eq!(asked("127.0.0.1", &["192.0.2.7"]).as_deref(), Some("192.0.2.7"));
        assert_eq!(asked("::ffff:127.0.0.1", &["198.51.100.1, 192.0.2.7, 10.0.0.1"]).as_deref(), Some("192.0.2.7"));
        assert_eq!(asked("127.0.0.1", &["198.51.100.1", "2001:db8::1"]).as_deref(), Some("2001:db8::1"));
    }

    #[test]
    fn nobody_else_is_believed() {
        assert_eq!(asked("192.0.2.9", &["198.51.100.1"]), None);
        assert_eq!(asked("127.0.0.1", &[]), None);
        assert_eq!(asked("127.0.0.1", &["198.51.100.1, unknown"]), None);
        assert_eq!(asked("127.0.0.1", &["10.0.0.1"]), None);
    }
}
