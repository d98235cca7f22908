//! The cached users directory: pages below DynamoDB's 400 KB an item.
//!
//! Page 0 is written last and names the number of pages; every page names the reading that it is
//! of. Pages of two readings, which a replacement leaves while it is under way or when it broke
//! off, therefore read as "never read", and the directory is read from Gong again.

use domain::{gong::shapes::DirectoryUser, ids::OrgId, moment::Timestamp, ports::StoreError};
use serde::{Deserialize, Serialize};

use super::{
    Dynamo,
    expr::Expr,
    item::{decode_all, encode},
    keys::{DIRECTORY, Key},
    ops::if_it_holds,
    query::Query,
};

/// The estimated bytes of a page; the estimate errs on the high side.
const PAGE_BYTES: usize = 300_000;
/// What DynamoDB adds for a user's map and lists, and for each address.
const USER_BYTES: usize = 40;
const EMAIL_BYTES: usize = 4;

#[derive(Debug, Serialize, Deserialize)]
struct Page {
    read_at: Timestamp,
    page: usize,
    pages: usize,
    users: Vec<DirectoryUser>,
}

impl Dynamo {
    pub(super) async fn write_directory(
        &self,
        org: &OrgId,
        at: Timestamp,
        users: &[DirectoryUser],
    ) -> Result<(), StoreError> {
        let table = &self.tables.connections;
        let chunks = chunks(users);
        for (page, users) in chunks.iter().enumerate().rev() {
            let item = Page {
                read_at: at,
                page,
                pages: chunks.len(),
                users: users.to_vec(),
            };
            let item = encode(&Key::directory(org, page), &item)?;
            self.put(table, item).await?;
        }
        let prefix = Query::prefix(table, org, DIRECTORY).projection("#pk, #sk");
        let stored = self.query(&prefix, usize::MAX).await?;
        let last = Key::directory(org, chunks.len() - 1);
        for key in stored.iter().filter_map(Key::in_item) {
            if key.sk > last.sk {
                if_it_holds(self.delete_if(table, &key, Expr::none()).await)?;
            }
        }
        Ok(())
    }

    pub(super) async fn read_directory(
        &self,
        org: &OrgId,
    ) -> Result<Option<(Timestamp, Vec<DirectoryUser>)>, StoreError> {
        let query = Query::prefix(&self.tables.connections, org, DIRECTORY);
        let pages: Vec<Page> = decode_all(self.query(&query, usize::MAX).await?)?;
        let Some(first) = pages.first() else {
            return Ok(None);
        };
        let (at, count) = (first.read_at, first.pages);
        let whole = pages.len() >= count
            && pages
                .iter()
                .take(count)
                .enumerate()
                .all(|(at_page, page)| page.page == at_page && page.read_at == at);
        let users = pages.into_iter().take(count).flat_map(|page| page.users);
        Ok(whole.then(|| (at, users.collect())))
    }
}

/// At least one page, so that an empty directory has its reading too.
fn chunks(users: &[DirectoryUser]) -> Vec<&[DirectoryUser]> {
    let mut chunks = Vec::new();
    let (mut from, mut bytes) = (0, 0);
    for (at, user) in users.iter().enumerate() {
        let emails: usize = user
            .emails
            .iter()
            .map(|email| email.len() + EMAIL_BYTES)
            .sum();
        let size = user.id.len() + emails + USER_BYTES;
        if bytes + size > PAGE_BYTES && at > from {
            chunks.push(&users[from..at]);
            (from, bytes) = (at, 0);
        }
        bytes += size;
    }
    chunks.push(&users[from..]);
    chunks
}
