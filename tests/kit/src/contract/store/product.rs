use domain::{
    feedback::{Activity, Product, ProductVersion},
    ids::OrgId,
    ports::{connections::ChangeError, feedback::FeedbackStore},
};
use futures::future::join_all;

use super::{Store, make::*};

fn says(about: &str, version: u32) -> Product {
    Product {
        about: about.to_owned(),
        feature_areas: vec!["Reports".to_owned(), "Größe & Rahmen".to_owned()],
        version,
    }
}

fn entry(org: &OrgId, by: &str, version: u32) -> Activity {
    Activity {
        org_id: org.clone(),
        id: format!("{by}-{version}"),
        at: later(i64::from(version)),
        by: user(by),
        posts: Vec::new(),
        did: format!("version {version}"),
    }
}

async fn log(store: &Store, org: &OrgId) -> Vec<Activity> {
    store.activity(org, None, 9).await.unwrap().0
}

pub async fn every_version_is_kept_and_the_newest_holds(store: &Store) {
    let a = org("a");
    assert_eq!(store.product(&a).await, Ok(Product::default()));
    assert_eq!(store.product_at(&a, 0).await, Ok(None));
    let mut entries = Vec::new();
    // Versions are numbers, and a larger one may have more digits; one may say nothing any more.
    let cleared = Product {
        version: 10,
        ..Product::default()
    };
    let written = [
        says("A desk.\n\n“Brackenport”, not “broken port”.", 1),
        says("", 2),
        says("9", 9),
        cleared,
        says("most", u32::MAX),
    ];
    for product in &written {
        let entry = entry(&a, "ada", product.version);
        store.put_product(product, &entry).await.unwrap();
        assert_eq!(store.product(&a).await.as_ref(), Ok(product));
        entries.insert(0, entry);
    }
    for product in written {
        let version = product.version;
        let kept = ProductVersion {
            product,
            by: user("ada"),
            at: later(i64::from(version)),
        };
        assert_eq!(store.product_at(&a, version).await, Ok(Some(kept)));
    }
    assert_eq!(store.product_at(&a, 3).await, Ok(None));
    assert_eq!(log(store, &a).await, entries);
}

pub async fn a_version_that_is_there_stays_as_it_is(store: &Store) {
    let a = org("a");
    let first = says("as Ada says", 1);
    let by_ada = entry(&a, "ada", 1);
    store.put_product(&first, &by_ada).await.unwrap();
    let rival = store
        .put_product(&says("as Max says", 1), &entry(&a, "max", 1))
        .await;
    assert_eq!(rival, Err(ChangeError::Lost));
    assert_eq!(store.product(&a).await, Ok(first));
    assert_eq!(log(store, &a).await, [by_ada]);
}

pub async fn many_at_once_write_one_version(store: &Store) {
    let a = org("a");
    let names = ["ada", "max", "kim", "lin", "vera", "rita"];
    let writes = names.map(|name| {
        let (product, entry) = (says(name, 1), entry(&a, name, 1));
        async move { (name, store.put_product(&product, &entry).await) }
    });
    let done = join_all(writes).await;
    let won: Vec<_> = done.iter().filter(|(_, result)| result.is_ok()).collect();
    let [(winner, _)] = won[..] else {
        panic!("{done:?}");
    };
    assert_eq!(store.product(&a).await, Ok(says(winner, 1)));
    assert_eq!(log(store, &a).await, [entry(&a, winner, 1)]);
}

pub async fn each_organization_has_its_own(store: &Store) {
    for name in ["a", "a2", "A"] {
        let org = org(name);
        let product = says(name, 1);
        assert_eq!(store.product(&org).await, Ok(Product::default()));
        let entry = entry(&org, "ada", 1);
        store.put_product(&product, &entry).await.unwrap();
    }
    for name in ["a", "a2", "A"] {
        let org = org(name);
        assert_eq!(store.product(&org).await, Ok(says(name, 1)));
        let kept = store.product_at(&org, 1).await.unwrap().unwrap();
        assert_eq!(kept.product, says(name, 1));
        assert_eq!(log(store, &org).await, [entry(&org, "ada", 1)]);
    }
}
