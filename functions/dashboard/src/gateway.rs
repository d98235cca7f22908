//! Who asks the API where a gateway stands before it: the claims of the access token that its JWT
//! authorizer has checked.

use domain::{claims::Claims, principal::Principal};
use http::Extensions;
use lambda_http::{RequestExt, request::RequestContext};

use crate::http_status::Refusal;

/// The person whom the gateway vouches for.
///
/// # Errors
/// [`Refusal::NoToken`] when the gateway has checked no token for this request, and
/// [`Refusal::BadClaims`] when the token does not say who it is.
pub fn principal(extensions: &Extensions) -> Result<Principal, Refusal> {
    let Some(RequestContext::ApiGatewayV2(context)) = extensions.request_context_ref() else {
        return Err(Refusal::NoToken);
    };
    let authorizer = context.authorizer.as_ref();
    let token = authorizer
        .and_then(|authorizer| authorizer.jwt.as_ref())
        .ok_or(Refusal::NoToken)?;
    let claim = |name: &str| token.claims.get(name).map(String::as_str);
    let claims = Claims {
        org_id: claim("org_id"),
        role: claim("role"),
        sub: claim("sub"),
    };
    Ok(claims.principal()?)
}
