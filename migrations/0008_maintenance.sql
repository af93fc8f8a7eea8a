-- The owner of the schema clears away what has expired in all tenants at once, once a day. It is no superuser where the
-- database is a given one, and row-level security is forced on it too.
create policy maintenance on idempotency_keys to current_user using (true);
