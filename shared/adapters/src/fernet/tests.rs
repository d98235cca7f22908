//! The ten vectors of the Fernet specification, and what several keys do.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

const KEY: &str = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

/// The token of `generate.json` and `verify.json`.
const HELLO: &str = "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

/// 1985-10-26T01:20:01-07:00, the time of `verify.json` and of all but one of `invalid.json`.
const NOW: u64 = 499_162_801;

/// The time to live in every vector, in seconds.
const TTL: u64 = 60;

/// `invalid.json`: what is wrong, the token, and the time of the check.
const INVALID: [(&str, &str, u64); 8] = [
    (
        "incorrect mac",
        "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==",
        NOW,
    ),
    (
        "too short",
        "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==",
        NOW,
    ),
    (
        "invalid base64",
        "%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
        NOW,
    ),
    (
        "payload size not multiple of block size",
        "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm",
        NOW,
    ),
    (
        "payload padding error",
        "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==",
        NOW,
    ),
    (
        "far-future TS (unacceptable clock skew)",
        "gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==",
        NOW,
    ),
    (
        "expired TTL",
        "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
        NOW + 90,
    ),
    (
        "incorrect IV (causes padding error)",
        "gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==",
        NOW,
    ),
];

fn seal(keys: &[Secret]) -> FernetSeal {
    FernetSeal::from_keys(keys).unwrap()
}

#[test]
fn the_generation_and_verification_vectors_open() {
    assert_eq!(seal(&[Secret::new(KEY)]).open(HELLO).unwrap(), b"hello");
    let fernet = Fernet::new(KEY).unwrap();
    assert_eq!(
        fernet.decrypt_at_time(HELLO, Some(TTL), NOW).unwrap(),
        b"hello"
    );
}

#[test]
fn the_invalid_vectors_do_not_open() {
    let fernet = Fernet::new(KEY).unwrap();
    for (what, token, now) in INVALID {
        assert!(
            fernet.decrypt_at_time(token, Some(TTL), now).is_err(),
            "{what}"
        );
    }
}

#[test]
fn what_does_not_depend_on_the_time_does_not_open_by_the_seal_either() {
    let seal = seal(&[Secret::new(KEY)]);
    for (what, token, _) in INVALID {
        if !what.starts_with("far-future") && !what.starts_with("expired") {
            assert_eq!(seal.open(token), Err(CannotOpen), "{what}");
        }
    }
    for token in ["", "=", "gAAA", "\u{0}", "ä"] {
        assert_eq!(seal.open(token), Err(CannotOpen), "{token:?}");
    }
}

#[test]
fn every_change_of_a_sealed_text_is_noticed() {
    let seal = seal(&[generate_key()]);
    let sealed = seal.seal(b"a token");
    for index in 0..sealed.trim_end_matches('=').len() - 1 {
        let mut changed = sealed.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(seal.open(&changed), Err(CannotOpen), "byte {index}");
    }
}

#[test]
fn the_first_key_seals_and_all_open() {
    let (old, new) = (generate_key(), generate_key());
    let before = seal(std::slice::from_ref(&old));
    let rotated = seal(&[new.clone(), old]);
    assert_eq!(rotated.open(&before.seal(b"x")).unwrap(), b"x");
    let sealed = rotated.seal(b"y");
    assert_eq!(seal(&[new]).open(&sealed).unwrap(), b"y");
    assert_eq!(before.open(&sealed), Err(CannotOpen));
}

#[test]
fn two_seals_of_one_text_differ_and_any_bytes_come_back() {
    let seal = seal(&[generate_key()]);
    assert_ne!(seal.seal(b"same"), seal.seal(b"same"));
    for plain in [&b""[..], b"\x00\xff\x00", &[9; 70_000]] {
        assert_eq!(seal.open(&seal.seal(plain)).unwrap(), plain);
    }
}

#[test]
fn unusable_keys_are_named_by_number_and_not_shown() {
    assert_eq!(FernetSeal::from_keys(&[]).unwrap_err(), BadKey::None);
    for bad in [
        "",
        "c2hvcnQ=",
        "not base64 at all, and longer than it",
        &KEY[..40],
    ] {
        let error = FernetSeal::from_keys(&[generate_key(), Secret::new(bad)]).unwrap_err();
        assert_eq!(error, BadKey::Malformed { number: 2 });
    }
    let seal = seal(&[Secret::new(KEY)]);
    assert_eq!(format!("{seal:?}"), "FernetSeal(***)");
}
