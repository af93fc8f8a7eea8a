//! The one list of modules, browser side, in the order of the navigation. Its twin on the server is
//! `server/src/modules.rs`.

use ui::{ModuleUi, Modules};

/// All modules of the browser: core first, then the products.
pub const MODULES: Modules = Modules(&LIST);

static LIST: [&ModuleUi; 4] = [&app_platform::UI, &app_services::UI, &app_gabinet::UI, &app_crm::UI];
