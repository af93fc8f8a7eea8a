//! The database asked about itself: what the architecture promises of every table is read from the catalogue, so that
//! a table that is forgotten fails here.

use platform::testing;
use server::modules::HOOKS;
use sqlx::PgPool;

/// Tables without a tenant, each with its reason.
const NO_TENANT: [(&str, &str); 11] = [
    ("organizations", "is the tenant; under its own policy"),
    ("users", "one login may belong to several tenants"),
    ("sessions", "exist before a tenant is chosen"),
    ("refresh_tokens", "belong to a session"),
    ("sign_in_failures", "are counted before anybody is known"),
    ("signing_keys", "are the server's own"),
    ("platform_products", "the catalogue is common"),
    ("action_feed", "readers follow all tenants; it names records and says nothing of them"),
    ("presence_feed", "readers follow all tenants; it is told to the listeners of its own and kept by nobody"),
    ("demo_begun", "is asked before there is any tenant"),
    ("_sqlx_migrations", "is the migrator's"),
];

async fn tables(pool: &PgPool) -> Vec<String> {
    let all: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1",
    )
    .fetch_all(pool)
    .await
    .expect("the catalogue answers");
    assert!(all.len() > 25, "the schema is migrated");
    all.into_iter().filter(|table| !NO_TENANT.iter().any(|(name, _)| name == table)).collect()
}

#[tokio::test]
async fn every_tenant_table_is_under_forced_row_level_security() {
    let database = testing::database().await;
    let owner = crate::support::owner(&database).await;
    for table in tables(&owner).await.iter().chain(["organizations".to_owned()].iter()) {
        let (enabled, forced, policies): (bool, bool, i64) = sqlx::query_as(
            "select c.relrowsecurity, c.relforcerowsecurity, (select count(*) from pg_policy p where p.polrelid = c.oid)
             from pg_class c where c.oid = $1::regclass",
        )
        .bind(table)
        .fetch_one(&owner)
        .await
        .expect("the table is there");
        assert!(enabled && forced && policies > 0, "{table} is not under the tenant's policy");
    }
}

#[tokio::test]
async fn every_key_of_a_tenant_table_begins_with_the_tenant() {
    let database = testing::database().await;
    let owner = crate::support::owner(&database).await;
    for table in tables(&owner).await {
        let keys: Vec<(String, String, Option<String>)> = sqlx::query_as(
            "select con.conname::text, con.contype::text,
                    (select a.attname::text from pg_attribute a where a.attrelid = con.conrelid and a.attnum = con.conkey[1])
             from pg_constraint con where con.conrelid = $1::regclass and con.contype in ('p', 'u', 'x')",
        )
        .bind(&table)
        .fetch_all(&owner)
        .await
        .expect("the catalogue answers");
        assert!(keys.iter().any(|(_, kind, _)| kind == "p"), "{table} has no primary key");
        for (name, _, first) in keys {
            assert_eq!(first.as_deref(), Some("organization_id"), "{table}: {name} does not begin with the tenant");
        }
    }
}

#[tokio::test]
async fn a_foreign_key_to_a_tenant_table_carries_the_tenant() {
    let database = testing::database().await;
    let owner = crate::support::owner(&database).await;
    let tenant_tables = tables(&owner).await;
    let keys: Vec<(String, String, String, i32)> = sqlx::query_as(
        "select con.conname::text, con.conrelid::regclass::text, con.confrelid::regclass::text, cardinality(con.conkey)
         from pg_constraint con join pg_class c on c.oid = con.conrelid
         where con.contype = 'f' and not c.relispartition and con.conparentid = 0",
    )
    .fetch_all(&owner)
    .await
    .expect("the catalogue answers");
    for (name, from, to, columns) in keys {
        if tenant_tables.contains(&to) {
            assert!(columns >= 2, "{from}: {name} to {to} does not carry the tenant");
        }
    }
}

#[tokio::test]
async fn the_servers_role_owns_nothing_and_bypasses_nothing() {
    let database = testing::database().await;
    let owner = crate::support::owner(&database).await;
    let owned: i64 =
        sqlx::query_scalar("select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'atrium_app'")
            .fetch_one(&owner)
            .await
            .expect("the catalogue answers");
    assert_eq!(owned, 0);
    let (superuser, bypass, create_role): (bool, bool, bool) =
        sqlx::query_as("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = 'atrium_app'")
            .fetch_one(&owner)
            .await
            .expect("the role is there");
    assert!(!superuser && !bypass && !create_role);
    let role: String = sqlx::query_scalar("select current_user::text").fetch_one(&database.pool(2).await).await.expect("the pool serves");
    assert_eq!(role, "atrium_app");
}

#[tokio::test]
async fn the_action_log_cannot_be_changed_by_the_servers_role() {
    let database = testing::database().await;
    let owner = crate::support::owner(&database).await;
    for right in ["UPDATE", "DELETE", "TRUNCATE"] {
        let held: bool = sqlx::query_scalar("select has_table_privilege('atrium_app', 'actions', $1)")
            .bind(right)
            .fetch_one(&owner)
            .await
            .expect("the catalogue answers");
        assert!(!held, "the server's role may {right} the action log");
    }
}

/// What is kept of a table that gives no new revision would be shown for ever.
#[tokio::test]
async fn every_table_of_which_hours_are_made_gives_a_new_revision_when_it_changes() {
    let database = testing::database().await;
    let owner = crate::support::owner(&database).await;
    let followed: Vec<String> = sqlx::query_scalar(
        "select t.tgrelid::regclass::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid
         where p.proname = 'reference_changed' and t.tgenabled = 'O' order by 1",
    )
    .fetch_all(&owner)
    .await
    .expect("the catalogue answers");
    let of_modules = HOOKS.0.iter().filter_map(|hooks| hooks.hours.as_ref()).flat_map(|source| source.tables);
    let further = HOOKS.0.iter().flat_map(|hooks| hooks.reference);
    let mut wanted: Vec<&str> = ["locations", "resources"].iter().chain(of_modules).chain(further).copied().collect();
    wanted.sort_unstable();
    assert_eq!(followed, wanted);
}

/// A product that points to a person and does not say so would lose what it holds when two records become one.
#[tokio::test]
async fn every_column_that_points_to_a_person_says_what_becomes_of_it_when_two_records_are_one_human() {
    let database = testing::database().await;
    let owner = crate::support::owner(&database).await;
    let found: Vec<(String, String)> = sqlx::query_as(
        "with recursive humans as (
             select 'persons'::regclass::oid as human
             union
             select con.conrelid from pg_constraint con
             join humans on con.confrelid = human
             join pg_attribute a on a.attrelid = con.conrelid and a.attnum = any (con.conkey) and a.attname = 'id'
             where con.contype = 'f')
         select con.conrelid::regclass::text, a.attname::text from pg_constraint con
         join pg_class c on c.oid = con.conrelid
         join pg_attribute a on a.attrelid = con.conrelid and a.attnum = any (con.conkey)
         where con.contype = 'f' and con.conparentid = 0 and not c.relispartition and a.attname not in ('organization_id', 'id')
           and (con.confrelid in (select human from humans) or con.confrelid = 'entities'::regclass)",
    )
    .fetch_all(&owner)
    .await
    .expect("the catalogue answers");
    assert!(found.len() > 15, "the keys are found");
    let hooks = server::modules::HOOKS.0.iter().filter_map(|hooks| hooks.persons);
    let declared: Vec<(&str, &str)> = services::persons::REFERENCES
        .iter()
        .chain(hooks.flat_map(|hooks| hooks.references))
        .map(|reference| (reference.table, reference.column))
        .collect();
    for (table, column) in &found {
        assert!(
            declared.contains(&(table.as_str(), column.as_str())),
            "{table}.{column} may point to a person: declare it in its module's `PersonHooks::references`, or in \
             `services::persons::REFERENCES` if it is core's"
        );
    }
    for (table, column) in declared {
        assert!(found.iter().any(|(t, c)| t == table && c == column), "{table}.{column} is declared and points to no person");
    }
}

/// Columns of tables about humans from which nothing is chosen when two records become one, each with its reason.
const NOT_CHOSEN: [(&str, &str, &str); 7] = [
    ("persons", "organization_id", "is the tenant"),
    ("persons", "id", "is the record itself"),
    ("gabinet_patients", "organization_id", "is the tenant"),
    ("gabinet_patients", "id", "is the record itself"),
    ("gabinet_patients", "number", "each record keeps the number that it was given"),
    ("gabinet_patients", "version", "counts changes of the record itself"),
    ("gabinet_patients", "created_at", "tells when the record was made"),
];

/// A product that keeps something of a human and does not say so would lose it when two records become one.
#[tokio::test]
async fn every_column_that_says_something_of_a_human_can_be_chosen_when_two_records_are_one() {
    let database = testing::database().await;
    let owner = crate::support::owner(&database).await;
    let found: Vec<(String, String)> = sqlx::query_as(
        "with recursive humans as (
             select 'persons'::regclass::oid as human
             union
             select con.conrelid from pg_constraint con
             join humans on con.confrelid = human
             join pg_attribute a on a.attrelid = con.conrelid and a.attnum = any (con.conkey) and a.attname = 'id'
             where con.contype = 'f')
         select human::regclass::text, a.attname::text from humans
         join pg_attribute a on a.attrelid = human and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''",
    )
    .fetch_all(&owner)
    .await
    .expect("the catalogue answers");
    assert!(found.iter().any(|(table, _)| table == "gabinet_patients"), "the tables are found");
    let hooks = HOOKS.0.iter().filter_map(|hooks| hooks.persons);
    let declared: Vec<(&str, &str)> = services::persons::MERGE_FIELDS
        .iter()
        .chain(hooks.flat_map(|hooks| hooks.fields))
        .map(|field| (field.table, field.column))
        .collect();
    let not_chosen: Vec<(&str, &str)> = NOT_CHOSEN.iter().map(|(table, column, _)| (*table, *column)).collect();
    for (table, column) in &found {
        let column = (table.as_str(), column.as_str());
        assert!(
            declared.contains(&column) != not_chosen.contains(&column),
            "{table}.{} would be lost when two records become one: name it in its module's `PersonHooks::fields`, or say in \
             `NOT_CHOSEN` why it is not to be chosen from",
            column.1
        );
    }
    for column in declared.iter().chain(&not_chosen) {
        assert!(found.iter().any(|(t, c)| (t.as_str(), c.as_str()) == *column), "{}.{} is named and not there", column.0, column.1);
    }
}
