//! Pages and cursors.
//!
//! A cursor is a signed statement, as Gong's is (a JWT): where the page before ended, which inputs it belongs to and
//! when the listing expires. Nothing is remembered between pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::secret::fingerprint;

/// Items on a page; the client cannot change it.
pub(crate) const PAGE_SIZE: usize = 100;

const CURSOR_HEADER: &str = r#"{"alg":"HS256"}"#;

/// Where an item stands in a listing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) at: Option<i64>,
    pub(crate) id: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    inputs: String,
    after: Place,
    page: u32,
    exp_ms: i64,
}

/// Why a cursor is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CursorError {
    Unverifiable,
    Expired,
    InputsChanged,
}

/// One listing, at the page that is asked for.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) page: u32,
    pub(crate) descending: bool,
    after: Option<Place>,
    inputs: String,
    exp_ms: i64,
}

/// One page of a listing.
#[derive(Debug)]
pub(crate) struct Page<'a, T> {
    pub(crate) items: &'a [T],
    /// The answer's `records` object.
    pub(crate) records: Value,
}

/// Signs cursors and checks them.
pub(crate) struct Cursors {
    key: String,
    life_ms: i64,
}

impl Cursors {
    pub(crate) fn new(seed: u64, life_ms: i64) -> Self {
        Self {
            key: fingerprint(&format!("gong-sandbox cursor {seed}")),
            life_ms,
        }
    }

    /// Opens a listing: its first page, or the page that the cursor leads to.
    ///
    /// `endpoint` and `inputs` are what must stay the same from page to page.
    pub(crate) fn open(
        &self,
        endpoint: &str,
        inputs: &Value,
        cursor: Option<&str>,
        now_ms: i64,
    ) -> Result<Listing, CursorError> {
        let inputs = fingerprint(&format!("{endpoint} {}", canonical(inputs)));
        let Some(cursor) = cursor else {
            let exp_ms = now_ms.saturating_add(self.life_ms);
            return Ok(Listing {
                page: 0,
                descending: false,
                after: None,
                inputs,
                exp_ms,
            });
        };
        let claims = self.verify(cursor).ok_or(CursorError::Unverifiable)?;
        if now_ms >= claims.exp_ms {
            return Err(CursorError::Expired);
        }
        if claims.inputs != inputs {
            return Err(CursorError::InputsChanged);
        }
        let Claims {
            after,
            page,
            exp_ms,
            ..
        } = claims;
        Ok(Listing {
            page,
            descending: false,
            after: Some(after),
            inputs,
            exp_ms,
        })
    }

    /// Cuts the page out of the items, which stand in the listing's order.
    pub(crate) fn page<'a, T>(
        &self,
        listing: &Listing,
        items: &'a [T],
        place: impl Fn(&T) -> &Place,
    ) -> Page<'a, T> {
        let start = listing.after.as_ref().map_or(0, |after| {
            items.partition_point(|item| {
                if listing.descending {
                    place(item) >= after
                } else {
                    place(item) <= after
                }
            })
        });
        let end = items.len().min(start + PAGE_SIZE);
        let shown = &items[start..end];
        let mut records = json!({
            "totalRecords": items.len(),
            "currentPageSize": shown.len(),
            "currentPageNumber": listing.page,
        });
        if let (true, Some(last)) = (end < items.len(), shown.last()) {
            records["cursor"] = Value::String(self.sign(&Claims {
                inputs: listing.inputs.clone(),
                after: place(last).clone(),
                page: listing.page + 1,
                exp_ms: listing.exp_ms,
            }));
        }
        Page {
            items: shown,
            records,
        }
    }

    fn mac(&self, message: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(message.as_bytes());
        mac
    }

    fn sign(&self, claims: &Claims) -> String {
        let claims = json!(claims).to_string();
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(CURSOR_HEADER),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = URL_SAFE_NO_PAD.encode(self.mac(&message).finalize().into_bytes());
        format!("{message}.{signature}")
    }

    fn verify(&self, cursor: &str) -> Option<Claims> {
        let (message, signature) = cursor.rsplit_once('.')?;
        self.mac(message)
            .verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?)
            .ok()?;
        let (_, claims) = message.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

/// The value as text that does not depend on the order of keys.
fn canonical(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by_key(|(key, _)| *key);
                Value::Object(
                    entries
                        .into_iter()
                        .map(|(key, value)| (key.clone(), sorted(value)))
                        .collect::<Map<_, _>>(),
                )
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    sorted(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_key_inputs_and_hour() {
        let cursors = Cursors::new(1, 1_000);
        let inputs = json!({"filter": {"a": 1, "b": 2}});
        let places: Vec<Place> = (0..101)
            .map(|at| Place {
                at: Some(at),
                id: at.to_string(),
            })
            .collect();
        let listing = cursors
            .open("calls", &inputs, None, 0)
            .expect("a first page");
        let page = cursors.page(&listing, &places, |place| place);
        assert_eq!(page.items.len(), PAGE_SIZE);
        let cursor = page.records["cursor"].as_str().expect("a second page");
        let open = |cursors: &Cursors, endpoint: &str, inputs: &Value, now_ms| {
            cursors
                .open(endpoint, inputs, Some(cursor), now_ms)
                .map(|listing| listing.page)
        };
        assert_eq!(
            open(&cursors, "calls", &json!({"filter": {"b": 2, "a": 1}}), 999),
            Ok(1)
        );
        assert_eq!(
            open(&cursors, "calls", &inputs, 1_000),
            Err(CursorError::Expired)
        );
        assert_eq!(
            open(&cursors, "users", &inputs, 0),
            Err(CursorError::InputsChanged)
        );
        assert_eq!(
            open(&cursors, "calls", &json!({}), 0),
            Err(CursorError::InputsChanged)
        );
        assert_eq!(
            open(&Cursors::new(2, 1_000), "calls", &inputs, 0),
            Err(CursorError::Unverifiable)
        );
        for broken in ["", "a.b.c", "nonsense"] {
            assert_eq!(
                cursors.open("calls", &inputs, Some(broken), 0).map(|_| ()),
                Err(CursorError::Unverifiable)
            );
        }
    }
}
