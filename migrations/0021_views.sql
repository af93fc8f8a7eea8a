-- Texts without case and without the marks on letters, by a table of our own that the server's Rust half has too: the
-- database's lower() and unaccent() go by its locale and dictionary, which nothing else has. ASCII needs no table.
create function folded(text) returns text language sql immutable strict parallel safe as
$$
    select case when octet_length($1) = char_length($1) then lower($1 collate "C")
        else translate(lower($1 collate "C"), 'ÀÁÂÃÄÅĀĂĄàáâãäåāăąÇĆĈĊČçćĉċčĎĐďđÈÉÊËĒĔĖĘĚèéêëēĕėęěĜĞĠĢĝğġģĤĦĥħÌÍÎÏĨĪĬĮİìíîïĩīĭįıĴĵĶķĹĻĽĿŁĺļľŀłÑŃŅŇñńņňÒÓÔÕÖØŌŎŐòóôõöøōŏőŔŖŘŕŗřŚŜŞŠȘśŝşšșŢŤŦȚţťŧțÙÚÛÜŨŪŬŮŰŲùúûüũūŭůűųŴŵÝŶŸýŷÿŹŻŽźżžАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁЄІЇҐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏάέήίόύώς', 'aaaaaaaaaaaaaaaaaaccccccccccddddeeeeeeeeeeeeeeeeeegggggggghhhhiiiiiiiiiiiiiiiiiijjkkllllllllllnnnnnnnnoooooooooooooooooorrrrrrssssssssssttttttttuuuuuuuuuuuuuuuuuuuuwwyyyyyyzzzzzzабвгдежзийклмнопрстуфхцчшщъыьэюяёєіїґαβγδεζηθικλμνξοπρστυφχψωαεηιουωαεηιουωσ') end
$$;

-- Lists that were kept: which records of a type, in which columns, order, groups and layout.
create table saved_views (
    organization_id uuid not null,
    id uuid not null,
    entity_type text not null check (entity_type ~ '^[a-z_]+(:[a-z_]+)?$'),
    name text not null check (length(name) between 1 and 200),
    -- Columns, filter, sorts, group, aggregates, layout: read and written whole, never searched.
    definition jsonb not null,
    -- Null for what the system made by itself.
    owner_id uuid,
    visibility text not null check (visibility in ('private', 'team', 'shared')),
    team_id uuid,
    pinned boolean not null default false,
    -- Roles that are shown this view first; a role has at most one of a type.
    default_roles text[] not null default '{}',
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, id) references entities (organization_id, id),
    foreign key (organization_id, owner_id) references memberships (organization_id, user_id),
    -- A team's view whose team is gone is its owner's alone.
    foreign key (organization_id, team_id) references teams (organization_id, id) on delete set null (team_id),
    constraint saved_views_team check (visibility = 'team' or team_id is null)
);
create index saved_views_by_type on saved_views (organization_id, entity_type) where deleted_at is null;
call tenant_table('saved_views');
