-- The search box: what is typed is read as people mean it. A telephone number is found by any part of it however it is
-- grouped, one Chinese character is a word, one or two letters are the beginning of one. What holds the needle as it
-- stands comes first; only where that is too little, what resembles it is looked for. Either step looks at a bounded
-- number of records, so that a needle that half the records hold costs no more than another.
create or replace function search_entities(entity_types text[], query text, at_most integer)
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
              and needle <% e.search and e.search not like '%' || pattern || '%'
            limit 1000
        ) c
        order by score desc, c.title, c.id
        limit wanted - found;
end $$;
