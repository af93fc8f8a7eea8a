-- A role may reach its holder's own records or their teams' alone. What is searched is narrowed with it, inside: of what was
-- found among all others' records first, too little would be left. `narrowed` are those of the types that are seen by their
-- owners, `owned` the owners whose records are, each as the type and the owner with a space between.
drop function search_entities(text[], text, integer);
create function search_entities(entity_types text[], query text, at_most integer, narrowed text[], owned text[])
returns table (id uuid, entity_type text, title text, keywords text, score real)
language plpgsql stable security definer set search_path = public set pg_trgm.word_similarity_threshold = 0.5 as $$
declare
    needle text := btrim(regexp_replace(normalised(query), '\s+', ' ', 'g'));
    organization uuid := app_organization();
    wanted integer := least(at_most, 50);
    pattern text;
    found integer;
begin
    -- Nothing but a telephone number's characters: its digits, as they are kept.
    if needle ~ '^[+(]*[0-9][0-9 ()/.-]+$' and needle !~ '^\d{4}-\d{2}(-\d{2})?$' then
        needle := regexp_replace(needle, '[^0-9]', '', 'g');
    end if;
    if organization is null or needle = '' or (length(needle) < 2 and needle ~ '^[ -~]$') then
        return;
    end if;
    pattern := replace(replace(replace(needle, '\', '\\'), '%', '\%'), '_', '\_');
    if length(needle) < 3 and needle ~ '^[ -~]+$' then
        -- Fewer letters than an index of three can tell apart: the beginnings of words.
        return query
            select c.id, c.entity_type, c.title, c.keywords, 1::real
            from (
                select e.id, e.entity_type, e.title, e.keywords, e.search from entities e
                where e.organization_id = organization and e.entity_type = any (entity_types)
                  and e.deleted_at is null and e.merged_into is null
                  and (not e.entity_type = any (narrowed) or e.entity_type || ' ' || e.owner_id = any (owned))
                  and (e.search like pattern || '%' or e.search like '% ' || pattern || '%')
                limit 1000
            ) c
            order by (c.search like pattern || '%') desc, c.title, c.id
            limit wanted;
        return;
    end if;
    return query
        select c.id, c.entity_type, c.title, c.keywords, 1::real
        from (
            select e.id, e.entity_type, e.title, e.keywords, e.search from entities e
            where e.organization_id = organization and e.entity_type = any (entity_types)
              and e.deleted_at is null and e.merged_into is null
              and (not e.entity_type = any (narrowed) or e.entity_type || ' ' || e.owner_id = any (owned))
              and e.search like '%' || pattern || '%'
            limit 1000
        ) c
        order by (c.search like pattern || '%') desc, (c.search like '% ' || pattern || '%') desc, c.title, c.id
        limit wanted;
    get diagnostics found = row_count;
    if found >= wanted then
        return;
    end if;
    return query
        select c.id, c.entity_type, c.title, c.keywords, word_similarity(needle, c.search) as score
        from (
            select e.id, e.entity_type, e.title, e.keywords, e.search from entities e
            where e.organization_id = organization and e.entity_type = any (entity_types)
              and e.deleted_at is null and e.merged_into is null
              and (not e.entity_type = any (narrowed) or e.entity_type || ' ' || e.owner_id = any (owned))
              and needle <% e.search and e.search not like '%' || pattern || '%'
            limit 1000
        ) c
        order by score desc, c.title, c.id
        limit wanted - found;
end $$;
revoke all on function search_entities(text[], text, integer, text[], text[]) from public;
grant execute on function search_entities(text[], text, integer, text[], text[]) to atrium_app;
