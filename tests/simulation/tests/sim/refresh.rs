use domain::{connection::ConnectionStatus, moment::Span, ports::connections::TokenStore};
use futures::future::join_all;
use gong_sandbox::Faults;
use ingest::gong::tokens::TokenError;
use simulation::{time::duration, world::GONG};

use crate::quiet::{access, connected, connection, exchanges, org, pass, plan, token};

/// Tokens of an hour, and their renewal is due.
const LATE: Span = Span::minutes(56);

fn hourly() -> simulation::plan::Plan {
    let mut plan = plan(Vec::new());
    plan.token_seconds = 3_600;
    plan
}

#[test]
fn fifty_workers_at_the_moment_of_expiry_make_one_exchange() {
    for at in [LATE, Span::minutes(60), Span::minutes(61)] {
        connected(hourly(), async |world| {
            pass(at).await;
            let workers: Vec<_> = (0..50).map(|_| world.process()).collect();
            let granted = workers.iter().map(|process| access(&world, process));
            for granted in join_all(granted).await {
                let granted = granted.unwrap();
                // Before the expiry the old token serves those that do not renew.
                assert!(granted.version == 2 || at == LATE, "{granted:?}");
            }
            assert_eq!(exchanges(&world), 2, "the connect's and one more");
            assert_eq!(world.sandbox.stats().dead_refresh_uses, 0);
            assert_eq!(token(&world).await.version, 2);
        });
    }
}

/// Kills the worker that renews at every step, before and after its effect. Whatever the step,
/// the next worker either goes on with what is stored, or, when the rotated token died with its
/// worker, tells the admin; and a reconnect mends it.
#[test]
fn a_worker_may_die_at_every_step_of_a_renewal() {
    let (mut renewed, mut lost, mut whole) = (0, 0, false);
    for half_step in 0.. {
        if whole {
            break;
        }
        connected(hourly(), async |world| {
            pass(LATE).await;
            let process = world.process();
            world.chaos.kill_after(half_step / 2, half_step % 2 == 0);
            let died = world.invoke(access(&world, &process)).await.is_none();
            whole = !died;
            // The lease outlives its owner by six minutes.
            pass(Span::minutes(7)).await;
            let next = access(&world, &world.process()).await;
            match next {
                Ok(granted) => {
                    assert_eq!(granted.version, token(&world).await.version);
                    assert_eq!(granted.version, 2, "step {half_step}");
                    assert_eq!(exchanges(&world), 2, "step {half_step}");
                    renewed += 1;
                }
                Err(error) => {
                    assert_eq!(error, TokenError::ReconnectRequired, "step {half_step}");
                    let stopped = connection(&world).await;
                    assert_eq!(stopped.status, ConnectionStatus::ReconnectRequired);
                    assert!(stopped.last_error.unwrap().contains("Choose Reconnect"));
                    world.connect("one").await;
                    assert!(access(&world, &world.process()).await.is_ok());
                    lost += 1;
                }
            }
        });
    }
    assert!(renewed > 10, "{renewed}");
    // Only between the exchange's effect and the store's: neither before nor after.
    assert!((1..=4).contains(&lost), "{lost}");
}

/// Somebody else has rotated the token and stored it: the refusal of the old one is no revocation.
#[test]
fn a_refusal_after_somebody_elses_rotation_finds_the_new_pair() {
    connected(hourly(), async |world| {
        pass(LATE).await;
        let before = token(&world).await;
        let slow = world.process();
        // Another worker renews completely while this one is between its look and its exchange:
        // its lease ended, as if it had stood still for long.
        let other = world.process();
        access(&world, &other).await.unwrap();
        let after = token(&world).await;
        assert_eq!(after.version, before.version + 1);
        // The slow one sends the dead token: TOKEN is put back for its look alone.
        let kept = world.store.advance_token(&before, after.version).await;
        kept.unwrap();
        let granted = access(&world, &slow).await.unwrap();
        assert_eq!(granted.version, after.version, "taken from the store");
        assert_eq!(world.sandbox.stats().dead_refresh_uses, 0);
        let status = connection(&world).await.status;
        assert_eq!(status, ConnectionStatus::Connected);
    });
}

#[test]
fn a_base_url_may_change_at_a_renewal() {
    connected(hourly(), async |world| {
        let moved = "https://us-49467.api.gong.io";
        world.sandbox.set_faults(Faults {
            base_url_override: Some(moved.to_owned()),
            ..Faults::default()
        });
        pass(LATE).await;
        let granted = access(&world, &world.process()).await.unwrap();
        assert_eq!(granted.access.base_url.as_str(), moved);
        let lister = world.process().lister;
        let (_, message) = world.windows.take(1).await.remove(0);
        lister.run(&message, world.deadline()).await;
        assert_eq!(world.wire.hosts().last().unwrap(), moved);
    });
}

#[test]
fn a_foreign_base_url_at_a_renewal_is_not_taken_over() {
    for foreign in [
        "http://us-1.api.gong.io",
        "https://gong.io.example.com",
        "https://evilgong.io",
        "https://api.gong.io@example.com",
        "https://user:secret@api.gong.io",
        "https://api.gong.io:8443",
        "https://api.gong.io/v2",
        "https://api.gong.io?x=1",
        "https://api.gong.io#x",
        "https://api.gong.io.",
        "https://127.0.0.1",
        "https://[::1]",
        "https://2130706433",
        "https://0x7f.1",
        "https://xn--gng-sna.io",
        "https://gоng.io",
        "https://api.gong.io%2eexample.com",
        "https://api%2egong%2eio%5c@example.com",
        "https://api.gong.io\\@example.com",
        "http://127.0.0.1:4001",
        "javascript:alert(1)",
        "",
    ] {
        connected(hourly(), async |world| {
            world.sandbox.set_faults(Faults {
                base_url_override: Some(foreign.to_owned()),
                ..Faults::default()
            });
            pass(LATE).await;
            let granted = access(&world, &world.process()).await.unwrap();
            assert_eq!(granted.access.base_url.as_str(), GONG, "{foreign}");
            assert_eq!(
                token(&world).await.version,
                2,
                "{foreign}: renewed all the same"
            );
            let hosts = world.wire.hosts();
            assert!(
                hosts.iter().all(|host| host == GONG),
                "{foreign}: {hosts:?}"
            );
        });
    }
}

/// After a failed exchange the next one waits a little, while the old token still serves.
#[test]
fn an_outage_of_the_token_endpoint_is_not_stormed() {
    connected(hourly(), async |world| {
        pass(LATE).await;
        let status = gong_sandbox::InjectedStatus {
            endpoint: "/oauth2".into(),
            status: 503,
            ..Default::default()
        };
        world.sandbox.set_faults(Faults {
            next_statuses: vec![status; 100].into(),
            ..Faults::default()
        });
        let process = world.process();
        for _ in 0..20 {
            assert_eq!(access(&world, &process).await.unwrap().version, 1);
            tokio::time::sleep(duration(Span::seconds(3))).await;
        }
        let tried = exchanges(&world) - 1;
        assert!((2..=3).contains(&tried), "{tried} exchanges in a minute");
        world.sandbox.set_faults(Faults::default());
        pass(Span::seconds(31)).await;
        assert_eq!(access(&world, &process).await.unwrap().version, 2);
        assert_eq!(
            world.store.token(&org()).await.unwrap().unwrap().lease,
            None
        );
    });
}
