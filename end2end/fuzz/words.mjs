// What of the demo clinic the fuzzer knows by name, so that it gets beyond "not found": ids of every kind of record,
// and values that the description cannot list.

/**
 * @param {string} api the REST door's address
 * @param {string} token an owner's
 * @returns {Promise<Record<string, (string | number)[]>>}
 */
export async function words(api, token) {
    const send = async (method, path, body) => {
        const answer = await fetch(`${api}${path}`, {
            method,
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: body && JSON.stringify(body),
        });
        if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
        return answer.json();
    };
    const list = async (path) => (await send("GET", path)).items;
    const ids = async (path) => (await list(path)).map((item) => item.id);

    const activities = await list("/activities?from=2026-11-16T00:00:00Z&to=2026-12-07T00:00:00Z&limit=100");
    const employees = await ids("/employees");
    const leave = (await Promise.all(employees.map((id) => ids(`/employees/${id}/leave`)))).flat();
    const members = (await list("/members")).map((member) => member.user);
    const team = await send("POST", "/teams", { name: "Front", members });
    const role = await send("POST", "/roles", { name: "Apprentice", permissions: ["calendar:read"] });
    const invited = await send("POST", "/invitations", { email: "new@lipowa.example", role: "receptionist" });
    const instants = ["25T08:00", "25T12:30", "26T09:00", "27T15:45", "30T10:00"].map((at) => `2026-11-${at}:00Z`);
    return {
        patients: await ids("/patients?limit=50"),
        treatments: await ids("/treatments"),
        employees,
        resources: await ids("/resources"),
        equipment: (await list("/equipment")).map((one) => one.id ?? one.resource),
        locations: await ids("/locations"),
        appointments: await ids("/appointments?from=2026-11-23T00:00:00Z&limit=100"),
        activities: activities.map((activity) => activity.id),
        calls: activities.filter((activity) => activity.activity_type === "crm:call").map((activity) => activity.id),
        leads: await ids("/leads?limit=50"),
        closures: await ids("/closures"),
        leave,
        members,
        teams: [team.id],
        roles: [role.id],
        grantable: ["receptionist", "doctor", role.id],
        invitations: [invited.id ?? invited.invitation.id],
        products: ["crm", "gabinet"],
        permissions: ["calendar:read", "gabinet.patients:read", "crm.leads:read"],
        zones: ["Europe/Warsaw", "America/Chicago", "Pacific/Apia"],
        types: ["meeting", "task", "block"],
        outcomes: ["reached", "no_answer", "call_back"],
        // The ends of what RFC 3339 can say, too.
        instants: [...instants, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
        dates: [...instants.map((instant) => instant.slice(0, 10)), "0001-01-01", "9999-12-31"],
        versions: [1],
        minutes: [15, 30],
    };
}
