//! Whose leads and deals a role reaches: the doors of CRM itself, on a real database.

use platform::{
    Error, Result, Tx,
    id::{EntityId, UserId},
    members,
    permission::{Permission, Scope},
    rest::PageQuery,
    roles::{self, RoleDetails},
    teams::{self, TeamDetails},
    testing::Clinic,
};
use services::{
    core::{COMPANIES_READ, COMPANIES_WRITE, PERSONS_READ},
    persons,
};

use crate::{
    CALLS_WRITE, DEALS_READ, DEALS_WRITE, LEADS_READ, LEADS_WRITE, QUOTES_WRITE,
    calls::{self, PlanCall},
    deals::{
        self, Deal, DealInput, DealQuery, MoveDeal,
        tests::{desk, lines_of, titled},
    },
    forecast::{ForecastQuery, forecast},
    leads::{self, ConvertLead, Lead, LeadInput},
    pipelines::{self, Pipeline},
    quotes::{self, NewQuote},
};

/// Anna owns the clinic; Ewa's role reaches what these scopes say, and Jan shares a team with her.
async fn seller(clinic: &Clinic, read: Scope, write: Scope) {
    let rights =
        [LEADS_READ, LEADS_WRITE, DEALS_READ, DEALS_WRITE, CALLS_WRITE, QUOTES_WRITE, PERSONS_READ, COMPANIES_READ, COMPANIES_WRITE];
    let scope = |right: &Permission| match *right {
        LEADS_READ | DEALS_READ => Some((right.0.to_owned(), read)),
        LEADS_WRITE | DEALS_WRITE => Some((right.0.to_owned(), write)),
        _ => None,
    };
    let details = RoleDetails {
        name: format!("Seller {read:?} {write:?}"),
        permissions: rights.iter().map(|right| right.0.to_owned()).collect(),
        scopes: rights.iter().filter_map(scope).collect(),
        version: 0,
    };
    let mut tx = clinic.tx(&clinic.anna).await;
    let role = roles::insert(&mut tx, &details).await.expect("a role");
    members::change_role(&mut tx, clinic.ewa.user, &role.id).await.expect("a role is given");
    let team = TeamDetails { name: role.name, members: vec![clinic.ewa.user, clinic.jan.user], version: 0 };
    teams::insert(&mut tx, &team).await.expect("a team");
    tx.commit().await.expect("committed");
}

/// A deal of each of Anna, Jan and Ewa, worth 1, 10 and 100, with lines of the same person's lead; made by Anna.
struct Desk {
    clinic: Clinic,
    pipeline: Pipeline,
    deals: Vec<Deal>,
    leads: Vec<Lead>,
    quotes: Vec<EntityId>,
    calls: Vec<EntityId>,
}

impl Desk {
    async fn new() -> Desk {
        let (clinic, pipeline) = desk().await;
        let mut made = Desk { pipeline, deals: Vec::new(), leads: Vec::new(), quotes: Vec::new(), calls: Vec::new(), clinic };
        let mut tx = made.clinic.tx(&made.clinic.anna).await;
        let owners = [made.clinic.anna.user, made.clinic.jan.user, made.clinic.ewa.user];
        for (owner, (value, hour)) in owners.into_iter().zip([(1, 9), (10, 11), (100, 13)]) {
            let lead = leads::create(&mut tx, &lead(owner)).await.expect("a lead");
            let wanted = DealInput { owner: Some(owner), person: Some(lead.person), ..titled("Equipment", value) };
            let deal = deals::create(&mut tx, &wanted).await.expect("a deal");
            let offered = DealInput { owner: Some(owner), ..titled("Offered", 0) };
            let offered = deals::create(&mut tx, &offered).await.expect("a deal");
            deals::save_lines(&mut tx, offered.id, &lines_of(offered.version)).await.expect("lines");
            let won = MoveDeal { version: offered.version + 1, stage: made.pipeline.stages[5].id, lost_reason: "Out of the way".into() };
            made.quotes.push(quotes::create(&mut tx, offered.id, &NewQuote::default()).await.expect("a quote").id);
            deals::move_to(&mut tx, offered.id, &won).await.expect("lost");
            let start = format!("2026-11-25T{hour:02}:00:00Z").parse().expect("an instant");
            let call =
                PlanCall { id: None, lead: lead.id, location: made.clinic.location, start, minutes: 15, staff: None, notes: String::new() };
            made.calls.push(calls::plan(&mut tx, &call).await.expect("a call").id);
            made.deals.push(deal);
            made.leads.push(lead);
        }
        tx.commit().await.expect("committed");
        made
    }

    /// What is found of one door by whom these belong to: `[Anna's, Jan's, Ewa's]`.
    fn of<T>(found: &[T], all: &[EntityId], id: impl Fn(&T) -> EntityId) -> Vec<bool> {
        all.iter().map(|wanted| found.iter().any(|one| id(one) == *wanted)).collect()
    }
}

fn lead(owner: UserId) -> LeadInput {
    let plain = serde_json::json!({ "given_name": "Ola", "family_name": "Wrona", "company": "Wrona", "owner": owner });
    serde_json::from_value(plain).expect("a lead")
}

fn code<T: std::fmt::Debug>(refused: Result<T>) -> String {
    refused.expect_err("refused").code().to_owned()
}

/// Whose records each door tells of, as Ewa.
async fn told(desk: &Desk, tx: &mut Tx) -> Vec<(&'static str, Vec<bool>)> {
    let ids: Vec<EntityId> = desk.deals.iter().map(|deal| deal.id).collect();
    let lead_ids: Vec<EntityId> = desk.leads.iter().map(|lead| lead.id).collect();
    let mut told = Vec::new();
    let (page, board) = (PageQuery::default(), deals::board(tx, desk.pipeline.id, None, None).await.expect("a board"));
    let listed = deals::list(tx, &DealQuery::default(), &page).await.expect("a list").items;
    told.push(("list", Desk::of(&listed, &ids, |deal| deal.id)));
    let column = DealQuery { stage: Some(desk.pipeline.stages[0].id), ..DealQuery::default() };
    let column = deals::list(tx, &column, &page).await.expect("a column").items;
    told.push(("column", Desk::of(&column, &ids, |deal| deal.id)));
    told.push(("cards", Desk::of(&board.columns[0].deals, &ids, |deal| deal.id)));
    // Worth 1, 10 and 100: whose are in a sum is written in its digits.
    let digits = |sum: i64| [1, 10, 100].map(|worth| (sum / worth) % 10 == 1).to_vec();
    told.push(("sums", digits(board.columns[0].sums.iter().map(|sum| sum.value).sum())));
    assert_eq!(board.columns[0].count, i64::try_from(listed.len() / 2).expect("few"), "of the other half each is lost");
    let expected = forecast(tx, &ForecastQuery::default()).await.expect("a forecast");
    told.push(("forecast", digits(expected.rows.iter().map(|row| row.open).sum())));
    let leads = leads::list(tx, None, "", &page).await.expect("leads").items;
    told.push(("leads", Desk::of(&leads, &lead_ids, |lead| lead.id)));
    let leads = leads::list(tx, None, "wrona", &page).await.expect("leads").items;
    told.push(("leads sought", Desk::of(&leads, &lead_ids, |lead| lead.id)));
    let (mut one, mut one_lead, mut steps, mut lines, mut offers, mut quote, mut call, mut held) = Default::default();
    for place in 0..3 {
        let (deal, lead) = (&desk.deals[place], &desk.leads[place]);
        seen(&mut one, deals::get(tx, deal.id).await);
        seen(&mut steps, deals::steps(tx, deal.id).await);
        seen(&mut lines, deals::lines(tx, deal.id).await);
        seen(&mut offers, quotes::list(tx, deal.id).await);
        seen(&mut quote, quotes::get(tx, desk.quotes[place]).await);
        seen(&mut one_lead, leads::get(tx, lead.id).await);
        seen(&mut call, calls::get(tx, desk.calls[place]).await);
        // The human may be seen; what CRM holds of them only as far as it is seen itself.
        let card = persons::card(tx, lead.person).await.expect("a person");
        let roles = card.held.iter().filter(|held| held.record == lead.id || held.record == deal.id).count();
        assert!(roles != 1, "the lead is told of and the deal is not, or the other way round");
        let known: &mut Vec<bool> = &mut held;
        known.push(roles == 2);
    }
    told.extend([("deal", one), ("lead", one_lead), ("steps", steps), ("lines", lines), ("quotes", offers), ("quote", quote)]);
    told.extend([("call", call), ("held", held)]);
    told
}

/// Notes whether it was told or not found; nothing else is an answer here.
fn seen<T: std::fmt::Debug>(all: &mut Vec<bool>, answer: Result<T>) {
    all.push(match answer {
        Ok(_) => true,
        Err(Error::NotFound) => false,
        Err(other) => panic!("{other}"),
    });
}

#[tokio::test]
async fn every_door_tells_of_the_same_deals_and_leads_whatever_their_scope() {
    let desk = Desk::new().await;
    for (scope, expected) in [(Scope::Own, [false, false, true]), (Scope::Team, [false, true, true]), (Scope::All, [true, true, true])] {
        seller(&desk.clinic, scope, Scope::Own).await;
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        for (door, found) in told(&desk, &mut tx).await {
            assert_eq!(found, expected, "{door} with {scope:?}");
        }
        assert_eq!(pipelines::list(&mut tx).await.expect("pipelines").len(), 1, "stages are nobody's");
    }
}

#[tokio::test]
async fn who_sees_the_teams_records_and_writes_only_their_own_changes_no_other() {
    let desk = Desk::new().await;
    seller(&desk.clinic, Scope::Team, Scope::Own).await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    for (place, refused) in [(0, Some("not_found")), (1, Some("denied")), (2, None)] {
        let (deal, known) = (&desk.deals[place], &desk.leads[place]);
        let stage = desk.pipeline.stages[1].id;
        let expect = |what: &str, answer: std::result::Result<(), Error>| {
            assert_eq!(answer.err().map(|error| error.code().to_owned()).as_deref(), refused, "{what} of {place}");
        };
        let change = DealInput { next_step: "Call".into(), ..DealInput::from(deal) };
        expect("update", deals::update(&mut tx, deal.id, &change).await.map(drop));
        let moved = MoveDeal { version: deal.version + 1, stage, lost_reason: String::new() };
        expect("move", deals::move_to(&mut tx, deal.id, &moved).await.map(drop));
        expect("lines", deals::save_lines(&mut tx, deal.id, &lines_of(deal.version + 2)).await.map(drop));
        let input = LeadInput { version: known.version, owner: None, ..lead(desk.clinic.ewa.user) };
        expect("lead", leads::update(&mut tx, known.id, &input).await.map(drop));
        let version = leads::get(&mut tx, known.id).await.map_or(1, |lead| lead.version);
        let convert = ConvertLead { version, ..ConvertLead::default() };
        expect("convert", leads::convert(&mut tx, known.id, &convert).await.map(drop));
    }
    let own = deals::create(&mut tx, &titled("Mine", 5)).await.expect("what one makes is one's own");
    assert_eq!((own.owner, own.handed_over), (Some(desk.clinic.ewa.user), false));
}

#[tokio::test]
async fn what_is_handed_over_is_told_of_once_more_and_then_is_not_found() {
    let desk = Desk::new().await;
    seller(&desk.clinic, Scope::Own, Scope::Own).await;
    let (anna, ewa) = (desk.clinic.anna.user, desk.clinic.ewa.user);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let (deal, known) = (&desk.deals[2], &desk.leads[2]);
    let given = DealInput { owner: Some(anna), ..DealInput::from(deal) };
    let answer = deals::update(&mut tx, deal.id, &given).await.expect("handed over");
    assert_eq!((answer.owner, answer.handed_over), (Some(anna), true));
    assert_eq!(code(deals::get(&mut tx, deal.id).await), "not_found");
    // Of what nobody looks after, whoever sees their own sees nothing.
    let mine = deals::create(&mut tx, &titled("Mine", 5)).await.expect("a deal");
    let nobodys = DealInput { owner: None, ..DealInput::from(&mine) };
    assert!(deals::update(&mut tx, mine.id, &nobodys).await.expect("let go").handed_over);
    assert_eq!(code(deals::get(&mut tx, mine.id).await), "not_found");

    let input = |owner: Option<UserId>| LeadInput { version: known.version, owner, ..lead(ewa) };
    let stranger = desk.clinic.stranger.user;
    assert_eq!(code(leads::update(&mut tx, known.id, &input(Some(stranger))).await), "invalid");
    let answer = leads::update(&mut tx, known.id, &input(Some(anna))).await.expect("handed over");
    assert_eq!((answer.owner, answer.handed_over), (Some(anna), true));
    assert_eq!(code(leads::get(&mut tx, known.id).await), "not_found");
    assert_eq!(code(calls::get(&mut tx, desk.calls[2]).await), "not_found", "its call goes with it");
    tx.commit().await.expect("committed");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert!(!leads::get(&mut tx, known.id).await.expect("hers now").handed_over);
}

#[tokio::test]
async fn whoever_changes_a_human_changes_what_unseen_deals_are_found_by() {
    let desk = Desk::new().await;
    seller(&desk.clinic, Scope::Own, Scope::Own).await;
    // Two leads of one human: Anna's, and one that Ewa looks after.
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let (person, organization) = (desk.leads[0].person, tx.organization());
    sqlx::query("update crm_leads set person_id = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(desk.leads[2].id)
        .bind(person)
        .execute(tx.conn())
        .await
        .expect("it can be pointed there");
    tx.commit().await.expect("committed");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let own = leads::get(&mut tx, desk.leads[2].id).await.expect("hers");
    let renamed = LeadInput { version: own.version, owner: None, family_name: "Sroka".into(), ..lead(desk.clinic.ewa.user) };
    leads::update(&mut tx, own.id, &renamed).await.expect("renamed");
    tx.commit().await.expect("committed");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let named: Vec<String> = sqlx::query_scalar("select title || keywords from entities where organization_id = $1 and id = any ($2)")
        .bind(organization)
        .bind([desk.leads[0].id, desk.deals[0].id])
        .fetch_all(tx.conn())
        .await
        .expect("read");
    assert!(named.len() == 2 && named.iter().all(|text| text.contains("Sroka")), "{named:?}");
}
