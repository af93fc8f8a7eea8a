// The REST door beside the browser: what is shown is compared with what is told there.

import { expect, request, type APIRequestContext } from "@playwright/test";
import { PASSWORD, people, type Person } from "./fixtures";

/** What the calendar tells of an event. */
export type Event = {
    id: string;
    activity_type: string;
    title: string;
    face: { line: string; place: string; flags: string[] };
    start: string;
    end: string;
    status: string;
    resources: string[];
    record: string | null;
    subject: string | null;
    version: number;
};

type Resource = { id: string; kind: "staff" | "room" | "device"; name: string };
type View = { location: { id: string }; resources: Resource[]; events: Event[] };

/** An event in the words of a person: `10:30 – 11:15`, names in alphabetical order. */
export type Told = { id: string; title: string; treatment: string; times: string; status: string; with: string[] };

/** A visit to be booked, by names; without a room any that is free. */
export type Visit = {
    patient: string;
    treatment: string;
    employee: string;
    date: string;
    time: string;
    room?: string;
    further?: { treatment: string; employee: string }[];
};

/** A visit that was booked. */
export type Booked = { id: string; activity: string; version: number; start: string; end: string; steps: { employee_name: string }[] };

const clocks = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Warsaw", hour: "2-digit", minute: "2-digit" });

/** `10:30` at Klinika Lipowa. */
export const clock = (instant: string): string => clocks.format(new Date(instant));

/** The instant of a winter's wall clock at Klinika Lipowa. */
export const instant = (date: string, time: string): string => {
    // Winter's or summer's, whichever shows that time.
    const at = ["+01:00", "+02:00"].map((offset) => new Date(`${date}T${time}:00${offset}`)).find((at) => clocks.format(at) === time);
    if (!at) throw new Error(`${date} has no ${time}`);
    return at.toISOString();
};

/** The REST door as seen by one person. */
export class Rest {
    private constructor(private readonly context: APIRequestContext) {}

    /** Signs in with a token of its own. */
    static async as(person: Person, base: string): Promise<Rest> {
        const stranger = await request.newContext({ baseURL: base });
        const answer = await stranger.post("/api/v1/auth/staff/login", { data: { email: people[person], password: PASSWORD } });
        expect(answer.status(), await answer.text()).toBe(200);
        const { access_token } = await answer.json();
        await stranger.dispose();
        return new Rest(await request.newContext({ baseURL: base, extraHTTPHeaders: { authorization: `Bearer ${access_token}` } }));
    }

    /** The answer to a question that is not refused. */
    async get<T>(path: string): Promise<T> {
        const answer = await this.context.get(`/api/v1${path}`);
        expect(answer.status(), `GET ${path}: ${await answer.text()}`).toBe(200);
        return answer.json();
    }

    /** Sends something that is not refused, and tells the answer. */
    async send<T>(method: "POST" | "PUT", path: string, data: unknown): Promise<T> {
        const answer = await this.context.fetch(`/api/v1${path}`, { method, data });
        expect([200, 201], `${method} ${path}: ${await answer.text()}`).toContain(answer.status());
        return answer.json();
    }

    /** Status and code of the answer to a question that is refused. */
    async refusal(path: string): Promise<[number, string]> {
        const answer = await this.context.get(`/api/v1${path}`);
        return [answer.status(), (await answer.json()).code];
    }

    /** The calendar of one day. */
    async day(date: string): Promise<View> {
        const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
        return this.get(`/calendar?from=${date}&to=${next}`);
    }

    /** What the calendar tells of somebody on a day; nothing if it knows nothing. */
    async told(date: string, title: string): Promise<Told[]> {
        const view = await this.day(date);
        const name = (id: string) => view.resources.find((resource) => resource.id === id)?.name ?? id;
        return view.events
            .filter((event) => event.title === title)
            .map((event) => ({
                id: event.id,
                title: event.title,
                treatment: event.face.line,
                times: `${clock(event.start)} – ${clock(event.end)}`,
                status: event.status,
                with: event.resources.map(name).sort(),
            }));
    }

    /** Starts at which a treatment is free with somebody: `10:30`. */
    async free(date: string, treatment: string, employee: string): Promise<string[]> {
        const [treatment_id, employee_id] = [await this.treatment(treatment), await this.resource(employee)];
        const query = new URLSearchParams({ start_date: date, end_date: date, treatment_id, employee_id });
        const answer = await this.get<{ available_slots: { start: string }[] }>(`/appointments/availability?${query}`);
        return answer.available_slots.map((slot) => clock(slot.start));
    }

    /** Books a visit, for tests that begin with one. */
    async book(visit: Visit): Promise<Booked> {
        const view = await this.day(visit.date);
        const further = [];
        for (const { treatment, employee } of visit.further ?? []) {
            further.push({ treatment: await this.treatment(treatment), employee: await this.resource(employee) });
        }
        return this.send("POST", "/appointments", {
            patient: await this.patient(visit.patient),
            treatment: await this.treatment(visit.treatment),
            employee: await this.resource(visit.employee),
            location: view.location.id,
            start: instant(visit.date, visit.time),
            resources: visit.room ? [await this.resource(visit.room)] : undefined,
            further,
        });
    }

    /** Blocks somebody's time between two instants. */
    async block(date: string, employee: string, title: string, start: string, end: string): Promise<void> {
        const { location } = await this.day(date);
        const data = { activity_type: "block", title, location: location.id, start, end, resources: [await this.resource(employee)] };
        const answer = await this.context.post("/api/v1/activities", { data });
        expect(answer.status(), await answer.text()).toBe(201);
    }

    /** Takes an activity a step further, as somebody at another desk does. */
    async step(id: string, version: number, to: string): Promise<void> {
        const answer = await this.context.post(`/api/v1/activities/${id}/status`, { data: { version, to, reason: "by phone" } });
        expect(answer.status(), await answer.text()).toBe(200);
    }

    /** The id of the patient of that name, who is written down if nobody is called so yet. */
    async patient(name: string): Promise<string> {
        const { items } = await this.get<{ items: { id: string; given_name: string; family_name: string }[] }>(
            `/patients?limit=100&q=${encodeURIComponent(name)}`,
        );
        const found = items.find((patient) => `${patient.given_name} ${patient.family_name}` === name);
        if (found) return found.id;
        const [given_name, family_name] = name.split(" ");
        const answer = await this.context.post("/api/v1/patients", { data: { given_name, family_name } });
        expect(answer.status(), await answer.text()).toBe(201);
        return (await answer.json()).id;
    }

    /** The id of a treatment of the catalogue. */
    async treatment(name: string): Promise<string> {
        const { items } = await this.get<{ items: { id: string; name: string }[] }>("/treatments");
        return only(items.find((treatment) => treatment.name === name)?.id, name);
    }

    /** The id of a practitioner, room or device. */
    async resource(name: string): Promise<string> {
        const { items } = await this.get<{ items: { id: string; name: string }[] }>("/resources");
        return only(items.find((resource) => resource.name === name)?.id, name);
    }
}

function only(id: string | undefined, name: string): string {
    expect(id, `the demo has ${name}`).toBeTruthy();
    return id ?? "";
}
