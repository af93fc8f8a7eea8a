-- A module registers its record after its time is had: only then is the record's number drawn, for which others wait.
alter table scheduled_activities
    alter constraint scheduled_activities_organization_id_module_entity_id_fkey deferrable initially deferred;
