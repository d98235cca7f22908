//! What an admin says about the product reaches whatever reads calls, and posts name its version.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::{feedback::Product, moment::Span, ports::feedback::FeedbackStore};
use kit::{
    Browser, TestApp, TestOptions,
    calls::pdf_call,
    consent::THIRTY_DAYS,
    test_app::{admin, viewer},
};

use crate::watched::{Before, Watched};

/// What each stage was told, in order.
#[derive(Default)]
struct Told(Mutex<Vec<(&'static str, Product)>>);

#[async_trait]
impl Before for Arc<Told> {
    fn told(&self, stage: &'static str, product: &Product) {
        self.0.lock().unwrap().push((stage, product.clone()));
    }
}

impl Told {
    /// The stages since the last look, all of which were told `product`.
    fn stages(&self, product: &Product) -> Vec<&'static str> {
        let told = std::mem::take(&mut *self.0.lock().unwrap());
        let stage = |(stage, heard)| {
            assert_eq!(heard, *product, "{stage}");
            stage
        };
        told.into_iter().map(stage).collect()
    }
}

async fn save(browser: &mut Browser, about: &str, seen: &str) {
    let form = [
        ("about", about),
        ("feature_areas", "Reports\r\nMobile app"),
        ("seen", seen),
    ];
    let answer = browser.post("/settings/product", &form).await;
    assert_eq!(answer.location(), "/settings/product?done=product-saved");
}

fn says(about: &str, version: u32) -> Product {
    Product {
        about: about.to_owned(),
        feature_areas: vec!["Reports".to_owned(), "Mobile app".to_owned()],
        version,
    }
}

/// A system with one call, whose stages are watched, and its admin.
async fn watched() -> (TestApp, Browser, Arc<Told>) {
    let told = Arc::new(Told::default());
    let test = TestApp::start(TestOptions {
        calls: vec![pdf_call("1").build()],
        analyst: Some(Arc::new(Watched(Arc::clone(&told)))),
        ..TestOptions::default()
    })
    .await;
    let ada = test.browser(&admin()).await;
    (test, ada, told)
}

#[tokio::test]
async fn every_stage_is_told_the_newest_version_and_the_post_names_it() {
    let (test, mut ada, told) = watched().await;
    save(&mut ada, "A desk for field teams.", "0").await;
    ada.connect(THIRTY_DAYS).await;
    test.app.drain().await;
    let first = says("A desk for field teams.", 1);
    assert_eq!(told.stages(&first), ["detect", "extract", "organize"]);

    save(&mut ada, "A desk for all teams.", "1").await;
    test.sandbox
        .set_calls(vec![pdf_call("1").build(), pdf_call("2").build()]);
    test.later(Span::hours(4)).await;
    let second = says("A desk for all teams.", 2);
    assert_eq!(told.stages(&second), ["detect", "extract"]);

    let post = test.only_post().await;
    assert_eq!(post.engine.as_ref().unwrap().product, Some(1));
    let evidence = test.app.store.evidence(&post.org_id, &post.id).await;
    let versions: Vec<_> = evidence.unwrap().iter().map(|e| e.engine.product).collect();
    assert_eq!(versions, [Some(1), Some(2)]);
    let mut vera = test.browser(&viewer()).await;
    let page = vera.get(&format!("/feedback/{}", post.id)).await;
    for (version, about) in [(1, "A desk for field teams."), (2, "A desk for all teams.")] {
        let address = format!("/settings/product?version={version}");
        let link = format!("<a href=\"{address}\">About your product, version {version}</a>");
        assert!(page.body.contains(&link), "{}", page.body);
        let said = vera.get(&address).await.text();
        assert!(said.contains(about), "{said}");
    }
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn without_a_word_about_the_product_nothing_is_named() {
    let (test, mut ada, told) = watched().await;
    ada.connect(THIRTY_DAYS).await;
    test.app.drain().await;
    let stages = told.stages(&Product::default());
    assert_eq!(stages, ["detect", "extract", "organize"]);
    let post = test.only_post().await;
    assert_eq!(post.engine.unwrap().product, None);
    let page = ada.get(&format!("/feedback/{}", post.id)).await;
    assert!(!page.body.contains("About your product"), "{}", page.body);
}
