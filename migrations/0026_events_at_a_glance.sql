-- What a calendar draws of an activity's bookings, beside the activity: whom it takes, the minutes kept free around it, and
-- whether it lies over something else. A week reads its events alone then, and not each one's bookings as well. The truth,
-- and what makes double booking impossible, stay in `resource_bookings`.
alter table scheduled_activities
    add column resources uuid[] not null default '{}',
    add column buffer_before integer not null default 0 check (buffer_before >= 0),
    add column buffer_after integer not null default 0 check (buffer_after >= 0),
    add column overbooked boolean not null default false;

-- Of these activities of one organization, out of their bookings.
create function draw_bookings(organization uuid, activities uuid[]) returns void language sql as $$
    update scheduled_activities a
    set resources = coalesce(b.resources, '{}'),
        buffer_before = coalesce(b.buffer_before, 0),
        buffer_after = coalesce(b.buffer_after, 0),
        overbooked = coalesce(b.overbooked, false)
    from unnest(activities) drawn (id)
    left join lateral (
        select array_agg(distinct r.resource_id order by r.resource_id) as resources,
               max(extract(epoch from r.core_starts_at - r.starts_at)::integer / 60) as buffer_before,
               max(extract(epoch from r.ends_at - r.core_ends_at)::integer / 60) as buffer_after,
               bool_or(r.overbooked) as overbooked
        from resource_bookings r
        where r.organization_id = organization and r.activity_id = drawn.id
    ) b on true
    where a.organization_id = organization and a.id = drawn.id
$$;

-- For those that are there already; the schema's owner is under the policy of their rows too.
alter table scheduled_activities no force row level security;
alter table resource_bookings no force row level security;
select draw_bookings(organization_id, array_agg(id)) from scheduled_activities group by organization_id;
alter table scheduled_activities force row level security;
alter table resource_bookings force row level security;
