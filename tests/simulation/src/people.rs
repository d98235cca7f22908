//! What people do: the admin at our pages, the customer's admin at Gong.

use std::sync::Arc;

use domain::gong::scopes;
use domain::{
    connection::{ConnectionStatus, History},
    moment::Span,
    ports::system::Clock,
    secret::Secret,
};
use ingest::connect::Callback;
use url::Url;

use crate::{
    plan::Deed,
    time::{BEGIN, duration},
    world::{CALLBACK, TABLES, World, admin},
};

impl World {
    /// The organization that has the workspace.
    #[must_use]
    pub fn owner(&self) -> Option<&'static str> {
        let connected = |org: &&str| self.status(org) == Some(ConnectionStatus::Connected);
        ["one", "two"].into_iter().find(connected)
    }

    /// The connection's status, as whoever looks at the page sees it.
    #[must_use]
    pub fn status(&self, org: &str) -> Option<ConnectionStatus> {
        let table = format!("{TABLES}connections");
        let item = self.peek.item(&table, &format!("ORG#{org}"), "CONNECTION");
        serde_json::from_value(item["status"]["S"].clone()).ok()
    }

    /// One try of the admin to connect.
    pub async fn connect(&self, org: &str) {
        let process = self.process();
        let history = History::Days(self.plan.history_days);
        let ada = admin(org);
        let begun = process.begin.begin(&ada, history);
        let Some(Ok(begun)) = self.invoke(begun).await else {
            return;
        };
        let address = Url::parse(&begun.authorize_url).expect("the consent page's address");
        let state = address.query_pairs().find(|(name, _)| name == "state");
        let state = state.map(|(_, value)| Secret::new(value.into_owned()));
        let asked = scopes::asked(false);
        let asked: Vec<_> = asked.split(' ').collect();
        let code = self.sandbox.approve(CALLBACK, &asked).expect("a code");
        let callback = Callback {
            state,
            code: Some(Secret::new(code)),
            error: None,
            cookie: Some(begun.cookie),
        };
        let process = self.process();
        let done = process.complete.complete(callback, self.deadline());
        self.invoke(done).await;
    }

    /// The admin looks every twenty minutes or so whether it is connected, and mends it when not.
    pub async fn keep_connected(self: Arc<Self>, org: &'static str, also: &'static str) {
        loop {
            let (own, other) = (self.status(org), self.status(also));
            let others = other == Some(ConnectionStatus::Connected);
            let wants = own != Some(ConnectionStatus::Connected) && !others;
            if wants && own != Some(ConnectionStatus::Disconnected) {
                self.connect(org).await;
            }
            let most = if self.chaos.trouble() { 20 } else { 120 };
            let pause = Span::minutes(10) + Span(self.jitter(Span::minutes(most)));
            tokio::time::sleep(duration(pause)).await;
        }
    }

    /// Everything that the plan has people do, each at its time.
    pub async fn deeds(&self) {
        for (at, deed) in &self.plan.deeds {
            tokio::time::sleep(duration(*at - self.clock.now())).await;
            let org = self.owner().unwrap_or("one");
            match deed {
                Deed::SyncNow => {
                    let process = self.process();
                    self.invoke(process.polls.sync_now(&admin(org))).await;
                }
                Deed::Reconnect => self.connect(org).await,
                Deed::ReconnectTwice => {
                    tokio::join!(self.connect(org), self.connect(org));
                }
                Deed::Disconnect => self.disconnect(org).await,
                Deed::Revoke => self.sandbox.revoke_all_tokens(),
                Deed::ExpireTokens => self.sandbox.expire_access_tokens(),
                Deed::SetPrivate(id, private) => {
                    self.sandbox.set_private(id, *private);
                }
            }
        }
        let end = BEGIN + self.plan.trouble;
        tokio::time::sleep(duration(end - self.clock.now())).await;
    }

    /// Closes the connection, until it is closed, and after a while opens it again.
    async fn disconnect(&self, org: &str) {
        let open = |status| {
            matches!(
                status,
                Some(ConnectionStatus::Connected | ConnectionStatus::ReconnectRequired)
            )
        };
        for _ in 0..20 {
            let process = self.process();
            self.invoke(process.disconnect.disconnect(&admin(org)))
                .await;
            if !open(self.status(org)) {
                break;
            }
            tokio::time::sleep(duration(Span::minutes(1))).await;
        }
        let pause = Span::minutes(5) + Span(self.jitter(Span::hours(2)));
        tokio::time::sleep(duration(pause)).await;
        // Longer than Gong ever asks to wait.
        for _ in 0..300 {
            if open(self.status(org)) {
                break;
            }
            self.connect(org).await;
            tokio::time::sleep(duration(Span::minutes(3))).await;
        }
    }

    fn jitter(&self, below: Span) -> i64 {
        let below = u64::try_from(below.0).unwrap_or(0);
        i64::try_from(self.chaos.below(below)).unwrap_or(0)
    }
}
