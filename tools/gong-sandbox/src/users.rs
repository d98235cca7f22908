//! `GET /v2/users` and `GET /v2/workspaces`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    company::{Company, User},
    paging::Place,
    refusal::Refusal,
    request::{Answer, ApiRequest},
    state::Shared,
};

pub(crate) fn users(shared: &Shared, request: &ApiRequest<'_>) -> Result<Answer, Refusal> {
    let inputs = json!({"includeAvatars": request.parameter("includeAvatars")});
    let cursor = request.parameter("cursor");
    let listing = shared
        .cursors
        .open(request.name, &inputs, cursor.as_deref(), request.now_ms)?;
    if shared.company.users.is_empty() {
        let message = "No users found corresponding to the provided filters";
        return Err(Refusal::new(StatusCode::NOT_FOUND, message));
    }
    let mut placed: Vec<(Place, &User)> = shared
        .company
        .users
        .iter()
        .map(|user| (place(user), user))
        .collect();
    placed.sort_by(|(left, _), (right, _)| left.cmp(right));
    let page = shared.cursors.page(&listing, &placed, |(place, _)| place);
    let shown = page
        .items
        .iter()
        .map(|(_, user)| directory_entry(&shared.company, user))
        .collect();
    Ok(Answer::from_iter([
        ("records".into(), page.records),
        ("users".into(), Value::Array(shown)),
    ]))
}

pub(crate) fn workspaces(shared: &Shared) -> Answer {
    let workspaces = shared.company.workspaces.iter().map(|workspace| {
        json!({"id": workspace.id, "name": workspace.name, "description": workspace.description})
    });
    Answer::from_iter([("workspaces".into(), workspaces.collect())])
}

/// Users stand in the order of their ids as numbers: a longer row of digits is a greater number.
fn place(user: &User) -> Place {
    Place {
        at: i64::try_from(user.id.len()).ok(),
        id: user.id.clone(),
    }
}

fn directory_entry(company: &Company, user: &User) -> Value {
    let handle = user.email.split('@').next().unwrap_or_default();
    json!({
        "id": user.id,
        "emailAddress": user.email,
        "created": "2024-02-05T09:00:00+00:00",
        "active": user.active,
        "emailAliases": [],
        "trustedEmailAddress": null,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "title": null,
        "phoneNumber": null,
        "extension": null,
        "personalMeetingUrls": [],
        "settings": {
            "webConferencesRecorded": true,
            "preventWebConferenceRecording": false,
            "telephonyCallsImported": true,
            "emailsImported": false,
            "preventEmailImport": true,
            "nonRecordedMeetingsImported": false,
            "gongConnectEnabled": false,
        },
        "managerId": null,
        "meetingConsentPageUrl": format!("https://us-12345.join.gong.io/{}/{handle}", company.slug),
        "conferencingProviders": [],
        "spokenLanguages": [{"language": "en-US", "primary": true}],
    })
}
