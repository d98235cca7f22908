//! The claims by which a provider names a person, and who that is here.

use sha2::{Digest, Sha256};

use crate::{
    ids::{OrgId, UserId},
    principal::{Principal, Role},
};

/// A person's claims, from an ID token or from a gateway that has checked an access token.
#[derive(Clone, Copy, Default)]
pub struct Claims<'a> {
    pub org_id: Option<&'a str>,
    pub role: Option<&'a str>,
    /// The provider's own name of the person.
    pub sub: Option<&'a str>,
}

/// A claim that says nothing usable. Its value is not told: it is the provider's word on a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the claim {claim} {problem}")]
pub struct ClaimFault {
    pub claim: &'static str,
    /// What is wrong with it.
    pub problem: ClaimProblem,
}

/// What is wrong with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimProblem {
    /// It is not there, or not a text.
    #[error("is missing")]
    Missing,
    #[error("is not usable: {0}")]
    Invalid(&'static str),
}

impl Claims<'_> {
    /// The person, when every claim is there and usable.
    ///
    /// # Errors
    /// [`ClaimFault`] names the first claim that is not.
    pub fn principal(&self) -> Result<Principal, ClaimFault> {
        let org_id = read("org_id", self.org_id, |text| {
            OrgId::parse(text).map_err(|invalid| invalid.why)
        })?;
        let role = read("role", self.role, |text| {
            Role::parse(text).ok_or("it is none of admin, member and viewer")
        })?;
        let user_id = read("sub", self.sub, user_id)?;
        Ok(Principal {
            org_id,
            user_id,
            role,
        })
    }
}

fn read<T>(
    claim: &'static str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Result<T, ClaimFault> {
    let fault = |problem| ClaimFault { claim, problem };
    let text = text.ok_or(fault(ClaimProblem::Missing))?;
    parse(text).map_err(|why| fault(ClaimProblem::Invalid(why)))
}

/// Makes a user id of any subject, never the same one of two: letters, digits, `-` and `.` stay,
/// `_` is doubled, and every other byte becomes `_` and two hexadecimal digits, so that
/// `auth0|abc` is `auth0_7cabc`. What is then too long becomes `_z` and 248 bits of its SHA-256;
/// no escape begins so.
fn user_id(subject: &str) -> Result<UserId, &'static str> {
    let mut id = String::with_capacity(subject.len());
    for byte in subject.bytes() {
        match byte {
            b'_' => id.push_str("__"),
            b'-' | b'.' => id.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => id.push(char::from(byte)),
            _ => id.push_str(&format!("_{byte:02x}")),
        }
    }
    if id.len() > 64 {
        let digest = Sha256::digest(subject.as_bytes());
        id = "_z".into();
        id.extend(digest.iter().take(31).map(|byte| format!("{byte:02x}")));
    }
    UserId::parse(id).map_err(|invalid| invalid.why)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn id(subject: &str) -> String {
        user_id(subject).unwrap().into()
    }

    #[test]
    fn a_subject_keeps_its_own_id() {
        assert_eq!(id("ada.lovelace-1815"), "ada.lovelace-1815");
        assert_eq!(id("auth0|abc"), "auth0_7cabc");
        assert_eq!(id("auth0_7cabc"), "auth0__7cabc");
        assert_eq!(id("Zoë"), "Zo_c3_ab");
        assert_eq!(id(&"a".repeat(64)), "a".repeat(64));
    }

    #[test]
    fn a_long_subject_becomes_a_hash_that_no_other_subject_can_write() {
        let long = id(&"a".repeat(65));
        assert_eq!(long.len(), 64);
        assert_ne!(long, id(&"a".repeat(66)));
        assert_ne!(long, id(&long));
    }

    #[test]
    fn each_claim_is_needed_and_named() {
        let whole = Claims {
            org_id: Some("acme"),
            role: Some("member"),
            sub: Some("ada"),
        };
        let ada = whole.principal().unwrap();
        assert_eq!((ada.org_id.as_str(), ada.role), ("acme", Role::Member));
        for (claims, fault) in [
            (
                Claims {
                    org_id: None,
                    ..whole
                },
                "the claim org_id is missing",
            ),
            (
                Claims {
                    role: None,
                    ..whole
                },
                "the claim role is missing",
            ),
            (Claims { sub: None, ..whole }, "the claim sub is missing"),
            (
                Claims {
                    sub: Some(""),
                    ..whole
                },
                "the claim sub is not usable: it is empty",
            ),
            (
                Claims {
                    role: Some("Owner"),
                    ..whole
                },
                "the claim role is not usable: it is none of admin, member and viewer",
            ),
            (
                Claims {
                    org_id: Some("a#b"),
                    ..whole
                },
                "the claim org_id is not usable: only letters, digits, '-', '_' and '.' may stand in it",
            ),
        ] {
            assert_eq!(claims.principal().unwrap_err().to_string(), fault);
        }
    }
}
