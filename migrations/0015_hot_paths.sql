-- Whoever books a resource gives the time of its holds back that have run out (R10). Without an index of its own the
-- holds are looked for among all that the resource was ever booked for.
create index bookings_held on resource_bookings (organization_id, resource_id, held_until) where occupies and held_until is not null;
