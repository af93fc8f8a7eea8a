// What the grid is measured beside: FullCalendar 7 and a layout written by hand, on one page without a server. Each is
// `{ init(root, events, date), next(), event() }`; `event` gives the node that is dragged.

import "temporal-polyfill/global";
import { Calendar } from "fullcalendar";
import timeGrid from "fullcalendar/timegrid";
import interaction from "fullcalendar/interaction";
import theme from "fullcalendar/themes/classic";
import "fullcalendar/skeleton.css";
import "fullcalendar/themes/classic/theme.css";
import "fullcalendar/themes/classic/palette.css";

let calendar;
const fullcalendar = {
  init(root, events, date) {
    calendar = new Calendar(root, {
      plugins: [timeGrid, interaction, theme],
      initialView: "timeGridWeek",
      initialDate: date,
      firstDay: 1,
      allDaySlot: false,
      editable: true,
      slotMinTime: "07:00:00",
      slotMaxTime: "20:00:00",
      height: "100%",
      timeZone: "UTC",
      events: events.map(({ id, title, start, end }) => ({ id, title, start, end })),
    });
    calendar.render();
  },
  next: () => calendar.next(),
  selector: "[class*='event']",
};

/** The practical limit of the DOM: one sort, columns packed once, one fragment, three nodes an event. */
const byHand = {
  init(root, events, date) {
    this.root = root;
    this.events = events;
    this.date = Date.parse(date);
    this.draw();
    // A drag moves the event by a transform and draws nothing anew.
    let held, from;
    root.addEventListener("pointerdown", (down) => ((held = down.target.closest(".event")), (from = down)));
    root.addEventListener("pointermove", (move) => {
      if (held) held.style.transform = `translate(${move.clientX - from.clientX}px,${move.clientY - from.clientY}px)`;
    });
    root.addEventListener("pointerup", () => (held = undefined));
  },
  next() {
    this.date += 7 * 86_400_000;
    this.draw();
  },
  draw() {
    const days = Array.from({ length: 7 }, () => []);
    for (const event of this.events) {
      const start = Date.parse(event.start);
      const day = Math.floor((start - this.date) / 86_400_000);
      if (day >= 0 && day < 7) days[day].push({ title: event.title, text: event.start.slice(11, 16), start, end: Date.parse(event.end), lane: 0, lanes: 1 });
    }
    const all = document.createDocumentFragment();
    days.forEach((list, day) => {
      list.sort((a, b) => a.start - b.start || b.end - a.end);
      let lanes = [];
      let group = [];
      const close = () => {
        for (const event of group) event.lanes = lanes.length;
        lanes = [];
        group = [];
      };
      for (const event of list) {
        if (lanes.every((end) => end <= event.start)) close();
        let lane = lanes.findIndex((end) => end <= event.start);
        if (lane < 0) lane = lanes.length;
        lanes[lane] = event.end;
        event.lane = lane;
        group.push(event);
      }
      close();
      const column = document.createElement("div");
      column.className = "column";
      const midnight = this.date + day * 86_400_000;
      for (const event of list) {
        const node = document.createElement("div");
        node.className = "event";
        const [top, high] = [(event.start - midnight) / 60_000 - 420, (event.end - event.start) / 60_000];
        node.style.cssText = `top:${top}px;height:${high}px;left:${(event.lane / event.lanes) * 100}%;width:${100 / event.lanes}%`;
        const name = document.createElement("b");
        name.textContent = event.title;
        const time = document.createElement("span");
        time.textContent = event.text;
        node.append(name, time);
        column.append(node);
      }
      all.append(column);
    });
    this.root.replaceChildren(all);
  },
  selector: ".event",
};

window.peers = { fullcalendar, byHand };
