//! The stack in a local AWS, and what has to hold of `template.yaml` that no linter sees.

pub mod checks;
pub mod deployed;
pub mod first_event;
pub mod guide;
pub mod layout;
pub mod template;
