//! What every request passes: who asks, whether a change comes from our own pages, and what every
//! answer carries.

use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::principal::Principal;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::json;
use url::Url;

use crate::{
    App, Dashboard,
    http_status::Refusal,
    pages::{layout, problem},
};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; \
                      form-action 'self'";

/// The page with the Connect form: its POST is answered with a redirect to Gong, and from there to
/// wherever the company signs in. Browsers hold `form-action` against every hop, so it is left out.
const POLICY_OF_CONNECT: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                                 connect-src 'self'; img-src 'self' data:; base-uri 'none'; \
                                 frame-ancestors 'none'";

/// Reads who asks from a request's headers: the session cookie. The one place that does; claims
/// that a gateway has checked are read here too where there is such a gateway.
async fn principal(app: &Dashboard, headers: &HeaderMap) -> Result<Option<Principal>, Refusal> {
    let session = app.cookies.session(headers, &*app.keys, app.clock.now());
    Ok(session.await?)
}

/// Tells the handlers who asks, makes pages or JSON of refusals, and adds the headers that every
/// answer carries.
pub async fn dress(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (me, mut response) = match principal(&app, request.headers()).await {
        Ok(me) => {
            if let Some(me) = &me {
                request.extensions_mut().insert(me.clone());
            }
            (me, next.run(request).await)
        }
        Err(refusal) => (None, refusal.into_response()),
    };
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = say(&app, me.as_ref(), &path, &refusal);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    add_headers(&app, &path, response.headers_mut());
    response
}

fn say(app: &Dashboard, me: Option<&Principal>, path: &str, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Store(error) => tracing::error!(path, %error, "a page could not be served"),
        Refusal::Keys(error) => tracing::error!(path, %error, "a page could not be served"),
        _ => {}
    }
    let status = refusal.status();
    if path == "/api" || path.starts_with("/api/") {
        let error = json!({"error": {"code": refusal.code(), "message": refusal.text()}});
        return (status, Json(error)).into_response();
    }
    match refusal {
        Refusal::SignedOut => Redirect::to("/sign-in").into_response(),
        refusal => {
            let body = problem::body(refusal, me.is_some());
            let page = layout::page(app, me, None, refusal.title(), &body);
            (status, page).into_response()
        }
    }
}

fn add_headers(app: &Dashboard, path: &str, headers: &mut HeaderMap) {
    let connects = matches!(path, "/integrations/gong" | "/integrations/gong/connect");
    let policy = if connects { POLICY_OF_CONNECT } else { POLICY };
    let mut add = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    add(header::CONTENT_SECURITY_POLICY, policy);
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::X_FRAME_OPTIONS, "DENY");
    // Not `no-referrer`: with it browsers send `Origin: null` on our own forms.
    add(header::REFERRER_POLICY, "same-origin");
    add(header::CACHE_CONTROL, "no-store");
    if app.cookies.secure {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// Refuses a change that does not come from one of our own pages.
pub async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_own(request.headers(), &app.public_origins) {
        next.run(request).await
    } else {
        Refusal::ForeignOrigin.into_response()
    }
}

/// `Origin` decides when it is there; else the browser's word on the site, else `Referer`.
fn is_own(headers: &HeaderMap, own: &[String]) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let known = |origin: &str| own.iter().any(|own| own == origin);
    if let Some(origin) = text(header::ORIGIN) {
        return known(origin);
    }
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    text(header::REFERER)
        .and_then(|referer| Url::parse(referer).ok())
        .is_some_and(|referer| known(&referer.origin().ascii_serialization()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn own(pairs: &[(&str, &str)]) -> bool {
        let headers = pairs.iter().map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        });
        is_own(
            &HeaderMap::from_iter(headers),
            &[
                "http://127.0.0.1:8080".into(),
                "http://localhost:8080".into(),
            ],
        )
    }

    #[test]
    fn origin_decides_then_the_browser_then_the_referer() {
        assert!(own(&[("origin", "http://127.0.0.1:8080")]));
        assert!(own(&[("origin", "http://localhost:8080")]));
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("referer", "http://localhost:8080/feedback?q=a")]));

        assert!(!own(&[]));
        assert!(!own(&[("origin", "null")]));
        assert!(!own(&[
            ("origin", "null"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(!own(&[("origin", "http://127.0.0.1:8081")]));
        assert!(!own(&[("origin", "https://127.0.0.1:8080")]));
        assert!(!own(&[("origin", "http://127.0.0.1:8080.evil.example")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[
            ("sec-fetch-site", "none"),
            ("referer", "http://localhost:8080/")
        ]));
        assert!(!own(&[("referer", "http://localhost:8080@evil.example/")]));
        assert!(!own(&[
            ("origin", "http://evil.example"),
            ("referer", "http://localhost:8080/"),
        ]));
    }
}
