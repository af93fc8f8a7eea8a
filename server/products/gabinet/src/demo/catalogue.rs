//! The demo clinics' catalogues: treatments as such clinics offer them, staff with hours, rooms and devices.

/// A treatment of the catalogue. Minutes; the price in whole units of the clinic's currency.
pub struct Treatment {
    pub category: &'static str,
    pub name: &'static str,
    pub minutes: i32,
    pub before: i32,
    pub after: i32,
    pub price: i64,
    pub hue: i16,
    /// Sort of room needed, if any.
    pub room: Option<&'static str>,
    /// Sort of device needed, if any.
    pub device: Option<&'static str>,
}

const fn treatment(
    category: &'static str,
    name: &'static str,
    (minutes, before, after): (i32, i32, i32),
    price: i64,
    hue: i16,
    room: Option<&'static str>,
    device: Option<&'static str>,
) -> Treatment {
    Treatment { category, name, minutes, before, after, price, hue, room, device }
}

/// A practitioner: name, position, hue, first and last hour of the working day (weekdays as ISO numbers), the break's
/// start, and which of the catalogue's categories they are qualified for.
pub struct Practitioner {
    pub name: &'static str,
    pub position: &'static str,
    pub hue: i16,
    pub days: &'static [i16],
    pub hours: (i16, i16),
    pub pause: i16,
    pub categories: &'static [&'static str],
    /// Days from today to the first and last day of a leave.
    pub leave: Option<(i64, i64)>,
    /// Is this the clinic's demo doctor, with a login?
    pub doctor: bool,
}

/// A room or device: name, and the sort of thing it is.
pub struct Thing {
    pub name: &'static str,
    pub sort_of: &'static str,
    pub room: bool,
}

/// Everything a demo clinic has.
pub struct Clinic {
    pub treatments: &'static [Treatment],
    pub practitioners: &'static [Practitioner],
    pub things: &'static [Thing],
    pub given_names: &'static [&'static str],
    /// Family names in the form that suits the given name at the same place: Polish ones end by gender.
    pub family_names: &'static [(&'static str, &'static str)],
    /// Prefix of the demo's telephone numbers.
    pub phone: &'static str,
    pub patients: usize,
    /// Visits a practitioner has on a full day.
    pub visits_a_day: usize,
    pub allergies: &'static [&'static str],
}

const WEEK: &[i16] = &[1, 2, 3, 4, 5];

/// Klinika Lipowa, Warsaw: aesthetic medicine and infusions.
pub const LIPOWA: Clinic = Clinic {
    treatments: &[
        treatment("Konsultacje", "Konsultacja lekarska", (30, 0, 0), 250, 250, Some("gabinet"), None),
        treatment("Konsultacje", "Wizyta kontrolna", (15, 0, 5), 120, 250, Some("gabinet"), None),
        treatment("Medycyna estetyczna", "Botoks, 2 okolice", (30, 0, 10), 900, 300, Some("gabinet"), None),
        treatment("Medycyna estetyczna", "Botoks, 3 okolice", (45, 0, 10), 1200, 300, Some("gabinet"), None),
        treatment("Medycyna estetyczna", "Kwas hialuronowy, usta", (45, 0, 15), 1100, 310, Some("gabinet"), None),
        treatment("Medycyna estetyczna", "Wolumetria policzków", (60, 0, 15), 1800, 310, Some("gabinet"), None),
        treatment("Medycyna estetyczna", "Mezoterapia igłowa twarzy", (45, 0, 10), 650, 325, Some("gabinet"), None),
        treatment("Medycyna estetyczna", "Nici liftingujące", (75, 10, 15), 2600, 325, Some("gabinet"), None),
        treatment("Medycyna estetyczna", "Osocze bogatopłytkowe", (60, 10, 10), 950, 335, Some("gabinet"), None),
        treatment("Laser", "Depilacja laserowa, pachy", (30, 0, 10), 300, 25, Some("gabinet"), Some("laser")),
        treatment("Laser", "Depilacja laserowa, nogi", (60, 0, 10), 750, 25, Some("gabinet"), Some("laser")),
        treatment("Laser", "Depilacja laserowa, plecy", (75, 0, 10), 850, 25, Some("gabinet"), Some("laser")),
        treatment("Laser", "Zamykanie naczynek", (45, 0, 10), 600, 35, Some("gabinet"), Some("laser")),
        treatment("Kosmetologia", "Oczyszczanie wodorowe", (60, 0, 10), 350, 140, Some("gabinet"), None),
        treatment("Kosmetologia", "Infuzja tlenowa", (60, 0, 10), 400, 140, Some("gabinet"), None),
        treatment("Kosmetologia", "Peeling medyczny", (45, 0, 10), 320, 155, Some("gabinet"), None),
        treatment("Kosmetologia", "Radiofrekwencja mikroigłowa", (75, 0, 15), 1400, 155, Some("gabinet"), Some("mikroigły")),
        treatment("Wlewy dożylne", "Wlew nawadniający", (60, 5, 10), 380, 200, Some("gabinet"), None),
        treatment("Wlewy dożylne", "Wlew witaminy C", (75, 5, 10), 450, 200, Some("gabinet"), None),
        treatment("Wlewy dożylne", "Wlew NAD+", (90, 5, 15), 1200, 210, Some("gabinet"), None),
    ],
    practitioners: &[
        Practitioner { name: "dr Marta Lis", position: "lekarz medycyny estetycznej", hue: 300, days: WEEK, hours: (8, 16), pause: 12, categories: &["Konsultacje", "Medycyna estetyczna"], leave: None, doctor: true },
        Practitioner { name: "dr Piotr Zając", position: "dermatolog", hue: 250, days: WEEK, hours: (9, 17), pause: 13, categories: &["Konsultacje", "Medycyna estetyczna", "Laser"], leave: None, doctor: false },
        Practitioner { name: "Ola Kania", position: "kosmetolog", hue: 20, days: WEEK, hours: (8, 15), pause: 11, categories: &["Kosmetologia", "Laser"], leave: None, doctor: false },
        Practitioner { name: "Ewa Mróz", position: "pielęgniarka", hue: 200, days: WEEK, hours: (10, 18), pause: 14, categories: &["Wlewy dożylne"], leave: None, doctor: false },
        Practitioner { name: "Kamil Duda", position: "kosmetolog", hue: 140, days: &[1, 2, 4, 5, 6], hours: (12, 19), pause: 15, categories: &["Kosmetologia", "Laser"], leave: None, doctor: false },
        Practitioner { name: "Zofia Rak", position: "pielęgniarka", hue: 90, days: WEEK, hours: (8, 16), pause: 12, categories: &["Wlewy dożylne", "Konsultacje"], leave: Some((-1, 3)), doctor: false },
    ],
    things: &[
        Thing { name: "Gabinet 1", sort_of: "gabinet", room: true },
        Thing { name: "Gabinet 2", sort_of: "gabinet", room: true },
        Thing { name: "Gabinet 3", sort_of: "gabinet", room: true },
        Thing { name: "Laser A", sort_of: "laser", room: false },
        Thing { name: "Mikroigły RF", sort_of: "mikroigły", room: false },
    ],
    given_names: &[
        "Anna", "Jan", "Maria", "Piotr", "Katarzyna", "Paweł", "Agnieszka", "Tomasz", "Małgorzata", "Michał", "Joanna", "Marcin", "Ewa", "Łukasz", "Barbara",
        "Adam", "Zofia", "Rafał", "Natalia", "Grzegorz", "Karolina", "Jakub", "Magdalena", "Wojciech", "Teresa", "Marek", "Halina", "Igor", "Beata", "Ryszard",
    ],
    family_names: &[
        ("Wiśniewska", "Wiśniewski"), ("Nowak", "Nowak"), ("Kowalska", "Kowalski"), ("Wójcik", "Wójcik"), ("Kamińska", "Kamiński"), ("Lewandowska", "Lewandowski"),
        ("Zielińska", "Zieliński"), ("Szymańska", "Szymański"), ("Woźniak", "Woźniak"), ("Dąbrowska", "Dąbrowski"), ("Kozłowska", "Kozłowski"), ("Jankowska", "Jankowski"),
        ("Mazur", "Mazur"), ("Krawczyk", "Krawczyk"), ("Piotrowska", "Piotrowski"), ("Grabowska", "Grabowski"), ("Pawlak", "Pawlak"), ("Michalska", "Michalski"),
        ("Król", "Król"), ("Wieczorek", "Wieczorek"), ("Jabłońska", "Jabłoński"), ("Wróbel", "Wróbel"), ("Sadowska", "Sadowski"), ("Żak", "Żak"), ("Ćwiklińska", "Ćwikliński"),
    ],
    phone: "+48601",
    patients: 300,
    visits_a_day: 6,
    allergies: &["lidokaina", "lateks", "penicylina", "nikiel"],
};

/// Austin Drip: infusions and a little more.
pub const AUSTIN: Clinic = Clinic {
    treatments: &[
        treatment("Consultation", "First consultation", (30, 0, 0), 95, 250, None, None),
        treatment("Infusion", "Hydration drip", (45, 5, 10), 149, 200, Some("chair"), None),
        treatment("Infusion", "Vitamin C drip", (60, 5, 10), 189, 200, Some("chair"), None),
        treatment("Infusion", "Myers cocktail", (60, 5, 10), 209, 205, Some("chair"), None),
        treatment("Infusion", "NAD+ drip", (90, 5, 15), 449, 210, Some("chair"), Some("pump")),
        treatment("Injection", "B12 shot", (15, 0, 5), 35, 140, Some("chair"), None),
    ],
    practitioners: &[
        Practitioner { name: "Dr Grace Hill", position: "Physician", hue: 300, days: WEEK, hours: (9, 17), pause: 12, categories: &["Consultation", "Infusion", "Injection"], leave: None, doctor: true },
        Practitioner { name: "Luis Ortega", position: "Registered nurse", hue: 200, days: &[2, 3, 4, 5, 6], hours: (10, 18), pause: 13, categories: &["Infusion", "Injection"], leave: None, doctor: false },
        Practitioner { name: "Mia Chen", position: "Registered nurse", hue: 140, days: WEEK, hours: (9, 15), pause: 11, categories: &["Infusion", "Injection"], leave: Some((2, 4)), doctor: false },
    ],
    things: &[
        Thing { name: "Chair 1", sort_of: "chair", room: true },
        Thing { name: "Chair 2", sort_of: "chair", room: true },
        Thing { name: "Chair 3", sort_of: "chair", room: true },
        Thing { name: "Pump 1", sort_of: "pump", room: false },
    ],
    given_names: &["Olivia", "James", "Emma", "Noah", "Ava", "William", "Sophia", "Lucas", "Isabella", "Henry"],
    family_names: &[
        ("Walker", "Walker"), ("Reed", "Reed"), ("Garcia", "Garcia"), ("Nguyen", "Nguyen"), ("Brooks", "Brooks"), ("Coleman", "Coleman"), ("Diaz", "Diaz"), ("Foster", "Foster"),
    ],
    phone: "+1512555",
    patients: 60,
    visits_a_day: 4,
    allergies: &["latex", "sulfites"],
};
