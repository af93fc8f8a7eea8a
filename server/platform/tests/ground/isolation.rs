//! One tenant never sees or touches another's rows.

use super::{MODULES, record};
use platform::error::Error;
use platform::testing::clinic;
use platform::{entities, permission::Permission, permission::Role};

#[tokio::test]
async fn another_tenants_rows_are_not_there() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let id = record(&mut tx, "Ours").await;
    tx.commit().await.unwrap();

    let mut tx = clinic.tx(&clinic.stranger).await;
    let seen: i64 = sqlx::query_scalar("select count(*) from entities where id = $1").bind(id).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(seen, 0);
    let changed = sqlx::query("update entities set title = 'Theirs' where id = $1").bind(id).execute(tx.conn()).await.unwrap();
    assert_eq!(changed.rows_affected(), 0);
    // To its own service functions it is as absent as one that never was.
    assert!(matches!(entities::update(&mut tx, id, "Theirs", "", None).await, Err(Error::NotFound)));
    let members: i64 = sqlx::query_scalar("select count(*) from memberships").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(members, 1);
    let organizations: i64 = sqlx::query_scalar("select count(*) from organizations").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(organizations, 1);
}

#[tokio::test]
async fn without_an_organization_there_are_no_rows_at_all() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    record(&mut tx, "Ours").await;
    tx.commit().await.unwrap();

    // The very connection on which a tenant was set before: the setting went with its transaction.
    let pool = clinic.database.pool(1).await;
    let mut connection = pool.acquire().await.unwrap();
    for table in ["entities", "locations", "memberships", "organizations", "roles", "product_subscriptions", "actions"] {
        let rows: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(&mut *connection).await.unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    let rows: i64 = sqlx::query_scalar("select count(*) from entities").fetch_one(&clinic.state.pool).await.unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn a_row_cannot_be_written_into_another_tenant() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.stranger).await;
    let refused = sqlx::query("insert into locations (organization_id, id, name, zone) values ($1, gen_random_uuid(), 'X', 'UTC')")
        .bind(clinic.organization)
        .execute(tx.conn())
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
}

#[tokio::test]
async fn a_link_across_tenants_is_refused_by_the_key() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let ours = record(&mut tx, "Ours").await;
    tx.commit().await.unwrap();

    let mut tx = clinic.tx(&clinic.stranger).await;
    let theirs = record(&mut tx, "Theirs").await;
    let refused =
        sqlx::query("update entities set merged_into = $1 where id = $2").bind(ours).bind(theirs).execute(tx.conn()).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("23503"));
}

#[tokio::test]
async fn the_application_serves_as_a_role_that_owns_nothing() {
    let clinic = clinic(MODULES).await;
    let (role, privileged, owned): (String, bool, i64) = sqlx::query_as(
        "select current_user::text,
                (select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user),
                (select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = current_user))",
    )
    .fetch_one(&clinic.state.pool)
    .await
    .unwrap();
    assert_eq!((role.as_str(), privileged, owned), ("atrium_app", false, 0));
}

#[tokio::test]
async fn rights_come_with_the_membership_and_go_with_it() {
    let clinic = clinic(MODULES).await;
    let tx = clinic.tx(&clinic.anna).await;
    assert!(tx.can(Permission::ORGANIZATION_WRITE));
    tx.verify_product_access("gabinet").unwrap();
    let tx = clinic.tx(&clinic.marek).await;
    assert!(matches!(tx.require(Permission::MEMBERS_WRITE), Err(Error::Denied(_))));
    drop(tx);

    let mut owner = clinic.database.owner_connection().await;
    sqlx::query("update memberships set status = 'removed' where user_id = $1").bind(clinic.marek.user).execute(&mut owner).await.unwrap();
    let begun = platform::Tx::begin(&clinic.state, &clinic.marek, platform::tx::Door::Screen).await;
    assert!(matches!(begun.err(), Some(Error::NotFound)));
    // Choosing a foreign organization is the same as choosing one that does not exist.
    let mut intruder = clinic.stranger.clone();
    intruder.organization = Some(clinic.organization);
    let begun = platform::Tx::begin(&clinic.state, &intruder, platform::tx::Door::Screen).await;
    assert!(matches!(begun.err(), Some(Error::NotFound)));
}

#[tokio::test]
async fn an_organizations_own_role_has_the_rights_that_were_stored() {
    let clinic = clinic(MODULES).await;
    let identity = clinic.join("Ola Nowa", "ola@lipowa.example", Role::Member).await;
    let mut owner = clinic.database.owner_connection().await;
    for statement in [
        "insert into roles (organization_id, id, name) values ($1, 'front_desk_lead', 'Front desk lead')",
        "insert into role_permissions (organization_id, role_id, permission, scope) values ($1, 'front_desk_lead', 'teams:write', 'all')",
        "insert into role_permissions (organization_id, role_id, permission, scope) values ($1, 'front_desk_lead', 'roles:write', 'own')",
        "update memberships set role_id = 'front_desk_lead' where organization_id = $1
         and user_id = (select id from users where email = 'ola@lipowa.example')",
    ] {
        sqlx::query(statement).bind(clinic.organization).execute(&mut owner).await.unwrap();
    }
    let tx = clinic.tx(&identity).await;
    assert!(tx.can(Permission::TEAMS_WRITE));
    assert!(!tx.can(Permission::ROLES_WRITE), "a right to one's own records is not one to all");
    assert!(!tx.can(Permission::MEMBERS_READ));
}

#[tokio::test]
async fn a_subscription_counts_until_its_period_ends() {
    let clinic = clinic(MODULES).await;
    let mut owner = clinic.database.owner_connection().await;
    for (status, ends, counts) in [
        ("active", None, true),
        ("past_due", Some("2026-11-24T07:30:00Z"), true),
        ("trialing", Some("2026-11-24T06:59:00Z"), false),
        ("cancelled", None, false),
    ] {
        sqlx::query("update product_subscriptions set status = $2, current_period_end = $3::timestamptz where organization_id = $1 and product_id = 'crm'")
            .bind(clinic.organization)
            .bind(status)
            .bind(ends.map(platform::testing::at))
            .execute(&mut owner)
            .await
            .unwrap();
        let tx = clinic.tx(&clinic.anna).await;
        assert_eq!(tx.verify_product_access("crm").is_ok(), counts, "{status}");
        tx.verify_product_access("gabinet").unwrap();
    }
}
