//! Answers of the token endpoint, the odd ones too.

#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

use super::*;

fn read(body: &Value) -> Result<Grant, OAuthError> {
    grant(body.to_string().as_bytes())
}

fn refused(status: u16, body: &str) -> OAuthError {
    refusal(StatusCode::from_u16(status).unwrap(), body.as_bytes())
}

fn full() -> Value {
    json!({
        "access_token": "access-1", "refresh_token": "refresh-1", "token_type": "bearer",
        "expires_in": 86_400, "scope": "api:calls:read:basic api:users:read",
        "api_base_url_for_customer": "https://us-49467.api.gong.io", "new_field": [1],
    })
}

#[test]
fn a_full_answer_is_read() {
    let grant = read(&full()).unwrap();
    assert_eq!(grant.access_token, Secret::new("access-1"));
    assert_eq!(grant.refresh_token, Secret::new("refresh-1"));
    assert_eq!(grant.expires_in, Span::days(1));
    assert_eq!(
        grant.scope.as_deref(),
        Some("api:calls:read:basic api:users:read")
    );
    assert_eq!(grant.api_base_url, "https://us-49467.api.gong.io");
}

#[test]
fn the_life_of_a_token_is_never_guessed_too_long() {
    for (expires_in, life) in [
        (json!(7_200), Span::hours(2)),
        (json!("7200"), Span::hours(2)),
        (json!(i64::MAX), Span::days(366)),
        (Value::Null, Span::hours(1)),
        (json!(0), Span::hours(1)),
        (json!(-1), Span::hours(1)),
        (json!("soon"), Span::hours(1)),
        (json!({}), Span::hours(1)),
    ] {
        let mut body = full();
        body["expires_in"] = expires_in.clone();
        assert_eq!(read(&body).unwrap().expires_in, life, "{expires_in}");
    }
    let mut body = full();
    body.as_object_mut().unwrap().remove("expires_in");
    assert_eq!(read(&body).unwrap().expires_in, Span::hours(1));
}

#[test]
fn a_list_of_scopes_is_as_good_as_a_text() {
    for (scope, read_as) in [
        (json!(["a", "b"]), Some("a b")),
        (json!(" "), None),
        (Value::Null, None),
        (json!(3), None),
    ] {
        let mut body = full();
        body["scope"] = scope;
        assert_eq!(read(&body).unwrap().scope.as_deref(), read_as);
    }
}

#[test]
fn rotated_tokens_are_kept_though_the_base_url_is_missing() {
    for missing in [Value::Null, json!(5)] {
        let mut body = full();
        body["api_base_url_for_customer"] = missing;
        let grant = read(&body).unwrap();
        assert_eq!(grant.api_base_url, "");
        assert_eq!(grant.refresh_token, Secret::new("refresh-1"));
    }
}

#[test]
fn an_answer_without_both_tokens_is_an_unknown_outcome() {
    for field in ["access_token", "refresh_token"] {
        for value in [Value::Null, json!(""), json!(17), json!(["x"])] {
            let mut body = full();
            body[field] = value;
            let error = read(&body).unwrap_err();
            assert!(matches!(error, OAuthError::UnknownOutcome(_)), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("-1"), "{error}");
        }
    }
    for body in ["", "null", "<html>refresh-1</html>", "\"refresh-1\"", "{"] {
        let error = grant(body.as_bytes()).unwrap_err();
        assert!(matches!(error, OAuthError::UnknownOutcome(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("refresh-1"));
    }
}

#[test]
fn only_a_dead_grant_is_an_invalid_grant() {
    for (status, body) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
        ),
        (401, r#"{"error":"invalid_grant"}"#),
        (400, "Refresh token code is invalid"),
        (401, "<p>Refresh token code is invalid</p>"),
        (
            400,
            r#"{"requestId":"1","errors":["invalid_grant: the token was used"]}"#,
        ),
        (
            400,
            r#"{"error":"invalid_request","error_description":"Refresh token code is invalid"}"#,
        ),
    ] {
        assert_eq!(refused(status, body), OAuthError::InvalidGrant, "{body}");
    }
}

#[test]
fn an_invalid_client_is_the_operators_matter() {
    for (status, body) in [
        (400, r#"{"error":"invalid_client"}"#),
        (
            401,
            r#"{"error":"invalid_client","error_description":"not an invalid_grant"}"#,
        ),
        (401, ""),
        (401, r#"{"error":{"code":5}}"#),
    ] {
        assert_eq!(refused(status, body), OAuthError::InvalidClient, "{body}");
    }
}

#[test]
fn everything_else_is_an_unknown_outcome_without_gongs_words() {
    for (status, body) in [
        (500, r#"{"error":"invalid_grant"}"#),
        (503, "Refresh token code is invalid"),
        (429, ""),
        (302, ""),
        (403, r#"{"error":"invalid_grant"}"#),
        (400, ""),
        (400, "null"),
        (
            400,
            r#"{"error":"unsupported_grant_type","error_description":"invalid_grant_type secret-9"}"#,
        ),
        (400, r#"{"error":"server_error"}"#),
    ] {
        let error = refused(status, body);
        assert_eq!(
            error,
            OAuthError::UnknownOutcome(format!("status {status}"))
        );
    }
}
