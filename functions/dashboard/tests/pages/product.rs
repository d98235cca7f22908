//! About your product: who reads and who writes it, its versions, and what is kept of what was
//! typed.

use domain::{
    call::{CallState, OutcomeResult},
    feedback::{EngineStamp, Product},
    moment::Span,
    ports::feedback::FeedbackStore,
    principal::Role,
};

use crate::{
    sample,
    site::{Answer, Site, org},
};

const PAGE: &str = "/settings/product";
const ABOUT: &str = "A service desk. <b>“Brackenport”</b> is a part,\r\nnot \"broken port\".";

async fn save(app: &Site, about: &str, areas: &str, seen: &str) -> Answer {
    let form = [("about", about), ("feature_areas", areas), ("seen", seen)];
    app.post(Role::Admin, PAGE, &form).await
}

async fn saved(app: &Site, about: &str, seen: &str) {
    let answer = save(app, about, "Reports\r\nMobile app", seen).await;
    assert_eq!(answer.location(), "/settings/product?done=product-saved");
}

async fn newest(app: &Site) -> Product {
    app.store.product(&org()).await.unwrap()
}

#[tokio::test]
async fn an_admin_writes_it_and_everybody_reads_it() {
    let app = Site::new().await;
    for role in [Role::Viewer, Role::Member] {
        app.get(role, PAGE)
            .await
            .shows("Nothing is written yet.")
            .hides("<textarea");
    }
    app.get(Role::Admin, PAGE)
        .await
        .shows("Nothing is written yet.")
        .shows("At most 4,000 characters.")
        .shows("name=\"seen\" value=\"0\"");
    saved(&app, ABOUT, "0").await;
    let product = newest(&app).await;
    assert_eq!(product.about, ABOUT.replace('\r', ""));
    assert_eq!(product.feature_areas, ["Reports", "Mobile app"]);
    let escaped = "&lt;b&gt;“Brackenport”&lt;/b&gt; is a part,\nnot &quot;broken port&quot;.";
    app.get(Role::Admin, "/settings/product?done=product-saved")
        .await
        .shows("Saved as a new version.")
        .shows("Version 1, saved by <strong>ada</strong> on <time")
        .shows(escaped)
        .shows("\nReports\nMobile app</textarea>")
        .shows("name=\"seen\" value=\"1\"");
    for role in [Role::Viewer, Role::Member] {
        app.get(role, PAGE)
            .await
            .shows("Version 1, saved by <strong>ada</strong>")
            .shows(&format!(
                "<p class=\"written\">A service desk. {escaped}</p>"
            ))
            .shows("<li>Mobile app</li>")
            .hides("<textarea")
            .hides("<b>");
    }
    let log = app.get(Role::Viewer, "/activity").await;
    log.shows("<strong>ada</strong> changed what is said about the product (version 1)")
        .hides("service desk");
    app.get(Role::Viewer, "/integrations/gong")
        .await
        .shows("About your product</a>: the built-in engine does not use it");
}

#[tokio::test]
async fn what_says_the_same_is_no_new_version() {
    let app = Site::new().await;
    let nothing = save(&app, " \r\n", ",", "0").await;
    assert_eq!(
        nothing.location(),
        "/settings/product?done=product-unchanged"
    );
    saved(&app, ABOUT, "0").await;
    let same = save(&app, &format!("\r\n{ABOUT}  "), "Reports, Mobile app", "1").await;
    assert_eq!(same.location(), "/settings/product?done=product-unchanged");
    app.get(Role::Admin, same.location())
        .await
        .shows("there is no new version");
    assert_eq!(newest(&app).await.version, 1);
    let (log, _) = app.store.activity(&org(), None, 9).await.unwrap();
    assert_eq!(log.len(), 1);
}

#[tokio::test]
async fn every_version_can_be_read() {
    let app = Site::new().await;
    saved(&app, "The first text.", "0").await;
    app.clock.advance(Span::hours(2));
    saved(&app, "The second text.", "1").await;
    let cleared = save(&app, "", "", "2").await;
    assert_eq!(cleared.status, 303);
    let link = |n| format!("href=\"/settings/product?version={n}\"");
    let first = app.get(Role::Admin, "/settings/product?version=1").await;
    first
        .shows("The first text.")
        .shows("2026-11-20 14:03 UTC")
        .shows("This is an older version.")
        .shows(&link(2))
        .hides("<textarea")
        .hides("second");
    app.get(Role::Viewer, "/settings/product?version=2")
        .await
        .shows("The second text.")
        .shows("2026-11-20 16:03 UTC")
        .shows(&link(1))
        .shows(&link(3));
    app.get(Role::Viewer, PAGE)
        .await
        .shows("Version 3, saved")
        .shows("This version says nothing.")
        .hides("older version");
    app.get(Role::Admin, "/settings/product?version=3")
        .await
        .shows("<textarea")
        .hides("older version");
    for (version, status) in [
        ("", 200),
        ("0", 404),
        ("4", 404),
        ("4294967295", 404),
        ("4294967296", 400),
        ("-1", 400),
        ("two", 400),
    ] {
        let path = format!("{PAGE}?version={version}");
        let page = app.get(Role::Viewer, &path).await;
        assert_eq!(page.status, status, "{version:?}");
    }
}

#[tokio::test]
async fn what_is_refused_is_kept_beside_the_reason() {
    let app = Site::new().await;
    let long = "x".repeat(4_001);
    let many: String = (0..51).map(|n| format!("Area {n}\r\n")).collect();
    let wide = "y".repeat(61);
    for (about, areas, field, words) in [
        (
            long.as_str(),
            "Reports",
            "about",
            "The text has 4001 characters and may have 4000: shorten it by 1.",
        ),
        (
            "Kept text.",
            many.as_str(),
            "feature_areas",
            "There are 51 feature areas and may be 50",
        ),
        (
            "Kept text.",
            wide.as_str(),
            "feature_areas",
            "has 61 characters and may have 60",
        ),
    ] {
        let page = save(&app, about, areas, "0").await;
        assert_eq!(page.status, 422, "{words}");
        page.shows(words)
            .shows(&format!("id=\"{field}-error\""))
            .shows("aria-invalid=\"true\"")
            .shows(&format!("\n{about}</textarea>"))
            .shows(&format!("\n{areas}</textarea>"))
            .shows("name=\"seen\" value=\"0\"");
    }
    assert_eq!(newest(&app).await, Product::default());
    let unreadable = save(&app, "A", "", "one").await;
    assert_eq!(unreadable.status, 400);
}

#[tokio::test]
async fn whoever_saves_second_sees_both_and_loses_nothing() {
    let app = Site::new().await;
    saved(&app, "As it was.", "0").await;
    saved(&app, "As Max <wrote> it.", "1").await;
    let page = save(&app, "As Ada wrote it.", "Chat", "1").await;
    assert_eq!(page.status, 409);
    page.shows("Someone else saved this meanwhile, so yours was not saved.")
        .shows("As it is now (version 2)")
        .shows("<p class=\"written\">As Max &lt;wrote&gt; it.</p>")
        .shows("\nAs Ada wrote it.</textarea>")
        .shows("\nChat</textarea>")
        .shows("name=\"seen\" value=\"2\"");
    assert_eq!(newest(&app).await.about, "As Max <wrote> it.");
    saved(&app, "As both want it.", "2").await;
    assert_eq!(newest(&app).await.version, 3);
}

#[tokio::test]
async fn a_store_that_does_not_answer_loses_nothing_that_was_typed() {
    let app = Site::broken().await;
    let page = save(&app, "Kept text.", "Kept area", "4").await;
    assert_eq!(page.status, 503);
    page.shows("Our database did not respond")
        .shows("\nKept text.</textarea>")
        .shows("\nKept area</textarea>")
        .shows("name=\"seen\" value=\"4\"");
    assert_eq!(app.get(Role::Admin, PAGE).await.status, 503);
}

#[tokio::test]
async fn a_change_comes_from_our_own_pages_and_in_one_way() {
    let app = Site::new().await;
    let headers = app.headers(Some(Role::Admin), &[("origin", "http://evil.example")]);
    let foreign = app
        .send(http::Method::POST, PAGE, &headers, "about=a&seen=0")
        .await;
    assert_eq!(foreign.status, 403);
    let headers = app.headers(Some(Role::Admin), &[("origin", crate::site::ORIGIN)]);
    let put = app.send(http::Method::PUT, PAGE, &headers, "about=a").await;
    assert_eq!(put.status, 405);
    assert_eq!(newest(&app).await, Product::default());
}

#[tokio::test]
async fn whether_a_model_uses_it_is_said() {
    let words = "the built-in engine does not use this text";
    let app = Site::new().await;
    app.get(Role::Viewer, PAGE).await.shows(words);
    let app = Site::with(|dashboard| dashboard.judges = true).await;
    app.get(Role::Viewer, PAGE).await.hides(words);
    app.get(Role::Viewer, "/integrations/gong")
        .await
        .shows("<a href=\"/settings/product\">About your product</a>: nothing is written yet");
}

#[tokio::test]
async fn posts_and_calls_name_the_version_that_they_were_read_with() {
    let app = Site::new().await;
    app.add_board("product", "Product").await;
    let stamp = EngineStamp {
        product: Some(3),
        ..sample::engine()
    };
    let mut post = sample::post("told", "Told");
    post.engine = Some(stamp.clone());
    let mut evidence = sample::evidence("told", "40", "Told");
    evidence.engine = stamp.clone();
    let mut call = sample::call("40", CallState::Posted, "gave a new post");
    call.engine = Some(stamp);
    call.outcomes = vec![sample::outcome(OutcomeResult::Posted, "told", None)];
    app.commit(call, vec![post], vec![evidence], Vec::new())
        .await;
    let link = "with <a href=\"/settings/product?version=3\">About your product, version 3</a>";
    let page = app.get(Role::Viewer, "/feedback/told").await;
    assert_eq!(page.body.matches(link).count(), 2, "{}", page.body);
    app.get(Role::Viewer, "/calls").await.shows(link);
    for path in ["/api/posts/told", "/api/calls/40"] {
        let json = app.get(Role::Viewer, path).await.json();
        assert_eq!(json["engine"]["product"], 3, "{path}");
    }
}
