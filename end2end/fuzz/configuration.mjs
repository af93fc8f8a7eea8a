// The fuzzer's settings: which checks are read how, and where it may use the demo's own words.

/** For every operation that has such a parameter or such a field. */
const everywhere = {
    "query.location_id": "locations",
    "query.resource_id": "resources",
    "query.patient_id": "patients",
    "query.treatment_id": "treatments",
    "query.employee_id": "employees",
    "query.start_date": "dates",
    "query.end_date": "dates",
    "query.version": "versions",
    "body.patient": "patients",
    "body.treatment": "treatments",
    "body.employee": "employees",
    "body.location": "locations",
    "body.lead": "leads",
    "body.staff": "employees",
    "body.resources[*]": "resources",
    "body.treatments[*]": "treatments",
    "body.members[*]": "members",
    "body.permissions[*]": "permissions",
    "body.role": "grantable",
    "body.product": "products",
    "body.zone": "zones",
    "body.activity_type": "types",
    "body.outcome": "outcomes",
    "body.start": "instants",
    "body.minutes": "minutes",
    "body.version": "versions",
};

/** For the paths that begin so. */
const below = {
    "/activities/{id}": { "path.id": "activities" },
    "/activities$": { "query.from": "instants", "query.to": "instants" },
    "/appointments/{id}": { "path.id": "appointments" },
    "/appointments$": { "query.from": "instants", "query.to": "instants" },
    "/calendar": { "query.from": "dates", "query.to": "dates" },
    "/calls/{id}": { "path.id": "calls" },
    "/closures": { "path.id": "closures", "query.from": "dates" },
    "/employees": { "path.id": "employees", "query.from": "dates" },
    "/equipment": { "path.id": "equipment" },
    "/invitations/{id}": { "path.id": "invitations" },
    "/leads": { "path.id": "leads" },
    "/leave": { "path.id": "leave" },
    "/locations": { "path.id": "locations" },
    "/members": { "path.user": "members" },
    "/patients": { "path.id": "patients" },
    "/resources": { "path.id": "resources" },
    "/roles": { "path.id": "roles" },
    "/subscriptions": { "path.product": "products" },
    "/teams": { "path.id": "teams" },
    "/treatments": { "path.id": "treatments" },
};

// What the description allows may still be refused as not processable: the end before the start, a cursor of another
// list, a name that is blank, a role or a zone that does not exist. A schema cannot say so; that such an answer is the
// right one is what the tests of each module are for. Every other refusal of allowed data is a failure.
const acceptance = ["2xx", "401", "403", "404", "409", "422", "429", "503"];
// What the description forbids is refused, and in these words; who may not do a thing at all is told that first.
const rejection = ["400", "401", "403", "404", "405", "413", "415", "422", "429"];

/**
 * @param {Record<string, (string | number)[]>} words
 * @param {boolean} edges whether what lies just beyond the edges of each schema is sent, too
 * @returns {string} TOML
 */
export function configuration(words, edges) {
    // JSON's strings, numbers and arrays are TOML's.
    const value = JSON.stringify;
    const bindings = (of) =>
        Object.entries(of)
            .filter(([, name]) => words[name].length > 0)
            .map(([where, name]) => `${value(where)} = { dictionary = ${value(name)}, probability = 0.75 }`);
    const lines = [
        "[checks]",
        `positive_data_acceptance.expected-statuses = ${value(acceptance)}`,
        `negative_data_rejection.expected-statuses = ${value(rejection)}`,
        "[cache]",
        "enabled = false",
        // One method that is nowhere allowed tells as much as six.
        "[phases.coverage]",
        'unexpected-methods = ["PATCH"]',
        `generation.mode = "${edges ? "all" : "positive"}"`,
        ...Object.entries(words)
            .filter(([, values]) => values.length > 0)
            .flatMap(([name, values]) => [`[dictionaries.${name}]`, `values = ${value(values)}`]),
        "[parameters]",
        ...bindings(everywhere),
    ];
    for (const [path, of] of Object.entries(below)) {
        const pattern = `^/api/v1${path.replace(/[{}]/g, "\\$&")}`;
        lines.push("[[operations]]", `include-path-regex = ${value(pattern)}`, "[operations.parameters]", ...bindings({ ...everywhere, ...of }));
    }
    return `${lines.join("\n")}\n`;
}
