use domain::{
    connection::{Connection, ConnectionStatus, History, Poll, Token},
    ids::{OrgId, UserId},
    moment::{Span, Timestamp},
    ports::{
        connections::{ConnectionStore, NewConnection, SyncStore},
        system::Clock,
    },
    verdict::Deadline,
};
use futures::{StreamExt, stream};
use simulation::{run::in_simulated_time, time::BEGIN, world::World};

use crate::quiet::plan;

fn connection(n: usize, poll_due: Timestamp) -> NewConnection {
    let org_id = OrgId::parse(format!("org-{n}")).unwrap();
    NewConnection {
        previous_generation: 0,
        freed: Vec::new(),
        outdated_secret: None,
        windows: Vec::new(),
        token: Token {
            org_id: org_id.clone(),
            generation: 1,
            version: 1,
            secret_name: format!("secret-{n}"),
            expires_at: BEGIN + Span::days(9),
            due: Some(BEGIN + Span::days(9)),
            lease: None,
            revoked: false,
        },
        poll: Poll {
            org_id: org_id.clone(),
            generation: 1,
            import_from: BEGIN,
            high_water: BEGIN,
            due: Some(poll_due),
            last_success: None,
            last_lookback: Some(BEGIN),
            last_manual: None,
            seen_calls: false,
            last_error: None,
        },
        connection: Connection {
            org_id,
            status: ConnectionStatus::Connected,
            generation: 1,
            same_since: 1,
            workspace: "a workspace".into(),
            fingerprints: Default::default(),
            history: History::Off,
            import_from: BEGIN,
            connected_by: UserId::parse("ada").unwrap(),
            connected_at: BEGIN,
            disconnected_at: None,
            secret_name: format!("secret-{n}"),
            last_error: None,
        },
    }
}

async fn organizations(world: &World, count: usize, due: Timestamp) {
    let made = (0..count).map(|n| {
        let new = connection(n, due);
        async move { world.store.connect(&new).await.unwrap() }
    });
    stream::iter(made.collect::<Vec<_>>())
        .buffer_unordered(64)
        .collect::<()>()
        .await;
}

#[test]
fn organizations_by_the_thousand_are_polled_in_one_tick_without_a_scan() {
    in_simulated_time(async {
        let world = World::build(plan(Vec::new())).await;
        organizations(&world, 1_500, BEGIN + Span::minutes(1)).await;
        tokio::time::sleep(std::time::Duration::from_secs(120)).await;
        let begun = world.clock.now();
        let report = world
            .process()
            .maintenance
            .tick(world.deadline())
            .await
            .unwrap();
        assert_eq!(
            (report.connection_work, report.left, report.errors),
            (1_500, 0, 0)
        );
        assert_eq!(
            world.windows.len(),
            1_500,
            "each listing is its own message"
        );
        let took = world.clock.now() - begun;
        assert!(took < Span::minutes(2), "simulated {took:?}");
        assert_eq!(world.peek.operations().get("Scan"), None);
        // Two ticks at once, or one more, start nothing twice.
        let (one, two) = (world.process(), world.process());
        let ticks = futures::join!(
            one.maintenance.tick(world.deadline()),
            two.maintenance.tick(world.deadline())
        );
        assert_eq!(
            ticks.0.unwrap().connection_work + ticks.1.unwrap().connection_work,
            0
        );
        assert_eq!(world.windows.len(), 1_500);
    });
}

#[test]
fn a_tick_ends_in_time_and_the_next_one_goes_on() {
    in_simulated_time(async {
        let world = World::build(plan(Vec::new())).await;
        organizations(&world, 800, BEGIN + Span::minutes(1)).await;
        tokio::time::sleep(std::time::Duration::from_secs(120)).await;
        let mut started = 0;
        for tick in 0.. {
            let deadline = Deadline(world.clock.now() + Span::seconds(46));
            let report = world.process().maintenance.tick(deadline).await.unwrap();
            assert!(world.clock.now() < deadline.0, "tick {tick}");
            started += report.connection_work;
            if report.left == 0 {
                assert!(tick > 0, "the first tick had not enough time");
                break;
            }
        }
        assert_eq!((started, world.windows.len()), (800, 800));
    });
}

/// Organizations whose token cannot be renewed do not keep the others from their turn.
#[test]
fn what_cannot_be_handled_does_not_stand_in_the_way() {
    in_simulated_time(async {
        let world = World::build(plan(Vec::new())).await;
        for n in 0..600 {
            let mut new = connection(n, BEGIN + Span::days(5));
            // No such secret: it cannot be read, and was due first.
            new.token.due = Some(BEGIN);
            world.store.connect(&new).await.unwrap();
        }
        let late = connection(9_999, BEGIN + Span::minutes(1));
        world.store.connect(&late).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(120)).await;
        let report = world
            .process()
            .maintenance
            .tick(world.deadline())
            .await
            .unwrap();
        assert_eq!(report.left, 0);
        let org = late.connection.org_id;
        assert_eq!(world.store.windows(&org).await.unwrap().len(), 1);
        // And they are put off, so that the next tick does not begin with them.
        let report = world
            .process()
            .maintenance
            .tick(world.deadline())
            .await
            .unwrap();
        assert_eq!(report.connection_work, 0);
    });
}
