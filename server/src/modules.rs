//! The one list of modules, server side. A new product is one line in each list here, and one in
//! `app/src/modules.rs`.

use platform::module::Module;
use services::hooks::Hooks;

/// Core first, then the products, in the order of the navigation.
pub static MODULES: [&Module; 4] = [&platform::core_module::MODULE, &services::core::MODULE, &gabinet::MODULE, &crm::MODULE];

/// What the modules do on the server: hours of their resources, moves of their activities, REST routes, work outside of
/// requests, demo data.
pub static HOOKS: Hooks = Hooks(&[&gabinet::HOOKS, &crm::HOOKS]);
