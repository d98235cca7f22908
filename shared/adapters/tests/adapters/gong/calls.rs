//! `POST /v2/calls/extensive`.

use domain::{
    gong::shapes::{CallsFilter, CallsPage, ListedCall},
    ids::CallId,
    moment::Timestamp,
    party::{Affiliation, Party},
    ports::gong::{GongApi, GongError},
};
use serde_json::{Value, json};

use crate::gong::server::{Answer, Server, TOKEN, access, client};

fn range() -> CallsFilter {
    CallsFilter::Range {
        from: Timestamp::parse_rfc3339("2026-08-01T02:00:00+02:00").unwrap(),
        to: Timestamp::parse_rfc3339("2026-08-08T00:00:00Z").unwrap(),
    }
}

async fn page(body: &Value) -> Result<CallsPage, GongError> {
    let server = Server::start([Answer::json(body)]).await;
    client()
        .calls(&access(&server.origin), &range(), None)
        .await
}

async fn one(call: Value) -> ListedCall {
    let mut page = page(&json!({"calls": [call]})).await.unwrap();
    assert_eq!(page.calls.len(), 1);
    page.calls.remove(0)
}

/// The contract's example: a recorded answer, shortened.
fn recorded() -> Value {
    json!({"metaData": {
        "id": "98765432109876543210", "url": "https://us02-16381.app.gong.io/call?id=7693221800038890052",
        "title": "Seed call B", "scheduled": "2026-08-30T03:00:00-07:00", "started": "2026-08-30T03:00:00-07:00",
        "duration": 887, "primaryUserId": "4164091100197006958", "direction": "Inbound", "system": "Upload API",
        "scope": "External", "media": "Audio", "language": "eng", "workspaceId": "4042227664642553970",
        "sdrDisposition": null, "clientUniqueId": "x", "customData": null, "isPrivate": false},
      "context": [{"system": "Salesforce", "objects": [
        {"objectType": "Opportunity", "objectId": "1", "fields": [{"name": "Name", "value": "Big deal"}]},
        {"objectType": "Account", "objectId": "2", "timing": "Now",
         "fields": [{"name": "Id", "value": 5}, {"name": "Name", "value": " Acme GmbH "}]}]}],
      "parties": [
        {"id": "4320313088335534949", "emailAddress": "Ana@vendor.example", "name": "Ana", "userId": "4164091100197006958",
         "speakerId": "1580833210577559850", "context": [], "affiliation": "Internal", "methods": ["Attendee"]},
        {"id": "4378425308115870244", "emailAddress": "bo@acme.example", "name": "Bo", "speakerId": null,
         "context": [], "affiliation": "External", "methods": ["Attendee"]},
        {"affiliation": "Unknown"}, {"affiliation": "Partner"}],
      "content": {"topics": []}, "interaction": {"speakers": []}})
}

#[tokio::test]
async fn the_request_is_the_contracts() {
    let server = Server::start([
        Answer::json(
            &json!({"records": {"totalRecords": 120, "currentPageSize": 1, "cursor": "eyJ.next"},
                            "calls": [recorded()]}),
        ),
        Answer::json(&json!({"records": {"totalRecords": 120, "cursor": ""}, "calls": []})),
    ])
    .await;
    let (client, access) = (client(), access(&server.origin));
    let first = client.calls(&access, &range(), None).await.unwrap();
    assert_eq!(
        (first.cursor.as_deref(), first.total, first.calls.len()),
        (Some("eyJ.next"), Some(120), 1)
    );
    let second = client
        .calls(&access, &range(), first.cursor.as_deref())
        .await
        .unwrap();
    assert_eq!(second.cursor, None);

    let seen = server.seen();
    let bearer = format!("Bearer {TOKEN}");
    for request in &seen {
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("POST", "/v2/calls/extensive")
        );
        assert_eq!(request.query, None);
        assert_eq!(request.header("authorization"), Some(bearer.as_str()));
        assert_eq!(request.header("content-type"), Some("application/json"));
    }
    let mut body = json!({
        "filter": {"fromDateTime": "2026-08-01T00:00:00Z", "toDateTime": "2026-08-08T00:00:00Z"},
        "contentSelector": {"context": "Extended", "contextTiming": ["Now"], "exposedFields": {"parties": true}},
    });
    assert_eq!(seen[0].json(), body);
    body["cursor"] = json!("eyJ.next");
    assert_eq!(seen[1].json(), body);
}

#[tokio::test]
async fn ids_are_texts_and_stand_alone_in_the_filter() {
    let server = Server::start([Answer::json(&json!({"calls": []}))]).await;
    let ids = ["98765432109876543210", "1"].map(|id| CallId::parse(id).unwrap());
    client()
        .calls(
            &access(&server.origin),
            &CallsFilter::Ids(ids.to_vec()),
            None,
        )
        .await
        .unwrap();
    assert_eq!(
        server.only().json()["filter"],
        json!({"callIds": ["98765432109876543210", "1"]})
    );
}

#[tokio::test]
async fn no_ids_ask_for_nothing() {
    let server = Server::start([]).await;
    let page = client()
        .calls(&access(&server.origin), &CallsFilter::Ids(vec![]), None)
        .await;
    assert_eq!(page, Ok(CallsPage::default()));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_recorded_call_is_read() {
    let call = one(recorded()).await;
    assert_eq!(call.id.unwrap().as_str(), "98765432109876543210");
    assert_eq!(call.title.as_deref(), Some("Seed call B"));
    assert_eq!(
        call.url.as_deref(),
        Some("https://us02-16381.app.gong.io/call?id=7693221800038890052")
    );
    assert_eq!(
        call.started,
        Timestamp::parse_rfc3339("2026-08-30T10:00:00Z")
    );
    assert_eq!(call.is_private, Some(false));
    assert_eq!(call.language.as_deref(), Some("eng"));
    assert_eq!(call.workspace_id.as_deref(), Some("4042227664642553970"));
    assert_eq!(call.account.as_deref(), Some("Acme GmbH"));
    assert_eq!(
        call.parties[0],
        Party {
            id: Some("4320313088335534949".into()),
            name: Some("Ana".into()),
            email: Some("Ana@vendor.example".into()),
            user_id: Some("4164091100197006958".into()),
            speaker_id: Some("1580833210577559850".into()),
            affiliation: Affiliation::Internal,
        }
    );
    let sides: Vec<Affiliation> = call.parties.iter().map(|party| party.affiliation).collect();
    assert_eq!(
        sides,
        [
            Affiliation::Internal,
            Affiliation::External,
            Affiliation::Unknown,
            Affiliation::Unknown
        ]
    );
    assert_eq!(call.parties[1].speaker_id, None);
}

#[tokio::test]
async fn a_call_that_cannot_be_read_is_counted_and_fails_no_other() {
    let odd = [
        json!(null),
        json!(7),
        json!("call"),
        json!([]),
        json!({}),
        json!({"metaData": null, "context": null, "parties": null}),
        json!({"metaData": [], "context": "x", "parties": {"a": 1}}),
        json!({"metaData": "x", "parties": [null, 3, "x"]}),
        json!({"metaData": {"id": 7693221800038890052_u64, "url": 1, "title": {}, "started": 5, "isPrivate": "false",
                            "language": [], "workspaceId": 4042227664642553970_u64}}),
        json!({"metaData": {"id": "12a", "title": " ", "url": "", "started": "yesterday", "isPrivate": 0}}),
        json!({"metaData": {"id": 1e19, "isPrivate": null}}),
    ];
    let mut calls = odd.to_vec();
    calls.push(recorded());
    let page = page(&json!({"calls": calls, "requestId": null, "new": {"x": 1}}))
        .await
        .unwrap();
    assert_eq!(page.calls.len(), odd.len() + 1);
    for (call, sent) in page.calls.iter().zip(&odd) {
        assert_eq!(call, &ListedCall::default(), "{sent}");
        assert!(!call.is_public());
    }
    assert!(page.calls[odd.len()].id.is_some());
}

#[tokio::test]
async fn a_party_with_numbers_for_ids_is_still_a_participant() {
    let call = one(json!({"metaData": {"id": "1"}, "parties": [
        {"id": 1, "userId": 2, "speakerId": 3.5, "name": 4, "emailAddress": [], "affiliation": 5},
        {"name": " ", "emailAddress": "", "affiliation": "External", "surprise": true},
    ]}))
    .await;
    assert_eq!(call.parties[0], Party::default());
    assert_eq!(call.parties[1].affiliation, Affiliation::External);
    assert_eq!(
        (&call.parties[1].name, &call.parties[1].email),
        (&None, &None)
    );
}

#[tokio::test]
async fn a_page_without_its_calls_is_empty_only_when_it_says_so() {
    for empty in [
        json!({"calls": []}),
        json!({"calls": null, "records": {"totalRecords": 0}}),
        json!({"records": {"currentPageSize": 0, "totalRecords": 2}}),
    ] {
        assert!(page(&empty).await.unwrap().calls.is_empty(), "{empty}");
    }
    for unreadable in [
        json!({}),
        json!({"calls": null, "records": null}),
        json!({"records": {"totalRecords": 3}}),
        json!({"calls": {"id": "1"}}),
        json!({"calls": [], "records": {"cursor": 5}}),
        json!({"calls": [], "records": "none"}),
        json!(null),
        json!("calls"),
    ] {
        let error = page(&unreadable).await.unwrap_err();
        assert!(
            matches!(error, GongError::Unreadable(_)),
            "{unreadable}: {error:?}"
        );
    }
}

#[tokio::test]
async fn odd_hints_do_not_matter() {
    for total in [json!(null), json!("3"), json!(-1), json!(1.5)] {
        let page = page(&json!({"calls": [], "records": {"totalRecords": total, "cursor": null}}))
            .await
            .unwrap();
        assert_eq!((page.total, page.cursor), (None, None));
    }
}
