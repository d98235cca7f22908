//! Which role may do what, route by route.

use domain::{
    connection::{ConnectionStatus, History},
    principal::Role,
};

use crate::{sample::connection, site::Site};

const OUT: Option<Role> = None;
const ROLES: [Option<Role>; 4] = [
    OUT,
    Some(Role::Viewer),
    Some(Role::Member),
    Some(Role::Admin),
];

type Form = &'static [(&'static str, &'static str)];

async fn furnished() -> Site {
    let app = Site::new().await;
    app.furnish().await;
    let connection = connection(ConnectionStatus::Connected, History::Off);
    app.connect(connection, Vec::new(), true).await;
    app
}

#[tokio::test]
async fn reads_are_for_everyone_who_is_signed_in() {
    let app = furnished().await;
    let pages = [
        ("/", [303, 303, 303, 303]),
        ("/sign-in", [200, 200, 200, 200]),
        ("/feedback", [303, 200, 200, 200]),
        ("/feedback/bulk-export", [303, 200, 200, 200]),
        ("/feedback/new", [303, 403, 200, 200]),
        ("/calls", [303, 200, 200, 200]),
        ("/boards", [303, 200, 200, 200]),
        ("/boards/new", [303, 403, 403, 200]),
        ("/boards/product/edit", [303, 403, 403, 200]),
        ("/integrations/gong", [303, 200, 200, 200]),
        ("/integrations/gong/disconnect", [303, 403, 403, 200]),
        ("/settings/product", [303, 200, 200, 200]),
        ("/api/posts", [401, 200, 200, 200]),
        ("/api/posts/bulk-export", [401, 200, 200, 200]),
        ("/api/boards", [401, 200, 200, 200]),
        ("/api/tags", [401, 200, 200, 200]),
        ("/api/calls", [401, 200, 200, 200]),
        ("/api/integrations/gong", [401, 200, 200, 200]),
        ("/api/integrations/gong/progress", [401, 200, 200, 200]),
    ];
    for (path, expected) in pages {
        for (role, expected) in ROLES.into_iter().zip(expected) {
            let answer = app.get(role, path).await;
            assert_eq!(answer.status, expected, "GET {path} as {role:?}");
            if role == OUT && expected == 303 {
                assert_eq!(answer.location(), "/sign-in", "GET {path}");
            }
        }
    }
}

#[tokio::test]
async fn changes_need_their_role() {
    let app = furnished().await;
    let settings: Form = &[
        ("feedback_per_call", "2"),
        ("own_domains", ""),
        ("merging", "automatic"),
        ("review", "off"),
    ];
    let changes: [(&str, Form, [u16; 4]); 23] = [
        (
            "/feedback",
            &[("title", "A"), ("board", "product"), ("seen", "A")],
            [303, 403, 303, 303],
        ),
        ("/boards", &[("name", "B")], [303, 403, 403, 303]),
        (
            "/boards/product/edit",
            &[("name", "C")],
            [303, 403, 403, 303],
        ),
        ("/tags", &[("name", "D")], [303, 403, 403, 303]),
        ("/tags/enterprise", &[("name", "E")], [303, 403, 403, 303]),
        ("/calls/15/retry", &[], [303, 403, 403, 303]),
        (
            "/calls/retry-failed",
            &[("since", "2026-11-01")],
            [303, 403, 403, 200],
        ),
        (
            "/integrations/gong/settings",
            settings,
            [303, 403, 403, 303],
        ),
        (
            "/settings/product",
            &[("about", "A desk."), ("seen", "0")],
            [303, 403, 403, 303],
        ),
        ("/integrations/gong/sync", &[], [303, 403, 403, 303]),
        (
            "/integrations/gong/connect",
            &[("reconnect", "1")],
            [303, 403, 403, 303],
        ),
        ("/integrations/gong/disconnect", &[], [303, 403, 403, 303]),
        // What the first who may decided is decided for the next.
        (
            "/feedback/export-30/edit",
            &[
                ("edits", "0"),
                ("title", "T"),
                ("status", "open"),
                ("board", "product"),
            ],
            [303, 403, 303, 409],
        ),
        (
            "/feedback/sso/approve",
            &[("own", "1")],
            [303, 403, 303, 409],
        ),
        ("/feedback/sso/reject", &[], [303, 403, 409, 409]),
        (
            "/feedback/bulk-export/evidence/11/1/move",
            &[("to", "")],
            [303, 403, 303, 409],
        ),
        (
            "/feedback/dark-mode/merge",
            &[("to", "bulk-export")],
            [303, 403, 303, 409],
        ),
        ("/feedback/dark-mode/undo-merge", &[], [303, 403, 303, 409]),
        // Of those who make a post of the same request, each is led to it.
        ("/calls/11/heard/2/post", &[], [303, 403, 303, 303]),
        ("/calls/11/heard/4/dismiss", &[], [303, 403, 303, 303]),
        (
            "/calls/11/heard/4/undo-dismissal",
            &[],
            [303, 403, 303, 303],
        ),
        ("/calls/11/erase", &[], [303, 403, 403, 303]),
        ("/erase", &[("who", "Dana Whitlock")], [303, 403, 403, 200]),
    ];
    for (path, form, expected) in changes {
        for (role, expected) in ROLES.into_iter().zip(expected) {
            let answer = app.post(role, path, form).await;
            assert_eq!(answer.status, expected, "POST {path} as {role:?}");
            if role == OUT {
                assert_eq!(answer.location(), "/sign-in", "POST {path}");
            } else if expected == 403 {
                answer
                    .shows("Only ")
                    .shows("Ask an admin of your organization.");
            }
        }
    }
}

#[tokio::test]
async fn nobody_sees_a_button_that_would_be_refused() {
    let app = furnished().await;
    let pages = [
        "/feedback",
        "/feedback/bulk-export",
        "/feedback/sso",
        "/review",
        "/activity",
        "/usage",
        "/calls",
        "/calls/11",
        "/boards",
        "/integrations/gong",
        "/settings/product",
    ];
    for path in pages {
        let page = app.get(Role::Viewer, path).await;
        let forms = page.body.matches("method=\"post\"").count();
        assert_eq!(forms, 1, "{path} has Sign out alone");
        page.hides("/new\"").hides("/edit\"").hides("/disconnect\"");
        let page = app.get(Role::Member, path).await;
        page.hides("/retry\"")
            .hides("/boards/product/edit\"")
            .hides("/erase\"")
            .hides("/disconnect\"")
            .hides("boards/new");
    }
    app.get(Role::Member, "/feedback")
        .await
        .shows("/feedback/new");
    app.get(Role::Admin, "/calls")
        .await
        .shows("/calls/15/retry");
}

#[tokio::test]
async fn another_organization_sees_nothing_of_this_one() {
    let app = furnished().await;
    let entered = app
        .post(OUT, "/sign-in", &[("role", "admin"), ("org", "other")])
        .await;
    let cookie = entered
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let headers = [("cookie".to_owned(), cookie)];
    for path in [
        "/feedback",
        "/calls",
        "/boards",
        "/integrations/gong",
        "/api/posts",
        "/api/calls",
    ] {
        let page = app.send(http::Method::GET, path, &headers, "").await;
        assert_eq!(page.status, 200, "{path}");
        page.hides("Harrow")
            .hides("Enterprise")
            .hides("fernhill")
            .hides("bulk-export");
    }
    for path in [
        "/feedback/bulk-export",
        "/boards/product/edit",
        "/api/posts/bulk-export",
    ] {
        let page = app.send(http::Method::GET, path, &headers, "").await;
        assert_eq!(page.status, 404, "{path}");
    }
}
