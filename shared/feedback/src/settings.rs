//! An organization's settings.

use std::sync::Arc;

use domain::{
    feedback::Settings,
    ports::feedback::FeedbackStore,
    principal::{Action, Principal},
};

use crate::save::SaveError;

/// Changes an organization's settings.
#[derive(Clone)]
pub struct SettingsService {
    /// Where they are kept.
    pub feedback: Arc<dyn FeedbackStore>,
}

impl SettingsService {
    /// Changes the organization's settings.
    ///
    /// # Errors
    /// [`SaveError`]; nothing was saved.
    pub async fn save(&self, principal: &Principal, settings: &Settings) -> Result<(), SaveError> {
        principal.require(Action::EditSettings)?;
        Ok(self
            .feedback
            .put_settings(&principal.org_id, settings)
            .await?)
    }
}
