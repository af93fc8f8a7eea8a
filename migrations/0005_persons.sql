-- One record per human, whatever roles products give them.
create table persons (
    organization_id uuid not null,
    id uuid not null,
    given_name text not null check (length(given_name) between 1 and 100),
    family_name text not null check (length(family_name) between 1 and 100),
    birth_date date,
    email text,
    -- E.164 where it could be read as such.
    phone text,
    language text,
    primary key (organization_id, id),
    foreign key (organization_id, id) references entities (organization_id, id)
);
call tenant_table('persons');

-- Names are searched by trigrams. Under row-level security a trigram operator cannot use its index (it is not
-- leakproof), so the search runs as the owner, with the tenant as a fixed predicate taken from the transaction.
create function search_entities(entity_types text[], query text, at_most integer)
returns table (id uuid, entity_type text, title text, keywords text, score real)
language plpgsql stable security definer set search_path = public as $$
declare
    needle text := normalised(query);
    organization uuid := app_organization();
begin
    if organization is null or length(needle) < 2 then
        return;
    end if;
    return query
        select e.id, e.entity_type, e.title, e.keywords, word_similarity(needle, e.search) as score
        from entities e
        where e.organization_id = organization
          and e.entity_type = any (entity_types)
          and e.deleted_at is null and e.merged_into is null
          and (e.search like '%' || replace(replace(replace(needle, '\', '\\'), '%', '\%'), '_', '\_') || '%'
               or needle <% e.search)
        order by (e.search like '%' || replace(replace(replace(needle, '\', '\\'), '%', '\%'), '_', '\_') || '%') desc, score desc, e.title, e.id
        limit least(at_most, 50);
end $$;
revoke all on function search_entities(text[], text, integer) from public;
grant execute on function search_entities(text[], text, integer) to atrium_app;
