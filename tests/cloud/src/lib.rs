//! What has to hold of `template.yaml` and no linter sees.

pub mod checks;
pub mod template;
