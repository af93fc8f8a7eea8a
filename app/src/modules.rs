//! The one list of modules, browser side, in the order of the navigation. Its twin on the server is
//! `server/src/modules.rs`.

use ui::{ModuleUi, Modules};

/// All modules of the browser: core first, then the products.
pub const MODULES: Modules = Modules(&LIST);

static LIST: [&ModuleUi; 4] = [&app_platform::UI, &app_services::UI, &app_gabinet::UI, &app_crm::UI];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_that_a_module_names_is_drawn() {
        let sprite = include_str!("../ui/src/icon/sprite.svg");
        for module in MODULES.0.iter().map(|module| module.module) {
            let named = module.entity_types.iter().map(|kind| kind.icon);
            let named = named.chain(module.activity_types.iter().map(|kind| kind.icon));
            for icon in named.chain(module.navigation.iter().map(|way| way.icon)) {
                assert!(sprite.contains(&format!("id=\"icon-{icon}\"")), "{icon}, of {}", module.id);
            }
        }
    }
}
