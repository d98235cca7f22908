//! What an organization says about its product.

use std::sync::Arc;

use domain::{
    feedback::{Activity, Product},
    ports::{
        connections::ChangeError,
        feedback::FeedbackStore,
        system::{Clock, Ids},
    },
    principal::{Action, Principal},
};

use crate::save::SaveError;

/// What an admin wrote about the product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductForm {
    pub about: String,
    /// One a line, or separated by commas.
    pub feature_areas: String,
    /// The version that was shown when it was written; 0 when there was none.
    pub seen: u32,
}

/// Changes what is said about the product.
#[derive(Clone)]
pub struct ProductService {
    /// Where every version is kept.
    pub feedback: Arc<dyn FeedbackStore>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl ProductService {
    /// Saves it as the next version; `false` when it says what is said already, and nothing was
    /// saved.
    ///
    /// # Errors
    /// [`SaveError`]; nothing was saved.
    pub async fn save(&self, principal: &Principal, form: &ProductForm) -> Result<bool, SaveError> {
        principal.require(Action::EditProduct)?;
        let written = Product::parse(&form.about, &form.feature_areas)?;
        let now = self.feedback.product(&principal.org_id).await?;
        let Some(next) = next(&now, written, form.seen)? else {
            return Ok(false);
        };
        let did = format!(
            "changed what is said about the product (version {})",
            next.version
        );
        let at = self.clock.now();
        let entry = Activity::new(principal, self.ids.uuid(), at, Vec::new(), did);
        match self.feedback.put_product(&next, &entry).await {
            Ok(()) => Ok(true),
            Err(ChangeError::Lost) => Err(SaveError::Changed),
            Err(ChangeError::Store(error)) => Err(error.into()),
        }
    }
}

/// The version after `now` that says what was written when `seen` was the newest; none when it says
/// the same.
fn next(now: &Product, written: Product, seen: u32) -> Result<Option<Product>, SaveError> {
    let version = now.version;
    let same = Product { version, ..written };
    if same == *now {
        return Ok(None);
    }
    if seen != version {
        return Err(SaveError::Changed);
    }
    Ok(Some(Product {
        version: version + 1,
        ..same
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(about: &str, area: &str, version: u32) -> Product {
        Product {
            about: about.to_owned(),
            feature_areas: vec![area.to_owned()],
            version,
        }
    }

    #[test]
    fn what_is_written_on_the_newest_version_and_says_something_else_is_the_next_one() {
        let nothing = Product::default();
        let cleared = Product {
            version: 3,
            ..Product::default()
        };
        let now = says("A desk.", "Mail", 2);
        for (name, now, written, seen, expected) in [
            (
                "the first",
                &nothing,
                says("A desk.", "Mail", 0),
                0,
                Ok(Some(1)),
            ),
            (
                "nothing, where nothing is said",
                &nothing,
                nothing.clone(),
                0,
                Ok(None),
            ),
            (
                "another text",
                &now,
                says("A phone.", "Mail", 0),
                2,
                Ok(Some(3)),
            ),
            (
                "other areas",
                &now,
                says("A desk.", "Chat", 0),
                2,
                Ok(Some(3)),
            ),
            ("nothing any more", &now, nothing.clone(), 2, Ok(Some(3))),
            ("nothing again", &cleared, nothing.clone(), 3, Ok(None)),
            ("the same", &now, says("A desk.", "Mail", 0), 2, Ok(None)),
            (
                "what another saved too",
                &now,
                says("A desk.", "Mail", 0),
                1,
                Ok(None),
            ),
            (
                "on an older version",
                &now,
                says("A phone.", "Mail", 0),
                1,
                Err(SaveError::Changed),
            ),
            (
                "on no version yet",
                &now,
                says("A phone.", "Mail", 0),
                0,
                Err(SaveError::Changed),
            ),
            (
                "on one that is not there",
                &now,
                says("A phone.", "Mail", 0),
                9,
                Err(SaveError::Changed),
            ),
        ] {
            let expected = expected.map(|version| {
                version.map(|version| Product {
                    version,
                    ..written.clone()
                })
            });
            assert_eq!(next(now, written, seen), expected, "{name}");
        }
    }
}
