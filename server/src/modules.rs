//! The one list of modules, server side. A new product is one line in each of the first two lists here (and in the third
//! for each kind of work it does outside of requests), one in `app/src/modules.rs`, and its routes in `app/src/lib.rs`.

use platform::{jobs::Kinds, module::Module};
use services::hooks::Hooks;

/// Core first, then the products, in the order of the navigation.
pub static MODULES: [&Module; 4] = [&platform::core_module::MODULE, &services::core::MODULE, &gabinet::MODULE, &crm::MODULE];

/// What the modules do on the server: hours of their resources, moves of their activities, REST routes, demo data.
pub static HOOKS: Hooks = Hooks(&[&gabinet::HOOKS, &crm::HOOKS]);

/// Work that is done outside of requests.
pub static JOBS: Kinds = Kinds(&[&services::calendar::sync::JOB, &services::fields::WORK, &gabinet::waiting::LOOK]);
