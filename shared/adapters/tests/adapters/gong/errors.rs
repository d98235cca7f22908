//! What Gong may answer instead of data.

use std::time::Duration;

use domain::{
    moment::Span,
    ports::gong::{GongApi, GongError},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket},
};

use crate::gong::server::{
    Answer, Server, TOKEN, access, access_with, client, client_with_timeout,
};

async fn error(answer: Answer) -> GongError {
    let server = Server::start([answer]).await;
    let error = client()
        .workspaces(&access(&server.origin))
        .await
        .unwrap_err();
    let texts = format!("{error} {error:?}");
    assert!(!texts.contains(TOKEN), "{texts}");
    assert!(!texts.contains("127.0.0.1"), "{texts}");
    error
}

const REQUEST_ID: &str = "2vpoxzuzrraar3iw4mn";

fn envelope(status: u16, errors: &[&str]) -> Answer {
    Answer::new(
        status,
        json!({"requestId": REQUEST_ID, "errors": errors}).to_string(),
    )
}

/// What Gong's envelope becomes: its support finds a request by the id.
fn refused_envelope(status: u16, message: &str) -> GongError {
    refused(
        status,
        &format!("{message} (Gong's request id: {REQUEST_ID})"),
    )
}

fn refused(status: u16, message: &str) -> GongError {
    GongError::Refused {
        status,
        message: message.into(),
    }
}

#[tokio::test]
async fn only_the_known_404s_mean_nothing_found() {
    for text in [
        "No calls found corresponding to the provided filters",
        "no CALLS found corresponding to the provided filters",
        "No users found corresponding to the provided filters",
    ] {
        assert_eq!(error(envelope(404, &[text])).await, GongError::NoneFound);
    }
    assert_eq!(
        error(Answer::new(404, "No calls found corresponding to …")).await,
        GongError::NoneFound
    );
    assert_eq!(
        error(envelope(404, &["Call ID 8944 was not found"])).await,
        refused_envelope(404, "Call ID 8944 was not found")
    );
    for body in ["", "<html>nginx</html>", "null", r#"{"errors":"x"}"#] {
        assert_eq!(
            error(Answer::new(404, body)).await,
            refused(404, "no reason given")
        );
    }
    assert_eq!(
        error(envelope(400, &["No calls found"])).await,
        refused_envelope(400, "No calls found")
    );
}

#[tokio::test]
async fn an_expired_or_unverified_cursor_is_told_apart() {
    for text in ["cursor has expired", "Failed to verify CURSOR"] {
        assert_eq!(
            error(envelope(400, &[text])).await,
            GongError::CursorExpired
        );
    }
    for (status, text) in [
        (400, "filter.fromDateTime: must be before toDateTime"),
        (400, "the range has expired"),
        (400, "cursor: must not be blank"),
        (422, "cursor has expired"),
    ] {
        assert_eq!(
            error(envelope(status, &[text])).await,
            refused_envelope(status, text)
        );
    }
}

#[tokio::test]
async fn a_429_says_how_long_to_wait() {
    let waits = |value: Option<&str>| {
        let mut answer = envelope(429, &["API rate limit exceeded"]);
        if let Some(value) = value {
            answer = answer.header("retry-after", value);
        }
        error(answer)
    };
    for (value, retry_after) in [
        (None, Span::seconds(1)),
        (Some("soon"), Span::seconds(1)),
        (Some("7"), Span::seconds(7)),
        (Some("86400"), Span::days(1)),
        (Some("Mon, 23 Nov 2026 12:00:30 GMT"), Span::seconds(30)),
        (Some("Mon, 23 Nov 2026 11:00:00 GMT"), Span(0)),
        (Some("4000000000"), Span::days(7)),
    ] {
        assert_eq!(waits(value).await, GongError::RateLimited { retry_after });
    }
}

#[tokio::test]
async fn statuses_have_their_meaning_whatever_the_body() {
    for body in ["", r#"{"errors":["No calls found"]}"#, "<html>"] {
        let with = |status| error(Answer::new(status, body));
        assert_eq!(with(401).await, GongError::Unauthorized);
        assert_eq!(with(403).await, GongError::Forbidden);
        for status in [408, 500, 502, 503, 504, 599] {
            assert_eq!(
                with(status).await,
                GongError::Unavailable(format!("status {status}"))
            );
        }
    }
}

#[tokio::test]
async fn the_message_is_gongs_errors_joined_shortened_and_harmless() {
    assert_eq!(
        error(envelope(
            400,
            &["parties: must not be null", "filter: bad\nline"]
        ))
        .await,
        refused_envelope(400, "parties: must not be null; filter: bad line")
    );
    let long = "ä".repeat(400);
    assert_eq!(
        error(envelope(409, &[&long])).await,
        refused_envelope(409, &"ä".repeat(300))
    );
    let echo = format!("the header Bearer {TOKEN} is wrong");
    assert_eq!(
        error(envelope(400, &[&echo])).await,
        refused_envelope(400, "the header Bearer *** is wrong")
    );
    assert_eq!(
        error(Answer::new(400, "x".repeat(100_000))).await,
        refused(400, "no reason given")
    );
    for odd in ["", "said by a customer", &"a".repeat(65)] {
        let body = json!({"requestId": odd, "errors": ["no"]}).to_string();
        assert_eq!(error(Answer::new(400, body)).await, refused(400, "no"));
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::start([Answer::json(&json!({"workspaces": []}))]).await;
    for status in [301, 302, 303, 307, 308] {
        let answer = Answer::new(status, "").header("location", format!("{}/v2", other.origin));
        assert_eq!(error(answer).await, refused(status, "no reason given"));
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn a_body_that_is_not_the_contracts_is_unreadable_and_not_quoted() {
    for body in [
        "",
        "{",
        "\u{0}",
        r#"{"workspaces":"what a customer said"}"#,
        r#"{"workspaces":[],"x":what a customer said}"#,
        r#"["what a customer said"]"#,
        "what a customer said",
    ] {
        let error = error(Answer::new(200, body)).await;
        assert!(
            matches!(error, GongError::Unreadable(_)),
            "{body}: {error:?}"
        );
        assert!(!format!("{error:?}").contains("customer"), "{error:?}");
    }
    let not_utf8 = error(Answer::new(200, b"{\"workspaces\":[\"\xff\"]}".to_vec())).await;
    assert!(matches!(not_utf8, GongError::Unreadable(_)));
}

#[tokio::test]
async fn an_answer_over_the_limit_is_refused() {
    let blanks = error(Answer::new(200, vec![b' '; (64 << 20) + 1])).await;
    assert_eq!(
        blanks,
        GongError::Unreadable("the answer is larger than 67108864 bytes".into())
    );
}

#[tokio::test]
async fn a_time_out_is_unavailable() {
    let server = Server::start([Answer::never()]).await;
    let error = client_with_timeout(Duration::from_millis(50))
        .workspaces(&access(&server.origin))
        .await
        .unwrap_err();
    assert_eq!(error, GongError::Unavailable("it timed out".into()));
}

#[tokio::test]
async fn no_connection_is_unavailable() {
    // Bound and not listening: the port is refused and nobody else gets it.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let origin = format!("http://{}", socket.local_addr().unwrap());
    let error = client()
        .users(&access(&origin), Some("c"))
        .await
        .unwrap_err();
    assert_eq!(error, GongError::Unavailable("no connection".into()));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_unavailable() {
    for status in ["200 OK", "404 Not Found"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(socket.read(&mut request).await.unwrap() > 0);
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: 100\r\n\r\n{{\"wo");
            socket.write_all(head.as_bytes()).await.unwrap();
        });
        let error = client().workspaces(&access(&origin)).await.unwrap_err();
        assert_eq!(error, GongError::Unavailable("the answer broke off".into()));
        server.await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_sent_is_not_shown() {
    let server = Server::start([]).await;
    let access = access_with(&server.origin, "line\nbreak-secret");
    assert!(!format!("{access:?}").contains("secret"));
    let error = client().workspaces(&access).await.unwrap_err();
    assert_eq!(
        error,
        GongError::Unavailable("the request could not be made".into())
    );
    assert!(server.seen().is_empty());
}
