use domain::{
    feedback::{Post, Request},
    ports::{
        StoreError,
        connections::ChangeError,
        feedback::{DedupeStore, FeedbackStore, Pending, PostVector},
    },
};

use super::{Store, make::*};

fn pending(vector: &PostVector, revision: u64) -> Pending {
    Pending {
        org_id: vector.org_id.clone(),
        post_id: vector.post_id.clone(),
        revision,
        vector: Some(vector.vector.clone()),
    }
}

pub async fn a_persons_post_is_written_once(store: &Store) {
    let a = org("a");
    assert_eq!(store.epoch(&a).await, Ok(0));
    let first = post(&a, "p");
    let of_first = vector(&first);
    assert_eq!(store.create_post(&first, &of_first).await, Ok(true));
    assert_eq!(store.epoch(&a).await, Ok(1));
    assert_eq!(store.post(&a, &first.id).await, Ok(Some(first.clone())));
    assert_eq!(store.pending(&a).await, Ok(vec![pending(&of_first, 1)]));
    assert_eq!(store.due_pending(later(59), 9).await.unwrap(), []);
    let due = store.due_pending(later(60), 9).await.unwrap();
    assert_eq!(due, [(a.clone(), first.id.clone())]);

    let again = Post {
        request: Request {
            title: "Another".to_owned(),
            ..first.request.clone()
        },
        ..first.clone()
    };
    assert_eq!(store.create_post(&first, &of_first).await, Ok(false));
    assert_eq!(store.create_post(&again, &of_first).await, Ok(false));
    assert_eq!(store.epoch(&a).await, Ok(1));
    assert_eq!(store.post(&a, &first.id).await, Ok(Some(first)));
    let second = post(&a, "q");
    assert_eq!(store.create_post(&second, &vector(&second)).await, Ok(true));
    assert_eq!(store.epoch(&a).await, Ok(2));
    assert_eq!(store.epoch(&org("b")).await, Ok(0));
}

pub async fn pending_is_cleared_by_revision(store: &Store) {
    let a = org("a");
    let post = post(&a, "p");
    store.create_post(&post, &vector(&post)).await.unwrap();
    store.clear_pending(&a, &post.id, 2).await.unwrap();
    assert_eq!(store.pending(&a).await.unwrap().len(), 1);
    store.clear_pending(&a, &post.id, 1).await.unwrap();
    store.clear_pending(&a, &post.id, 1).await.unwrap();
    assert_eq!(store.pending(&a).await, Ok(Vec::new()));
    assert_eq!(store.due_pending(later(9_999), 9).await.unwrap(), []);
    assert_eq!(store.post(&a, &post.id).await, Ok(Some(post)));
}

pub async fn vectors_are_scanned_in_pages(store: &Store) {
    let mut stored = Vec::new();
    for (org_name, n) in [("a", 30_u16), ("b", 30)] {
        for n in 0..n {
            let post = post(&org(org_name), &format!("p{n}"));
            // Above 1 MB in all, so that the scan has more than one page.
            let vector = PostVector {
                vector: (0..8_000_u16)
                    .map(|x| f32::from(x) / 3.0 - f32::from(n))
                    .collect(),
                ..vector(&post)
            };
            store.create_post(&post, &vector).await.unwrap();
            stored.push(vector);
        }
    }
    let (mut found, mut after, mut pages) = (Vec::new(), None::<String>, 0);
    loop {
        let (vectors, next) = store.all_vectors(after.as_deref()).await.unwrap();
        found.extend(vectors);
        pages += 1;
        let Some(next) = next else { break };
        after = Some(next);
    }
    assert!(pages > 1);
    let key = |v: &PostVector| (v.org_id.clone(), v.post_id.clone());
    found.sort_by_key(key);
    stored.sort_by_key(key);
    assert!(found == stored);
    let odd = store.all_vectors(Some("no token!")).await;
    assert!(matches!(odd, Err(StoreError::Refused(_))));
}

pub async fn a_replaced_vector_grows_the_revision(store: &Store) {
    let a = org("a");
    let first = post(&a, "p");
    store.create_post(&first, &vector(&first)).await.unwrap();
    store.clear_pending(&a, &first.id, 1).await.unwrap();
    let new = PostVector {
        embedder: "voyage-1024".to_owned(),
        vector: vec![0.5; 1_024],
        ..vector(&first)
    };
    assert_eq!(store.replace_vector(&new, 2).await, Err(ChangeError::Lost));
    let missing = PostVector {
        post_id: post_id("none"),
        ..new.clone()
    };
    assert_eq!(
        store.replace_vector(&missing, 1).await,
        Err(ChangeError::Lost)
    );
    assert_eq!(store.epoch(&a).await, Ok(1));
    store.replace_vector(&new, 1).await.unwrap();
    assert_eq!(store.epoch(&a).await, Ok(2));
    let expected = Post {
        revision: 2,
        ..first.clone()
    };
    assert_eq!(store.post(&a, &first.id).await, Ok(Some(expected)));
    assert_eq!(store.pending(&a).await, Ok(vec![pending(&new, 2)]));
    let stored = PostVector {
        revision: 2,
        ..new.clone()
    };
    assert_eq!(store.all_vectors(None).await, Ok((vec![stored], None)));
    assert_eq!(store.due_pending(NOW, 9).await.unwrap(), [(a, first.id)]);
    assert_eq!(store.replace_vector(&new, 1).await, Err(ChangeError::Lost));
}
