//! Many items by key.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::ports::StoreError;

use super::{Dynamo, errors, keys::Key, value::Item};

/// BatchGetItem takes no more keys than this.
const KEYS_A_REQUEST: usize = 100;
/// Rounds for keys that DynamoDB left over.
const ROUNDS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(25);

impl Dynamo {
    /// Those of the items that exist, read consistently, in any order. No key may come twice.
    pub(super) async fn batch_get(
        &self,
        table: &str,
        keys: &[Key],
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(keys.len());
        for some in keys.chunks(KEYS_A_REQUEST) {
            self.batch_get_some(table, some, &mut items).await?;
        }
        Ok(items)
    }

    async fn batch_get_some(
        &self,
        table: &str,
        keys: &[Key],
        items: &mut Vec<Item>,
    ) -> Result<(), StoreError> {
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys.iter().map(Key::attributes).collect()))
            .consistent_read(true)
            .build()
            .map_err(|e| StoreError::Refused(format!("BatchGetItem: {e}")))?;
        let mut left = HashMap::from([(table.to_owned(), wanted)]);
        for round in 0..ROUNDS {
            if round > 0 {
                tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(round)).await;
            }
            let request = self.client.batch_get_item();
            let answer = request.set_request_items(Some(left)).send().await;
            let answer = answer.map_err(|e| errors::store("BatchGetItem", &e))?;
            items.extend(
                answer
                    .responses
                    .into_iter()
                    .flatten()
                    .flat_map(|(_, got)| got),
            );
            left = answer.unprocessed_keys.unwrap_or_default();
            if left.is_empty() {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable(
            "BatchGetItem: the database left keys over again and again".to_owned(),
        ))
    }
}
