//! The gateway in front of the API.

use cloud_tests::deployed::world::{ORG, SCOPE, World};
use openid_sandbox::AccessToken;
use serde_json::json;

pub async fn wants_a_token(world: &World) {
    let web = world.web();
    let status = async |path: &str, token: &str| web.api(path, token).await.status.as_u16();
    let claims = json!({"org_id": ORG, "role": "member"});
    let signed = |token: AccessToken| world.openid.access_token(&token);
    let good = AccessToken::new("max", "productbridge", &[SCOPE], &claims);

    assert_eq!(status("/api/posts", "").await, 401);
    assert_eq!(status("/api", "").await, 401);
    assert_eq!(status("/api/posts", &signed(good.clone())).await, 200);
    let foreign = AccessToken::new("max", "something-else", &[SCOPE], &claims);
    assert_eq!(status("/api/posts", &signed(foreign)).await, 401);
    let narrow = AccessToken::new("max", "productbridge", &["openid"], &claims);
    assert_eq!(status("/api/posts", &signed(narrow)).await, 403);
    let mut expired = good.clone();
    expired.life = -60;
    assert_eq!(status("/api/posts", &signed(expired)).await, 401);
    let nobody = AccessToken::new("max", "productbridge", &[SCOPE], &json!({"org_id": ORG}));
    let answer = web.api("/api/posts", &signed(nobody)).await;
    assert!(
        matches!(answer.status.as_u16(), 401 | 403),
        "{}",
        answer.body
    );
    assert_eq!(status("/api/nothing", &signed(good)).await, 404);

    let rival = web.api("/api/posts", &world.token("rival")).await;
    assert_eq!(rival.json()["items"], json!([]));
    let page = world.web().get("/feedback").await;
    assert_eq!(
        page.status, 303,
        "a token is no session, and a page wants one"
    );
}
