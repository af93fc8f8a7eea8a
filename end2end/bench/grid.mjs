// The calendar's grid beside FullCalendar 7 and a layout by hand: the real page of the built site on a server of its own,
// with one clinic that is fuller than any (seed.sql), in one browser run, by turns in an order that chance decides.
//
//   npm ci && node grid.mjs [rounds]
//
// What the calendar asks the server is answered from memory while the grid is measured, by answers that this very server
// gave before; a colleague's change is measured with the network. ATRIUM_SERVER names the program, E2E_BASE with
// ATRIUM_DATA a server that runs already and has been seeded.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { chromium } from "@playwright/test";
import { serve } from "../serve.mjs";
import { Report, median, part } from "./report.mjs";

const here = (name) => new URL(name, import.meta.url).pathname;
const rounds = Number(process.argv[2] ?? 5);
const WEEK = "2027-01-11";
const VIEW = { width: 1440, height: 960 };
const calendar = (date, view) => `/dashboard/calendar?date=${date}${view ? `&view=${view}&all=1` : ""}&lang=en`;

const server = process.env.E2E_BASE ? { base: process.env.E2E_BASE, stop() {} } : await serve(Number(process.env.E2E_PORT ?? 3129));
if (server.data) execFileSync("psql", [readFileSync(`${server.data}/postgres.url`, "utf8").trim(), "-q", "-v", "ON_ERROR_STOP=1", "-f", here("seed.sql")], { stdio: ["ignore", "ignore", "inherit"] });

const peers = await build({ entryPoints: [here("peers.js")], bundle: true, minify: true, write: false, outdir: "/", format: "iife", target: "es2022", define: { "process.env.NODE_ENV": '"production"' } });
const script = peers.outputFiles.find((file) => file.path.endsWith(".js")).text;
const styles = peers.outputFiles.find((file) => file.path.endsWith(".css"))?.text ?? "";
const PEERS = "http://peers.invalid/";
const HTML = `<!doctype html><style>${styles}
body{margin:0;font:13px sans-serif}#root{height:100vh}
.column{position:absolute;top:0;bottom:0;width:14.28%}.column:nth-child(2){left:14.28%}.column:nth-child(3){left:28.56%}.column:nth-child(4){left:42.84%}
.column:nth-child(5){left:57.12%}.column:nth-child(6){left:71.4%}.column:nth-child(7){left:85.68%}
.event{position:absolute;overflow:hidden;background:#cde;border-radius:4px;box-sizing:border-box}.event b,.event span{display:block}</style><div id=root></div><script>${script}</script>`;

const browser = await chromium.launch({
  executablePath: process.env.ATRIUM_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const inPage = readFileSync(here("in-page.js"), "utf8");

async function open({ who = "desk", answers = {} } = {}) {
  const context = await browser.newContext({ baseURL: server.base, viewport: VIEW, locale: "en-GB", serviceWorkers: "block" });
  await context.addInitScript({ content: `window.__answers=${JSON.stringify(answers)};${inPage}` });
  await context.route(`${PEERS}**`, (route) => route.fulfill({ contentType: "text/html", body: HTML }));
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.request.post("/sign-in", { form: { email: `${who}@grid.example`, password: "atrium-demo" }, maxRedirects: 0 });
  return page;
}
const go = async (page, path) => {
  await page.goto(path);
  await page.locator("html[data-alive]").waitFor({ state: "attached" });
};
/** Follows a link of the app as if it stood on the page. */
const FOLLOW = `(href) => { const link = document.createElement("a"); link.href = href; document.body.append(link); link.click(); link.remove(); }`;
const shuffled = (list) => list.map((value) => [Math.random(), value]).sort(([a], [b]) => a - b).map(([, value]) => value);

/** Asks the server everything once, and keeps its answers. */
async function learn(places) {
  const page = await open();
  const answers = {};
  const waiting = [];
  page.on("response", (response) => {
    if (!response.url().includes("/fn/calendar/range")) return;
    waiting.push((async () => {
      const key = response.request().postDataBuffer()?.toString("hex") ?? "";
      answers[key] = { body: (await response.body()).toString("base64"), headers: { "content-type": response.headers()["content-type"] ?? "" } };
    })());
  });
  await go(page, "/dashboard/gabinet/patients?lang=en");
  for (const place of places) {
    await page.evaluate(`(${FOLLOW})(${JSON.stringify(place)})`);
    await page.locator(".calendar-event").first().waitFor();
    await page.waitForTimeout(3_000);
  }
  await Promise.all(waiting);
  await page.context().close();
  return answers;
}

async function toldEvents() {
  const login = await fetch(`${server.base}/api/v1/auth/staff/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email: "desk@grid.example", password: "atrium-demo" }) });
  const { access_token } = await login.json();
  const ask = async (path, init) => (await fetch(`${server.base}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" } })).json();
  const events = [];
  for (const [from, to] of [["2027-01-04", "2027-01-11"], ["2027-01-11", "2027-01-18"], ["2027-01-18", "2027-01-25"]]) events.push(...(await ask(`/calendar?from=${from}&to=${to}`)).events);
  return { events, ask };
}

/** Drags something over the page in forty moves and says how long each took. */
async function dragged(page, from) {
  const client = await page.context().newCDPSession(page);
  const mouse = (type, x, y, more = {}) => client.send("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons: type === "mouseReleased" ? 0 : 1, clickCount: 1, ...more });
  await mouse("mouseMoved", from.x, from.y, { buttons: 0, button: "none" });
  await mouse("mousePressed", from.x, from.y);
  await mouse("mouseMoved", from.x + 4, from.y + 8);
  await mouse("mouseMoved", from.x + 6, from.y + 14);
  await page.waitForTimeout(700);
  await page.evaluate(() => (window.stop = window.bench.watch()));
  for (let move = 0; move < 40; move += 1) {
    await mouse("mouseMoved", from.x + 6 + move * 12, from.y + 14 + ((move * 7) % 160));
    await page.waitForTimeout(16);
  }
  const lifted = await page.evaluate(() => !!document.querySelector(".calendar-ghost:not([hidden]), [class*=mirror]") || !!document.querySelector(".event[style*=transform]"));
  const { moves, long } = await page.evaluate(() => window.stop());
  await client.send("Input.dispatchKeyEvent", { type: "keyDown", key: "Escape", code: "Escape", windowsVirtualKeyCode: 27 });
  await mouse("mouseReleased", from.x, from.y);
  return { p50: median(moves), p95: part(moves, 0.95), long: long.length, lifted };
}

const places = [calendar(WEEK, "week"), calendar("2026-12-01")];
const answers = await learn(places);
const { events, ask } = await toldEvents();
console.log(`${Object.keys(answers).length} answers known, ${events.length} events told; ${rounds} rounds`);

const figures = { ours: { init: [], next: [], drag: [], long: [], nodes: [], heap: [] }, fullcalendar: { init: [], next: [], drag: [], long: [], nodes: [] }, byHand: { init: [], next: [], drag: [], long: [], nodes: [] } };
const day = { next: [], drag: [], long: [], scroll: [], slow: [], nodes: [] };
const COUNT = 2_000;

const measure = {
  async ours(into) {
    const page = await open({ answers });
    await go(page, "/dashboard/gabinet/patients?lang=en");
    await page.waitForTimeout(1_500);
    const count = `document.querySelectorAll(".calendar-event").length >= ${COUNT}`;
    into.init.push(await page.evaluate(`bench.time(() => (${FOLLOW})(${JSON.stringify(calendar(WEEK, "week"))}), () => ${count})`));
    into.nodes.push(await page.evaluate(`document.querySelectorAll(".calendar-column .calendar-event, .calendar-column .calendar-event *").length / document.querySelectorAll(".calendar-event").length`));
    await page.waitForTimeout(3_000);
    const title = `document.querySelector(".calendar-bar h1").textContent`;
    into.next.push(await page.evaluate(`(() => { const before = ${title}; const first = document.querySelector(".calendar-event").dataset.id; return bench.time(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true })), () => ${title} !== before && ${count} && document.querySelector(".calendar-event").dataset.id !== first); })()`));
    await page.waitForTimeout(1_500);
    const box = await page.locator(".calendar-column").nth(1).locator(".calendar-event").nth(20).boundingBox();
    const drag = await dragged(page, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
    if (!drag.lifted) throw new Error("ours: nothing was lifted");
    into.drag.push(drag.p95);
    into.long.push(drag.long);
    await page.context().close();
  },
  fullcalendar: (into) => peer("fullcalendar", into),
  byHand: (into) => peer("byHand", into),
};

async function peer(name, into) {
  const page = await open();
  await page.goto(PEERS);
  await page.evaluate((list) => (window.list = list), events.map(({ id, title, start, end }) => ({ id, title, start, end })));
  await page.waitForTimeout(500);
  // A drawn event is one with a title of ours.
  const count = name === "byHand" ? `document.querySelectorAll(".event").length >= ${COUNT}` : `document.querySelector("#root").innerText.split("Nowak").length > ${COUNT}`;
  const nodes = `document.querySelectorAll("#root *").length`;
  into.init.push(await page.evaluate(`bench.time(() => peers.${name}.init(document.querySelector("#root"), list, "${WEEK}"), () => ${nodes} > 4000)`));
  if (!(await page.evaluate(count))) throw new Error(`${name}: the events are not there`);
  into.nodes.push((await page.evaluate(nodes)) / COUNT);
  await page.waitForTimeout(1_500);
  into.next.push(await page.evaluate(`(() => { const mark = document.querySelector("#root").innerHTML.length; return bench.time(() => peers.${name}.next(), () => ${nodes} > 4000 && (${name === "byHand"} || document.querySelector("#root").innerText.includes("18"))); })()`));
  await page.waitForTimeout(1_000);
  const from = await page.evaluate(() => {
    const text = document.createTreeWalker(document.querySelector("#root"), NodeFilter.SHOW_TEXT, { acceptNode: (node) => (node.data.includes("Nowak") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP) });
    for (let n = 0; n < 60; n += 1) text.nextNode();
    const box = text.currentNode.parentElement.getBoundingClientRect();
    return { x: box.x + Math.min(6, box.width / 2), y: box.y + box.height / 2 };
  });
  const drag = await dragged(page, from);
  if (drag.lifted) {
    into.drag.push(drag.p95);
    into.long.push(drag.long);
  }
  await page.context().close();
}

/** 50 columns of 30 visits: to the next day, over the board by scrolling, over it by dragging. */
async function fullDay() {
  const page = await open({ answers });
  await go(page, calendar("2026-12-01"));
  await page.waitForTimeout(3_000);
  day.nodes.push(await page.evaluate(`document.querySelectorAll(".calendar-event").length`));
  const title = `document.querySelector(".calendar-bar h1").textContent`;
  day.next.push(await page.evaluate(`(() => { const before = ${title}; const first = document.querySelector(".calendar-event").dataset.id; return bench.time(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true })), () => ${title} !== before && document.querySelector(".calendar-event")?.dataset.id !== first); })()`));
  await page.waitForTimeout(1_500);
  const client = await page.context().newCDPSession(page);
  for (const [key, distance] of [["x", -4_800], ["x", 4_800]]) {
    await page.evaluate(() => (window.stop = window.bench.frames()));
    await client.send("Input.synthesizeScrollGesture", { x: 800, y: 500, [`${key}Distance`]: distance, speed: 3_000, gestureSourceType: "mouse" });
    const frames = await page.evaluate(() => window.stop());
    day.scroll.push(part(frames, 0.95));
    day.slow.push((frames.filter((length) => length > 25).length / frames.length) * 100);
  }
  const box = await page.locator(".calendar-column").nth(1).locator(".calendar-event").nth(10).boundingBox();
  const drag = await dragged(page, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  if (!drag.lifted) throw new Error("full day: nothing was lifted");
  day.drag.push(drag.p95);
  day.long.push(drag.long);
  await page.context().close();
}

/** A colleague confirms a visit; the time from the server's answer to the painted change, and the nodes it touched. */
async function colleague(date, view) {
  const page = await open({ who: "colleague" });
  await go(page, calendar(date, view));
  await page.waitForTimeout(3_000);
  const seen = [];
  const touched = [];
  const there = await page.evaluate(() => [...document.querySelectorAll(".calendar-column:nth-child(-n+60) .calendar-event.is-scheduled")].slice(3, 11).map((node) => node.dataset.id));
  for (const id of there) {
    const { version } = await ask(`/activities/${id}`);
    const waiting = page.evaluate((id) => new Promise((done) => {
      const touched = new Set();
      const observer = new MutationObserver(async (list) => {
        // What changes inside of an event's node is that event's.
        for (const { addedNodes, removedNodes, target } of list) {
          for (const node of [target, ...addedNodes, ...removedNodes]) if (node.nodeType === 1 && node.dataset.id) touched.add(node.dataset.id);
        }
        if (document.querySelector(`[data-id="${id}"].is-confirmed`)) {
          observer.disconnect();
          await window.bench.painted();
          done({ at: Date.now(), touched: [...touched] });
        }
      });
      for (const column of document.querySelectorAll(".calendar-column")) observer.observe(column, { childList: true, subtree: true, attributes: true });
    }), id);
    await ask(`/activities/${id}/status`, { method: "POST", body: JSON.stringify({ version, to: "confirmed", reason: "" }) });
    const told = Date.now();
    const { at, touched: nodes } = await waiting;
    seen.push(at - told);
    touched.push(nodes.length);
    await page.waitForTimeout(700);
  }
  await page.context().close();
  return { seen, touched };
}

for (let round = 0; round < rounds; round += 1) {
  for (const who of shuffled(Object.keys(measure))) await measure[who](figures[who]);
  await fullDay();
}
const change = await colleague(WEEK, "week");
const ordinary = await colleague("2026-12-03");

const report = new Report();
const { ours, fullcalendar, byHand } = figures;
const ratio = (one, other) => one.map((value, index) => value / other[index]);
for (const [name, all] of Object.entries(figures)) report.row(`week of 2,000, first drawn: ${name}`, all.init);
report.row("ours / FullCalendar 7", ratio(ours.init, fullcalendar.init), "≤ 0.5", 0.5, "");
report.row("ours / by hand", ratio(ours.init, byHand.init), "≤ 3", 3, "");
for (const [name, all] of Object.entries(figures)) report.row(`next week of 2,000: ${name}`, all.next);
report.row("ours / FullCalendar 7", ratio(ours.next, fullcalendar.next), "≤ 0.5", 0.5, "");
report.row("ours / by hand", ratio(ours.next, byHand.next), "≤ 2", 2, "");
for (const [name, all] of Object.entries(figures)) report.row(`drag over 2,000, p95: ${name}`, all.drag, name === "ours" ? "≤ 33 ms" : "", name === "ours" ? 33 : undefined);
report.row("long tasks in our drag", ours.long, "0", 0, "");
for (const [name, all] of Object.entries(figures)) report.row(`nodes an event: ${name}`, all.nodes, name === "ours" ? "≤ 4" : "", name === "ours" ? 4 : undefined, "");
report.row("50 × 30: events in the document", day.nodes, "", undefined, "");
report.row("50 × 30: next day", day.next, "≤ 50 ms", 50);
report.row("50 × 30: frame while scrolling, p95", day.scroll, "≤ 17 ms", 17.5);
report.row("50 × 30: frames over 25 ms", day.slow, "≤ 5 %", 5, "%");
report.row("50 × 30: drag p95", day.drag, "≤ 16 ms", 16.9);
report.row("50 × 30: long tasks in a drag", day.long, "0", 0, "");
report.row("colleague's change in a week of 2,000", change.seen, "≤ 200 ms", 200);
report.row("colleague's change in a day of 50 × 30", ordinary.seen, "≤ 200 ms", 200);
report.row("events that one change touches", [...change.touched, ...ordinary.touched], "1", 1, "");
report.print();
await browser.close();
await server.stop();
