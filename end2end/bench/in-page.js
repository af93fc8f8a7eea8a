// Runs in every measured page before its own scripts.
(() => {
  /** The browser has painted what was there when this was asked: a frame, and a task after it. */
  const painted = () => new Promise((done) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => done(performance.now()); port2.postMessage(0); }));
  const until = async (true_, limit = 20_000) => {
    const end = performance.now() + limit;
    while (!true_()) {
      if (performance.now() > end) throw new Error(`did not come: ${true_}`);
      await new Promise((done) => requestAnimationFrame(done));
    }
  };
  window.bench = {
    painted,
    until,
    /** From the call until what it makes has been painted. */
    async time(act, done) {
      await painted();
      const begun = performance.now();
      act();
      await until(done);
      return (await painted()) - begun;
    },
    /** Notes how long each move of the pointer takes from its handler to the frame after it, and every long task. */
    watch() {
      const moves = [];
      const long = [];
      const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)));
      observer.observe({ type: "longtask" });
      const listener = async () => { const begun = performance.now(); moves.push((await painted()) - begun); };
      window.addEventListener("pointermove", listener, { capture: true });
      return () => { window.removeEventListener("pointermove", listener, { capture: true }); long.push(...observer.takeRecords().map((entry) => entry.duration)); observer.disconnect(); return { moves, long }; };
    },
    /** The lengths of all frames until told to stop. */
    frames() {
      const lengths = [];
      let before, go = true;
      const tick = (at) => { if (before !== undefined) lengths.push(at - before); before = at; if (go) requestAnimationFrame(tick); };
      requestAnimationFrame(tick);
      return () => { go = false; return lengths; };
    },
  };
  // Answers to the calendar's questions that are known already come from memory: the network is not what is measured.
  const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  // Unpacked before anything is measured: a network hands out bytes too.
  const known = new Map(Object.entries(window.__answers ?? {}).map(([key, { body, headers }]) => [key, { bytes: bytesOf(body), headers }]));
  if (known.size) {
    const ask = window.fetch;
    const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    window.fetch = async (input, init) => {
      const request = new Request(input, init);
      if (!request.url.includes("/fn/calendar/range")) return ask(input, init);
      const key = hex(new Uint8Array(await request.clone().arrayBuffer()));
      const answer = known.get(key);
      if (!answer) return ask(request);
      return new Response(answer.bytes, { status: 200, headers: answer.headers });
    };
  }
})();
