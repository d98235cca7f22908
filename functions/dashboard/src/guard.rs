//! What every request passes: who asks, whether a change comes from our own pages, and what every
//! answer carries.

use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::principal::Principal;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::json;
use url::Url;

use crate::{
    ApiAccess, App, Dashboard, SignIn, gateway,
    http_status::Refusal,
    pages::{layout, problem},
};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; \
                      form-action 'self'";

/// The pages whose form leads away: its POST is answered with a redirect to Gong or to the identity
/// provider, and from there to wherever the company signs in. Browsers hold `form-action` against
/// every hop, so it is left out.
const POLICY_OF_LEAVING: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                                 connect-src 'self'; img-src 'self' data:; base-uri 'none'; \
                                 frame-ancestors 'none'";

/// Where the pages' script asks how far a sync got: JSON like the API's, by the pages' session.
pub const PROGRESS: &str = "/integrations/gong/progress";

/// Who asks. The one place that decides it: the session cookie or, for the API behind a gateway,
/// the claims that the gateway has checked; never the one where the other is asked for.
async fn principal(
    app: &Dashboard,
    path: &str,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Option<Principal>, Refusal> {
    if app.api == ApiAccess::GatewayClaims && is_api(path) {
        return gateway::principal(extensions).map(Some);
    }
    let session = app.cookies.session(headers, &*app.keys, app.clock.now());
    Ok(session.await?)
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Tells the handlers who asks, makes pages or JSON of refusals, and adds the headers that every
/// answer carries.
pub async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let (me, mut response) = match principal(&app, &path, &parts.headers, &parts.extensions).await {
        Ok(me) => {
            if let Some(me) = &me {
                parts.extensions.insert(me.clone());
            }
            (me, next.run(Request::from_parts(parts, body)).await)
        }
        Err(refusal) => (None, refusal.into_response()),
    };
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let kept = kept(response.headers());
        response = say(me.as_ref(), &path, &refusal);
        response.headers_mut().extend(kept);
    }
    add_headers(&app, &path, response.headers_mut());
    response
}

/// What a refused request's answer keeps of what its handler set.
fn kept(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for name in [header::ALLOW, header::SET_COOKIE, header::REFERRER_POLICY] {
        for value in headers.get_all(&name) {
            kept.append(name.clone(), value.clone());
        }
    }
    kept
}

fn say(me: Option<&Principal>, path: &str, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Store(error) => tracing::error!(path, %error, "a page could not be served"),
        Refusal::Keys(error) => tracing::error!(path, %error, "a page could not be served"),
        Refusal::SignIn(failure) => failure.log(),
        _ => {}
    }
    let status = refusal.status();
    if is_api(path) || path == PROGRESS {
        let error = json!({"error": {"code": refusal.code(), "message": refusal.text()}});
        return (status, Json(error)).into_response();
    }
    match refusal {
        Refusal::SignedOut => Redirect::to("/sign-in").into_response(),
        refusal => {
            let body = problem::body(refusal, me.is_some());
            let page = layout::page(me, None, refusal.title(), &body);
            (status, page).into_response()
        }
    }
}

fn add_headers(app: &Dashboard, path: &str, headers: &mut HeaderMap) {
    let leaves = match path {
        "/integrations/gong" | "/integrations/gong/connect" => true,
        "/sign-in" => matches!(app.sign_in, SignIn::Provider(_)),
        _ => false,
    };
    let policy = if leaves { POLICY_OF_LEAVING } else { POLICY };
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
///
/// Behind a gateway the API is left out: a browser sends its cookies along unasked, which is what
/// this guards against, but an access token only where a program puts it.
pub async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let by_token = app.api == ApiAccess::GatewayClaims && is_api(request.uri().path());
    if reads || by_token || is_own(request.headers(), &app.public_origins) {
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
