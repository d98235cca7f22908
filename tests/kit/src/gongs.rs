//! Other companies' Gong accounts beside the test's own.

use std::sync::Arc;

use domain::{gong::base_url::BaseUrlRule, ports::system::Clock};
use gong_sandbox::{Company, Options, Sandbox, SandboxCall, User};
use local_runner::app::App;

use crate::test_app::TestApp;

impl TestApp {
    /// A Gong of another account, by the same clock; `change` says what differs from an empty one.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn another_gong(&self, change: impl FnOnce(&mut Options)) -> Sandbox {
        let clock = Arc::clone(&self.clock);
        let mut options = Options::new(Arc::new(move || clock.now().0));
        change(&mut options);
        Sandbox::start(options).await.expect("the sandbox starts")
    }

    /// Another process over the same stores, whose Gong is this one.
    pub async fn process_at(&self, gong: &Sandbox) -> Arc<App> {
        self.another_process(|parts| {
            parts.oauth.app.oauth_base = gong.origin();
            parts.base_urls = BaseUrlRule::with_sandbox(&gong.origin()).expect("a loopback origin");
        })
        .await
    }
}

/// A company that shares nothing with the test's own.
#[must_use]
pub fn other_company() -> Company {
    Company {
        slug: "other-company".into(),
        name: "Other Company".into(),
        workspaces: Vec::new(),
        users: vec![User {
            id: "8880000000000000001".into(),
            email: "olga.other@other.example".into(),
            first_name: "Olga".into(),
            last_name: "Other".into(),
            active: true,
        }],
    }
}

/// The call as another company's workspace would show it.
#[must_use]
pub fn in_workspace(mut call: SandboxCall, workspace: &str) -> SandboxCall {
    call.call["metaData"]["workspaceId"] = workspace.into();
    call
}
