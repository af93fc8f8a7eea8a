-- A row as long as the demo clinics are being written. One that is there when nobody writes tells that they were not
-- written to their end: their server was killed. Only the owner of the schema asks.
create table demo_begun (
    at timestamptz not null default now()
);
