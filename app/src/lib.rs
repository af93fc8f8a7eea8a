//! The application: its document, its routes and the list of its modules.

// Views of many routes are one deep type.
#![recursion_limit = "256"]

mod document;
mod gate;
pub mod modules;

#[cfg(feature = "ssr")]
pub use document::{beginning, shell};

use app_crm::{LeadRoute, LeadsRoute};
use app_gabinet::{
    AwayRoute, PatientRoute, PatientsRoute, RoomsRoute, RotaRoute, StaffMemberRoute, StaffRoute, TreatmentsRoute, WaitingRoute,
};
use app_platform::{
    BillingRoute, Frame, InviteRoute, LocationsRoute, MembersRoute, NotFound, RolesRoute, SessionsRoute, SignInRoute, TeamsRoute,
    UpgradeRoute,
};
use app_services::{
    CalendarPage, CompaniesRoute, FeedsRoute, FieldsRoute, ListRoute, MergingRoute, ObjectsRoute, PeopleRoute, RecordRoute, TasksRoute,
};
use gate::Gate;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    Lazy,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// Everything inside `<body>`. The calendar comes with the first load; every other screen lies in a
/// chunk that is loaded when one of the chunk's screens is opened.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "ssr")]
    document::titles_are_text();
    provide_context(modules::MODULES);
    provide_context(app_platform::preferences::current().lang);
    view! {
        <Router>
            <Routes fallback=|| view! { <main id="main"><NotFound/></main> }>
                <Route path=path!("/sign-in") view={Lazy::<SignInRoute>::new()}/>
                <Route path=path!("/invite/:organization/:token") view={Lazy::<InviteRoute>::new()}/>
                <ParentRoute path=path!("/dashboard") view=|| view! { <Frame modules=modules::MODULES search=app_services::search::over_everything/> }>
                    <Route path=path!("/calendar") view=CalendarPage/>
                    <Route path=path!("/lists/:type") view={Lazy::<ListRoute>::new()}/>
                    <Route path=path!("/tasks") view={Lazy::<TasksRoute>::new()}/>
                    <Route path=path!("/records/:id") view={Lazy::<RecordRoute>::new()}/>
                    <Route path=path!("/settings/members") view={Lazy::<MembersRoute>::new()}/>
                    <Route path=path!("/settings/roles") view={Lazy::<RolesRoute>::new()}/>
                    <Route path=path!("/settings/teams") view={Lazy::<TeamsRoute>::new()}/>
                    <Route path=path!("/settings/sessions") view={Lazy::<SessionsRoute>::new()}/>
                    <Route path=path!("/people/merge/*below") view={Lazy::<MergingRoute>::new()}/>
                    <Route path=path!("/people/*below") view={Lazy::<PeopleRoute>::new()}/>
                    <Route path=path!("/companies/*below") view={Lazy::<CompaniesRoute>::new()}/>
                    <Route path=path!("/objects/*below") view={Lazy::<ObjectsRoute>::new()}/>
                    <Route path=path!("/settings/fields") view={Lazy::<FieldsRoute>::new()}/>
                    <Route path=path!("/settings/feeds") view={Lazy::<FeedsRoute>::new()}/>
                    <Route path=path!("/settings/billing") view={Lazy::<BillingRoute>::new()}/>
                    <Route path=path!("/settings/locations") view={Lazy::<LocationsRoute>::new()}/>
                    <Route path=path!("/upgrade/:product") view={Lazy::<UpgradeRoute>::new()}/>
                    <ParentRoute path=path!("/gabinet") view=|| view! { <Gate module=&app_gabinet::UI/> }>
                        <Route path=path!("/patients") view={Lazy::<PatientsRoute>::new()}/>
                        <Route path=path!("/patients/:id") view={Lazy::<PatientRoute>::new()}/>
                        <Route path=path!("/treatments") view={Lazy::<TreatmentsRoute>::new()}/>
                        <Route path=path!("/staff") view={Lazy::<StaffRoute>::new()}/>
                        <Route path=path!("/staff/:id") view={Lazy::<StaffMemberRoute>::new()}/>
                        <Route path=path!("/staff/:id/away") view={Lazy::<AwayRoute>::new()}/>
                        <Route path=path!("/rota") view={Lazy::<RotaRoute>::new()}/>
                        <Route path=path!("/rooms") view={Lazy::<RoomsRoute>::new()}/>
                        <Route path=path!("/waiting") view={Lazy::<WaitingRoute>::new()}/>
                    </ParentRoute>
                    <ParentRoute path=path!("/crm") view=|| view! { <Gate module=&app_crm::UI/> }>
                        <Route path=path!("/leads") view={Lazy::<LeadsRoute>::new()}/>
                        <Route path=path!("/leads/:id") view={Lazy::<LeadRoute>::new()}/>
                    </ParentRoute>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
