//! Listing a window: pages of calls become ledger records and messages.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    connection::{
        Connection, ConnectionStatus, MAX_OPEN_CALLS, SliceResume, Window, WindowKind,
        WindowMessage, WorkspaceFingerprint,
    },
    gong::shapes::{CallsFilter, CallsPage},
    lease::Lease,
    moment::{Span, Timestamp},
    ports::{
        connections::{ChangeError, ConnectError, ConnectionStore, SyncStore},
        gong::GongError,
        ledger::Ledger,
        queues::{CallQueue, WindowQueue},
        system::{Clock, Ids},
    },
    verdict::{Deadline, LEASE, Verdict},
};
use feedback::curation::withdraw::Withdraw;

use super::{
    pause::{Pause, TIME_FOR_A_PAGE},
    reconcile::Reconciler,
    windows::{WINDOW_GRACE, cut},
};
use crate::gong::{
    error::GateError,
    gate::{Bearer, GongGate},
    tokens::NEEDS_RECONNECT,
};

/// How often a slice is begun anew when its cursor expires, in one run.
const CURSOR_RESTARTS: u32 = 3;
/// While too many calls are in work, a run looks this often, this long; then it makes way.
const LOOK_FOR_ROOM: Span = Span::millis(500);
const WAIT_FOR_ROOM: Span = Span::seconds(30);
/// Waits up to this long are the queue's, longer ones maintenance's.
const QUEUE_DELAY: Span = Span::minutes(10);

#[derive(Clone)]
pub struct Lister {
    pub gate: GongGate,
    /// Connections and reservations.
    pub connections: Arc<dyn ConnectionStore>,
    pub sync: Arc<dyn SyncStore>,
    pub ledger: Arc<dyn Ledger>,
    /// Withdraws the evidence of calls that were made private.
    pub withdraw: Withdraw,
    pub calls: Arc<dyn CallQueue>,
    /// The poller's own queue.
    pub windows: Arc<dyn WindowQueue>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl Lister {
    /// Goes on with a window as far as time, budget and the number of open calls allow.
    pub async fn run(&self, message: &WindowMessage, deadline: Deadline) -> Verdict {
        let (org, now) = (&message.org_id, self.clock.now());
        let lease = Lease {
            owner: self.ids.uuid().to_string(),
            until: now + LEASE,
        };
        let leased = self
            .sync
            .lease_window(org, &message.window_id, &lease, now)
            .await;
        let mut window = match leased {
            Ok(window) => window,
            // Finished, or another worker has it; maintenance looks after what that one leaves.
            Err(ChangeError::Lost) => return Verdict::Done,
            Err(ChangeError::Store(_)) => return Verdict::Retry,
        };
        let pause = match self.go_on(&mut window, &lease.owner, deadline).await {
            Ok(()) => {
                window.finished = Some(self.clock.now());
                None
            }
            Err(pause) => Some(pause),
        };
        self.put_down(window, &lease.owner, pause).await
    }

    async fn go_on(
        &self,
        window: &mut Window,
        owner: &str,
        deadline: Deadline,
    ) -> Result<(), Pause> {
        let connection = self.connections.connection(&window.org_id).await?;
        let connection = connection.filter(|c| c.generation == window.generation);
        let connection = connection.ok_or(Pause::Obsolete)?;
        let reconciler = Reconciler {
            ledger: &*self.ledger,
            sync: &*self.sync,
            calls: &*self.calls,
            clock: &*self.clock,
        };
        if window.kind == WindowKind::Reconcile {
            return reconciler
                .reconcile(&connection, window, owner, deadline)
                .await;
        }
        if connection.status == ConnectionStatus::Disconnected {
            return Err(Pause::Obsolete);
        }
        if !window.woke {
            reconciler.wake_awaiting(&connection).await?;
            window.woke = true;
        }
        let mut seen_fingerprints = connection.fingerprints.clone();
        while let Some(at) = window.slices.iter().position(|slice| !slice.done) {
            let run = SliceRun {
                lister: self,
                connection: &connection,
                owner,
                deadline,
                at,
            };
            run.list(window, &mut seen_fingerprints).await?;
        }
        self.sync
            .listing_done(
                &window.org_id,
                window.generation,
                window.created,
                self.clock.now(),
                window.listed > 0,
            )
            .await?;
        Ok(())
    }

    async fn put_down(&self, mut window: Window, owner: &str, pause: Option<Pause>) -> Verdict {
        let now = self.clock.now();
        let mut again = None;
        window.lease = None;
        window.waiting_for = None;
        window.due = Some(now + WINDOW_GRACE);
        match pause {
            None => window.due = None,
            Some(Pause::Obsolete) => {
                window.finished = Some(now);
                window.due = None;
            }
            Some(Pause::Lost) => return Verdict::Done,
            Some(Pause::OutOfTime) => again = Some(now),
            Some(Pause::Until(at, why, is_error)) => {
                if is_error {
                    let noted = self
                        .sync
                        .listing_failed(&window.org_id, window.generation, &why)
                        .await;
                    if noted.is_err() {
                        return Verdict::Retry;
                    }
                }
                window.due = Some(at);
                window.waiting_for = Some(why);
                if at - now <= QUEUE_DELAY {
                    window.due = Some(at + WINDOW_GRACE);
                    again = Some(at);
                }
            }
        }
        match self.sync.save_window(&window, owner).await {
            Ok(()) | Err(ChangeError::Lost) => {}
            Err(ChangeError::Store(_)) => return Verdict::Retry,
        }
        if let Some(at) = again {
            let message = message_of(&window);
            if self.windows.send_later(&message, now, at).await.is_err() {
                tracing::warn!(org = %window.org_id, "a window waits for maintenance");
            }
        }
        Verdict::Done
    }
}

/// One run over one slice of a window.
struct SliceRun<'a> {
    lister: &'a Lister,
    connection: &'a Connection,
    owner: &'a str,
    deadline: Deadline,
    at: usize,
}

impl SliceRun<'_> {
    async fn list(
        &self,
        window: &mut Window,
        fingerprints: &mut BTreeSet<WorkspaceFingerprint>,
    ) -> Result<(), Pause> {
        let mut restarts = 0;
        loop {
            self.check_room(window).await?;
            let slice = &window.slices[self.at];
            let filter = CallsFilter::Range {
                from: slice.from,
                to: slice.to,
            };
            let resume = window.resume.as_ref();
            let cursor = resume.map(|resume| resume.cursor.as_str());
            let (mut listed, mut queued) = resume.map_or((0, 0), |r| (r.listed, r.queued));
            let (page, read_at) = match self.page(&filter, cursor).await {
                Err(GateError::Gong(GongError::CursorExpired)) if restarts < CURSOR_RESTARTS => {
                    window.resume = None;
                    restarts += 1;
                    continue;
                }
                other => other.map_err(|error| Pause::after(error, self.lister.clock.now()))?,
            };
            let total = page.total.unwrap_or(0);
            if cursor.is_none()
                && let Some(parts) = cut(slice, total)
            {
                window.announced = window.announced.max(total);
                window.slices.splice(self.at..=self.at, parts);
                return self.save(window).await;
            }
            self.reserve_new(&page, fingerprints).await?;
            queued += self
                .lister
                .record(self.connection, window, &page, read_at)
                .await?;
            listed += u64::try_from(page.calls.len()).unwrap_or(u64::MAX);
            if window.slices.len() == 1 {
                window.announced = total;
            }
            let next = page.cursor.map(|cursor| SliceResume {
                cursor,
                listed,
                queued,
            });
            let sent = window.resume.as_ref().map(|resume| &resume.cursor);
            if sent.is_some() && sent == next.as_ref().map(|next| &next.cursor) {
                let why = "Gong’s listing does not go on: it gives the same page again".to_owned();
                let later = self.lister.clock.now() + Span::minutes(5);
                return Err(Pause::Until(later, why, true));
            }
            let last = next.is_none();
            window.resume = next;
            if last {
                let slice = &mut window.slices[self.at];
                (slice.done, slice.listed, slice.queued) = (true, listed, queued);
                return self.save(window).await;
            }
            self.save(window).await?;
        }
    }

    async fn page(
        &self,
        filter: &CallsFilter,
        cursor: Option<&str>,
    ) -> Result<(CallsPage, Timestamp), GateError> {
        let org = &self.connection.org_id;
        let gate = &self.lister.gate;
        match gate
            .calls(org, Bearer::Connection, filter, cursor, self.deadline)
            .await
        {
            Err(GateError::Gong(GongError::NoneFound)) => {
                Ok((CallsPage::default(), self.lister.clock.now()))
            }
            other => other,
        }
    }

    /// Waits until no more than [`MAX_OPEN_CALLS`] calls are in work: what is listed faster than
    /// it is analysed has to be read again before its transcript may be asked for.
    async fn check_room(&self, window: &Window) -> Result<(), Pause> {
        let clock = &self.lister.clock;
        let begun = clock.now();
        loop {
            let now = clock.now();
            if self.deadline.left(now) < TIME_FOR_A_PAGE {
                return Err(Pause::OutOfTime);
            }
            let ledger = &self.lister.ledger;
            let most = MAX_OPEN_CALLS + 1;
            if ledger.count_in_work(&window.org_id, most).await? < most {
                return Ok(());
            }
            if now - begun >= WAIT_FOR_ROOM {
                let why = format!("more than {MAX_OPEN_CALLS} calls are waiting to be analysed");
                return Err(Pause::Until(now + WAIT_FOR_ROOM, why, false));
            }
            clock.sleep_until(now + LOOK_FOR_ROOM).await;
        }
    }

    async fn save(&self, window: &mut Window) -> Result<(), Pause> {
        let now = self.lister.clock.now();
        let (listed, queued) = window
            .resume
            .as_ref()
            .map_or((0, 0), |r| (r.listed, r.queued));
        window.listed = listed + window.slices.iter().map(|slice| slice.listed).sum::<u64>();
        window.queued = queued + window.slices.iter().map(|slice| slice.queued).sum::<u64>();
        window.lease = Some(Lease {
            owner: self.owner.to_owned(),
            until: now + LEASE,
        });
        window.due = Some(now + LEASE);
        Ok(self.lister.sync.save_window(window, self.owner).await?)
    }

    /// Claims workspaces that were not seen before; one that another organization holds stops
    /// the connection.
    async fn reserve_new(
        &self,
        page: &CallsPage,
        fingerprints: &mut BTreeSet<WorkspaceFingerprint>,
    ) -> Result<(), Pause> {
        let org = &self.connection.org_id;
        for id in page.calls.iter().filter_map(|c| c.workspace_id.as_deref()) {
            let fingerprint = WorkspaceFingerprint::workspace(id);
            if fingerprints.contains(&fingerprint) {
                continue;
            }
            match self.lister.connections.reserve(org, &fingerprint).await {
                Ok(()) => {
                    fingerprints.insert(fingerprint);
                }
                Err(ConnectError::Store(error)) => return Err(error.into()),
                Err(_) => {
                    let words = "Calls of a Gong workspace showed up that another organization has connected. Reading was stopped. Disconnect, and connect with an account of your own workspace.";
                    let generation = self.connection.generation;
                    self.lister
                        .connections
                        .require_reconnect(org, generation, words)
                        .await?;
                    tracing::warn!(%org, "{NEEDS_RECONNECT}");
                    // A renewal would make the connection work again.
                    self.lister.gate.keeper.give_up(org, generation).await?;
                    return Err(Pause::Obsolete);
                }
            }
        }
        Ok(())
    }
}

fn message_of(window: &Window) -> WindowMessage {
    WindowMessage {
        org_id: window.org_id.clone(),
        window_id: window.id.clone(),
        generation: window.generation,
    }
}
