-- Which of its time a resource has given away, in bits: a search over months asks a few hundred of these rows instead of
-- hundreds of thousands of bookings. They only say where it is not worth looking; what is offered is judged by the
-- bookings themselves. So a bit may be missing, but none may stand for time that is free.
--
-- A cell is five minutes, counted from 1970; a page is 28 days of them. A bit is set where one booking that occupies, and
-- is no hold (for holds run out with nobody noticing), takes the whole cell.
create table resource_masks (
    organization_id uuid not null,
    resource_id uuid not null,
    page integer not null,
    cells bit(8064) not null,
    primary key (organization_id, resource_id, page),
    foreign key (organization_id, resource_id) references resources (organization_id, id)
) with (fillfactor = 60);
call tenant_table('resource_masks');

-- Cells given back, whose bits mean nothing until the next booking of that page looks at them anew. Whoever books takes
-- turns by resource and may change its mask; whoever frees takes no turn, so it only notes, and waits for nobody.
create table resource_freed (
    organization_id uuid not null,
    id uuid not null default gen_random_uuid(),
    resource_id uuid not null,
    page integer not null,
    -- Within the page; `to_cell` is exclusive.
    from_cell integer not null,
    to_cell integer not null,
    primary key (organization_id, id),
    constraint freed_positive_length check (0 <= from_cell and from_cell < to_cell and to_cell <= 8064),
    foreign key (organization_id, resource_id) references resources (organization_id, id)
);
create index freed_by_page on resource_freed (organization_id, resource_id, page);
call tenant_table('resource_freed');

-- The cells of a page from the one to before the other.
create function page_cells(from_cell integer, to_cell integer) returns bit language sql immutable parallel safe as
$$ select ((~ (B'0'::bit(8064))) >> from_cell) & ((~ (B'0'::bit(8064))) << (8064 - to_cell)) $$;

-- The cells that lie in a stretch as a whole, page by page.
create function cells_of(starts_at timestamptz, ends_at timestamptz, out page integer, out from_cell integer, out to_cell integer)
returns setof record language sql immutable parallel safe rows 1 as
$$
    select p, greatest(f - p * 8064, 0), least(t - p * 8064, 8064)
    from (select ceil(extract(epoch from starts_at) / 300)::integer, floor(extract(epoch from ends_at) / 300)::integer) c (f, t)
    cross join lateral generate_series(f / 8064, (t - 1) / 8064) p
    where f < t
$$;

-- Sets the cells of stretches that are taken from now on. Of the pages it comes by it looks at what was given back, too.
create function mark_cells(org uuid, taken uuid[], starting timestamptz[], ending timestamptz[]) returns void language plpgsql as
$$
declare
    pages int4range;
begin
    select int4range(min(c.page), max(c.page), '[]') into pages from unnest(starting, ending) b (s, e) cross join lateral cells_of(s, e) c;
    if pages is null or isempty(pages) then
        return;
    end if;
    -- What the bits of freed cells are is seen after what freed them was: both come to light with one commit.
    with freed as (
        delete from resource_freed f
        where f.organization_id = org and f.resource_id = any (taken) and f.page >= lower(pages) and f.page < upper(pages)
        returning f.resource_id, f.page, f.from_cell, f.to_cell
    ), known as materialized (
        select f.resource_id, f.page, bit_or(page_cells(f.from_cell, f.to_cell)) as gone, bit_or((
            select bit_or(page_cells(c.from_cell, c.to_cell)) from resource_bookings b cross join lateral cells_of(b.starts_at, b.ends_at) c
            where b.organization_id = org and b.resource_id = f.resource_id and b.occupies and b.held_until is null and c.page = f.page
              and b.starts_at < to_timestamp((f.page::bigint * 8064 + f.to_cell) * 300)
              and b.ends_at > to_timestamp((f.page::bigint * 8064 + f.from_cell) * 300)
              and b.starts_at > to_timestamp((f.page::bigint * 8064 + f.from_cell) * 300) - interval '33 days'
        )) as kept
        from freed f group by f.resource_id, f.page
    )
    update resource_masks m set cells = (m.cells & ~ known.gone) | coalesce(known.kept, B'0'::bit(8064))
    from known where m.organization_id = org and m.resource_id = known.resource_id and m.page = known.page;
    insert into resource_masks as m (organization_id, resource_id, page, cells)
    select org, b.r, c.page, bit_or(page_cells(c.from_cell, c.to_cell))
    from unnest(taken, starting, ending) b (r, s, e) cross join lateral cells_of(b.s, b.e) c
    group by b.r, c.page order by b.r, c.page
    on conflict (organization_id, resource_id, page) do update set cells = m.cells | excluded.cells;
end
$$;

create function bookings_inserted() returns trigger language plpgsql as
$$
begin
    perform mark_cells(organization_id, array_agg(resource_id), array_agg(starts_at), array_agg(ends_at))
    from made where occupies and held_until is null group by organization_id;
    return null;
end
$$;

create function bookings_deleted() returns trigger language plpgsql as
$$
begin
    insert into resource_freed (organization_id, resource_id, page, from_cell, to_cell)
    select b.organization_id, b.resource_id, c.page, c.from_cell, c.to_cell
    from gone b cross join lateral cells_of(b.starts_at, b.ends_at) c
    where b.occupies and b.held_until is null;
    return null;
end
$$;

create function bookings_updated() returns trigger language plpgsql as
$$
begin
    if not exists (select from made) then
        return null;
    end if;
    insert into resource_freed (organization_id, resource_id, page, from_cell, to_cell)
    select o.organization_id, o.resource_id, c.page, c.from_cell, c.to_cell
    from gone o
    join made n on n.organization_id = o.organization_id and n.activity_id = o.activity_id and n.resource_id = o.resource_id and n.part = o.part
    cross join lateral cells_of(o.starts_at, o.ends_at) c
    where o.occupies and o.held_until is null
      and not (n.occupies and n.held_until is null and n.starts_at = o.starts_at and n.ends_at = o.ends_at);
    perform mark_cells(n.organization_id, array_agg(n.resource_id), array_agg(n.starts_at), array_agg(n.ends_at))
    from made n
    join gone o on o.organization_id = n.organization_id and o.activity_id = n.activity_id and o.resource_id = n.resource_id and o.part = n.part
    where n.occupies and n.held_until is null
      and not (o.occupies and o.held_until is null and n.starts_at = o.starts_at and n.ends_at = o.ends_at)
    group by n.organization_id;
    return null;
end
$$;

create trigger bookings_inserted after insert on resource_bookings
    referencing new table as made for each statement execute function bookings_inserted();
create trigger bookings_deleted after delete on resource_bookings
    referencing old table as gone for each statement execute function bookings_deleted();
create trigger bookings_updated after update on resource_bookings
    referencing old table as gone new table as made for each statement execute function bookings_updated();

-- Makes all masks from what is booked: for data that came in past the triggers. Run by the schema's owner.
create procedure remake_masks() language plpgsql as
$$
begin
    truncate resource_freed, resource_masks;
    insert into resource_masks (organization_id, resource_id, page, cells)
    select b.organization_id, b.resource_id, c.page, bit_or(page_cells(c.from_cell, c.to_cell))
    from resource_bookings b cross join lateral cells_of(b.starts_at, b.ends_at) c
    where b.occupies and b.held_until is null
    group by b.organization_id, b.resource_id, c.page;
end
$$;
revoke execute on procedure remake_masks() from public;

-- The owner of a schema is under its policies like everybody else, unless they are a superuser.
alter table resource_bookings no force row level security;
alter table resource_masks no force row level security;
call remake_masks();
alter table resource_bookings force row level security;
alter table resource_masks force row level security;

-- What began long ago and is not over is looked for by itself, so that what is taken of one day is read from a few hours
-- before it and not from as long before as the longest booking lasts.
create index bookings_long on resource_bookings (organization_id, resource_id, ends_at, starts_at)
    include (activity_id, held_until) where occupies and ends_at - starts_at > interval '6 hours';
