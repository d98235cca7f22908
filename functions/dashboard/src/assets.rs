//! The style, the one script and the icon. Their addresses change with their content, so that
//! browsers may keep them for good.

use axum::{
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use http::header;

use crate::{extract::Named, http_status::Refusal};

struct Asset {
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
    version: u64,
}

impl Asset {
    const fn new(name: &'static str, content_type: &'static str, text: &'static str) -> Self {
        Self {
            name,
            content_type,
            text,
            version: fnv1a(text.as_bytes()),
        }
    }

    fn url(&self) -> String {
        format!("/assets/{}?v={:016x}", self.name, self.version)
    }
}

const STYLE: Asset = Asset::new(
    "style.css",
    "text/css; charset=utf-8",
    include_str!("assets/style.css"),
);
const SCRIPT: Asset = Asset::new(
    "progress.js",
    "text/javascript; charset=utf-8",
    include_str!("assets/progress.js"),
);
const ICON: Asset = Asset::new("icon.svg", "image/svg+xml", include_str!("assets/icon.svg"));

pub fn style_url() -> String {
    STYLE.url()
}

/// The address of the script that keeps a sync's progress up to date.
pub fn script_url() -> String {
    SCRIPT.url()
}

pub fn icon_url() -> String {
    ICON.url()
}

/// Serves one of them.
pub async fn serve(
    Named(name): Named<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let asset = [STYLE, SCRIPT, ICON]
        .into_iter()
        .find(|asset| asset.name == name)
        .ok_or(Refusal::NotFound("file"))?;
    let current = query.is_some_and(|query| query == format!("v={:016x}", asset.version));
    let caching = if current {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, caching),
    ];
    Ok((headers, asset.text).into_response())
}

/// FNV-1a: tells contents apart; nothing rests on its strength.
const fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}
