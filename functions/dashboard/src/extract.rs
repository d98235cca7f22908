//! What handlers take from a request. What cannot be read ends in a page of ours.

use axum::extract::{
    Form, FromRequest, FromRequestParts, Path, Query, Request, rejection::FormRejection,
};
use domain::principal::Principal;
use http::{StatusCode, request::Parts};
use serde::de::DeserializeOwned;

use crate::{App, http_status::Refusal};

/// Who asks. Pages and the API have it from the same place.
pub struct Who(pub Principal);

impl FromRequestParts<App> for Who {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refusal> {
        let principal = parts.extensions.get::<Principal>();
        principal.cloned().map(Who).ok_or(Refusal::SignedOut)
    }
}

pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let query = Query::<T>::from_request_parts(parts, app).await;
        query
            .map(|Query(query)| Self(query))
            .map_err(|_| Refusal::Unreadable)
    }
}

/// A form as it was posted.
pub struct Posted<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        match Form::<T>::from_request(request, app).await {
            Ok(Form(form)) => Ok(Self(form)),
            Err(FormRejection::BytesRejection(why))
                if why.status() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                Err(Refusal::TooLarge)
            }
            Err(_) => Err(Refusal::Unreadable),
        }
    }
}

/// The id in the path; one that cannot be an id names nothing.
pub struct Named<T>(pub T);

impl<T: TryFrom<String>> FromRequestParts<App> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let path = Path::<String>::from_request_parts(parts, app).await;
        path.ok()
            .and_then(|Path(id)| T::try_from(id).ok())
            .map(Self)
            .ok_or(Refusal::NotFound("page"))
    }
}
