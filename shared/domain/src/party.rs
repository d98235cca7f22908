//! Who took part in a call.

use serde::{Deserialize, Serialize};

/// Which side the source of a call says a party is on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Affiliation {
    /// Of the company whose calls they are.
    Internal,
    /// Of another company.
    External,
    /// The source does not know, or said something new.
    #[default]
    #[serde(other)]
    Unknown,
}

/// One participant of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The source's id of the participation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The source's id of the user, for people of the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The id by which the transcript names the speaker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker_id: Option<String>,
    #[serde(default)]
    pub affiliation: Affiliation,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_that_is_not_known_is_neither_ours_nor_the_customers() {
        for (stored, side) in [
            (r#"{"affiliation":"internal"}"#, Affiliation::Internal),
            (r#"{"affiliation":"external"}"#, Affiliation::External),
            (r#"{"affiliation":"unknown"}"#, Affiliation::Unknown),
            (r#"{"affiliation":"partner"}"#, Affiliation::Unknown),
            (r#"{"affiliation":"Internal"}"#, Affiliation::Unknown),
            ("{}", Affiliation::Unknown),
        ] {
            let party: Result<Party, _> = serde_json::from_str(stored);
            assert_eq!(party.map(|p| p.affiliation).ok(), Some(side), "{stored}");
        }
    }
}
