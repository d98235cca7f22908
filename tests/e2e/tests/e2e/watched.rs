//! The built-in engine with something of the test's before a stage.

use async_trait::async_trait;
use domain::{
    conversation::Conversation,
    feedback::{Board, EngineStamp, Product, Tag},
    findings::{Detection, Finding, Placement},
    ports::analysis::{AnalysisError, Analyst, Reading},
    usage::Meter,
};
use kit::test_app::built_in;

/// What happens before a stage; by itself nothing.
#[async_trait]
pub trait Before: Send + Sync {
    async fn detect(&self, _: &Conversation) {}
    async fn organize(&self) {}
    /// What a stage is told about the product.
    fn told(&self, _stage: &'static str, _: &Product) {}
}

/// The built-in engine, watched.
pub struct Watched<T>(pub T);

#[async_trait]
impl<T: Before> Analyst for Watched<T> {
    fn engine(&self) -> EngineStamp {
        builtin::stamp()
    }

    async fn detect(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Detection, AnalysisError> {
        self.0.told("detect", reading.product);
        self.0.detect(reading.conversation).await;
        built_in().await.detect(reading, meter).await
    }

    async fn extract(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Vec<Finding>, AnalysisError> {
        self.0.told("extract", reading.product);
        built_in().await.extract(reading, meter).await
    }

    async fn organize(
        &self,
        finding: &Finding,
        lists: (&[Board], &[Tag]),
        product: &Product,
        meter: &Meter,
    ) -> Result<Placement, AnalysisError> {
        self.0.told("organize", product);
        self.0.organize().await;
        built_in()
            .await
            .organize(finding, lists, product, meter)
            .await
    }
}
