use domain::{
    gong::{gate::Bearer, shapes::CallsFilter},
    moment::Span,
    verdict::Deadline,
};
use futures::future::join_all;
use simulation::{
    budget::{first_read, idle_poll},
    world::World,
};

use crate::quiet::{calls, connected, org, pass, plan};

/// The most requests that Gong let through in any sliding second.
fn in_a_second(world: &World) -> usize {
    let at = world.sandbox.stats().served_at_ms;
    let ahead = |from: &i64| {
        at.iter()
            .filter(|t| (*from..from + 1_000).contains(t))
            .count()
    };
    at.iter().map(ahead).max().unwrap_or(0)
}

async fn listing(world: &World, requests: usize) -> usize {
    let gate = world.process().lister.gate;
    let filter = CallsFilter::Range {
        from: simulation::time::BEGIN - Span::days(7),
        to: simulation::time::BEGIN,
    };
    let (org, mut answered) = (org(), 0);
    for _ in 0..requests {
        // A worker whose line is too long comes again, as care has it do.
        for _ in 0..100 {
            let deadline = Deadline(world.deadline().0 + Span::hours(1));
            let page = gate.calls(&org, Bearer::Connection, &filter, None, deadline);
            if page.await.is_ok() {
                answered += 1;
                break;
            }
            pass(Span::seconds(7)).await;
        }
    }
    answered
}

#[test]
fn forty_workers_keep_to_three_requests_a_second() {
    connected(plan(calls(20, Span::hours(1))), async |world| {
        let workers = (0..40).map(|_| listing(&world, 6));
        let answered: usize = join_all(workers).await.into_iter().sum();
        assert_eq!(answered, 240);
        assert_eq!(in_a_second(&world), 3);
        assert_eq!(
            world.sandbox.stats().rate_limited,
            0,
            "no 429 of our making"
        );
        assert_eq!(world.wire.broken(), Vec::<String>::new());
    });
}

#[test]
fn other_integrations_may_eat_the_budget() {
    connected(plan(calls(20, Span::hours(1))), async |world| {
        let issued = world.sandbox.grant(&["api:users:read"]).unwrap();
        let other = async {
            for _ in 0..120 {
                let request = axum::http::Request::get("http://127.0.0.1/v2/users")
                    .header("host", "127.0.0.1")
                    .header("authorization", format!("Bearer {}", issued.access_token));
                let request = request.body(axum::body::Body::empty()).unwrap();
                world.sandbox.answer(request).await;
                pass(Span::millis(450)).await;
            }
        };
        let workers = join_all((0..10).map(|_| listing(&world, 6)));
        let (answered, ()) = futures::join!(workers, other);
        assert_eq!(answered.into_iter().sum::<usize>(), 60, "all get through");
        assert!(
            world.sandbox.stats().rate_limited > 0,
            "the two of us were too many"
        );
        assert_eq!(in_a_second(&world), 3);
    });
}

#[test]
fn the_goals_of_the_small_jobs_are_met() {
    let taken = first_read(1_000, 0);
    assert_eq!(taken.decided, 1_000);
    assert!(taken.requests() <= 22, "{taken:?}");
    let taken = first_read(1_000, 2);
    assert_eq!(taken.decided, 1_000);
    assert!(taken.requests() <= 17, "{taken:?}");
    let taken = idle_poll();
    assert_eq!((taken.requests(), taken.listings), (1, 1), "{taken:?}");
}
