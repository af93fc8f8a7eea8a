// A stand-in for Google Calendar that speaks its real JSON (version 3 of its API, and OAuth 2 with PKCE), for tests in the
// browser: no test leaves this machine. What its owner does there is told at `/double/events/ID`.

import { createHash } from "node:crypto";
import { createServer } from "node:http";

/**
 * Starts one.
 * @param {number} port
 * @returns {Promise<{ base: string, stop: () => Promise<void> }>}
 */
export async function double(port) {
    /** Events by id, with the number of their last change. */
    const events = new Map();
    /** Challenges by the code that was given out for them. */
    const challenges = new Map();
    const tokens = new Set();
    let count = 0;

    /** @type {(id: string, event: Record<string, unknown>) => Record<string, unknown>} */
    const change = (id, event) => {
        count += 1;
        const kept = { kind: "calendar#event", status: "confirmed", iCalUID: `${id}@google.com`, ...event, id, etag: `"${count}"` };
        events.set(id, { changed: count, event: kept });
        return kept;
    };
    const fault = (code, reason) => ({ status: code, body: { error: { errors: [{ domain: "global", reason, message: reason }], code, message: reason } } });
    const time = (side) => Date.parse(side.dateTime ?? `${side.date}T00:00:00Z`);

    /** The answer to a question about a calendar. */
    const calendar = (method, [id, rest], query, headers, body) => {
        if (!tokens.has((headers.authorization ?? "").replace("Bearer ", ""))) return fault(401, "authError");
        if (method === "POST" && id === "watch") {
            return { body: { kind: "api#channel", id: body.id, resourceId: "o3hgv1538sdjfh", token: body.token, expiration: String(Date.now() + 1000 * Number(body.params?.ttl ?? 3600)) } };
        }
        if (rest !== undefined) return fault(404, "notFound");
        if (method === "GET" && id === undefined) {
            const since = query.get("syncToken") ? Number(query.get("syncToken").replace("sync-", "")) : undefined;
            const [from, to] = ["timeMin", "timeMax"].map((name) => (query.get(name) ? Date.parse(query.get(name)) : undefined));
            const items = [...events.values()]
                .filter(({ changed, event }) => {
                    if (since !== undefined) return changed > since;
                    return event.status !== "cancelled" && (from === undefined || time(event.end) > from) && (to === undefined || time(event.start) < to);
                })
                // Of what is deleted little more than the name is told.
                .map(({ event }) => (event.status === "cancelled" ? { kind: event.kind, etag: event.etag, id: event.id, status: event.status } : event));
            const about = { kind: "calendar#events", summary: "jan@lipowa.example", timeZone: "Europe/Warsaw", accessRole: "owner" };
            return { body: { ...about, items, nextSyncToken: `sync-${count}` } };
        }
        if (method === "POST") return events.has(body.id) ? fault(409, "duplicate") : { body: change(body.id, body) };
        const known = events.get(id)?.event;
        if (!known) return fault(404, "notFound");
        if (method === "GET") return { body: known };
        if (method === "PUT") {
            if (headers["if-match"] && headers["if-match"] !== known.etag) return fault(412, "conditionNotMet");
            return { body: change(id, body) };
        }
        if (known.status === "cancelled") return fault(410, "deleted");
        change(id, { ...known, status: "cancelled" });
        return { status: 204 };
    };

    const token = (form) => {
        const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
        const good = form.get("grant_type") === "refresh_token" ? form.get("refresh_token") === "refresh" : challenges.get(form.get("code")) === challenge;
        if (!good) return { status: 400, body: { error: "invalid_grant", error_description: "Token has been expired or revoked." } };
        count += 1;
        const access_token = `ya29.${count}`;
        tokens.add(access_token);
        const told = { access_token, expires_in: 3599, scope: "https://www.googleapis.com/auth/calendar.events", token_type: "Bearer" };
        return { body: form.get("grant_type") === "refresh_token" ? told : { ...told, refresh_token: "refresh" } };
    };

    const answer = (request, text) => {
        const url = new URL(request.url, "http://double");
        const [first, ...path] = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
        if (first === "o") {
            // Whoever comes here allows it.
            const code = `code-${(count += 1)}`;
            challenges.set(code, url.searchParams.get("code_challenge"));
            const back = new URL(url.searchParams.get("redirect_uri"));
            back.searchParams.set("state", url.searchParams.get("state"));
            back.searchParams.set("code", code);
            return { status: 302, location: back.href };
        }
        if (first === "token") return token(new URLSearchParams(text));
        if (first === "revoke") return { body: {} };
        const body = text ? JSON.parse(text) : undefined;
        if (first === "double" && path[0] === "events") {
            if (request.method === "PUT") return { body: change(path[1], body) };
            if (request.method === "DELETE") return { body: change(path[1], { ...events.get(path[1])?.event, status: "cancelled" }) };
            return { body: [...events.values()].map(({ event }) => event).filter(({ status }) => status !== "cancelled") };
        }
        if (first === "calendar" && path[1] === "channels") return { status: 204 };
        if (first === "calendar" && path[1] === "calendars") return calendar(request.method, path.slice(4), url.searchParams, request.headers, body);
        return fault(404, "notFound");
    };

    const server = createServer((request, response) => {
        const parts = [];
        request.on("data", (part) => parts.push(part));
        request.on("end", () => {
            const { status = 200, body, location } = answer(request, Buffer.concat(parts).toString());
            response.writeHead(status, { "content-type": "application/json", ...(location ? { location } : {}) });
            response.end(body === undefined ? "" : JSON.stringify(body));
        });
    });
    await new Promise((done) => server.listen(port, "127.0.0.1", () => done(undefined)));
    const stop = () => {
        server.closeAllConnections();
        return new Promise((done) => server.close(() => done(undefined)));
    };
    return { base: `http://127.0.0.1:${port}`, stop };
}
