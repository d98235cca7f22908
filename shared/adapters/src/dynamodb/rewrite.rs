//! Writing an item again without losing what a newer version keeps in it: fields that this
//! version's struct has are set or removed, all others stay.

use std::fmt;

use domain::ports::StoreError;
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
    forward_to_deserialize_any,
};

use super::{
    Dynamo,
    expr::Expr,
    keys::{Key, PK, SK},
    ops::{NOT_YET, if_it_holds},
    value::Item,
};

/// The update that makes an item hold exactly these fields of `T`.
fn rewrite<'de, T: Deserialize<'de>>(item: Item) -> Expr {
    hold(fields_of::<T>().iter().copied(), item)
}

/// The update that makes an item, which holds of this version's fields those of `read`, hold
/// exactly these.
pub(super) fn rewrite_read(read: &Item, item: Item) -> Expr {
    hold(read.keys().map(String::as_str), item)
}

fn hold<'a>(known: impl Iterator<Item = &'a str>, item: Item) -> Expr {
    let gone = known.filter(|field| !item.contains_key(*field));
    let mut expr = gone.fold(Expr::none(), |expr, field| expr.remove(format!("#{field}")));
    let fields = item
        .into_iter()
        .filter(|(name, _)| name != PK && name != SK);
    for (name, value) in fields {
        expr = expr.set(format!("#{name} = :new_{name}"));
        expr = expr.value(format!(":new_{name}"), value);
    }
    expr
}

impl Dynamo {
    /// Writes an item of `T`, made when there is none; what it holds beside stays.
    pub(super) async fn put_again<'de, T: Deserialize<'de>>(
        &self,
        table: &str,
        key: &Key,
        item: Item,
    ) -> Result<(), StoreError> {
        let expr = rewrite::<T>(item).when(NOT_YET);
        if_it_holds(self.update_if(table, key, expr).await)
    }
}

/// The names of the fields that `T` is stored with; none when it is no struct.
fn fields_of<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    match T::deserialize(Probe) {
        Err(Fields(fields)) => fields,
        Ok(_) => &[],
    }
}

/// Asked for a struct, it answers with the names of the struct's fields.
struct Probe;

#[derive(Debug)]
struct Fields(&'static [&'static str]);

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Fields {}

impl Error for Fields {
    fn custom<M: fmt::Display>(_: M) -> Self {
        Self(&[])
    }
}

impl<'de> Deserializer<'de> for Probe {
    type Error = Fields;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fields> {
        Err(Fields(&[]))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Fields> {
        Err(Fields(fields))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamodb::value::{n, s};

    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only the names count")]
    struct Thing {
        kept: u64,
        gone: Option<String>,
    }

    #[test]
    fn own_fields_are_set_or_removed_and_no_others_named() {
        let item = [("kept", n(1)), (PK, s("a")), (SK, s("b"))];
        let item: Item = item.map(|(name, value)| (name.to_owned(), value)).into();
        let expr = rewrite::<Thing>(item);
        assert_eq!(expr.update_text(), "REMOVE #gone SET #kept = :new_kept");
    }

    #[test]
    fn what_was_read_is_set_or_removed_and_nothing_else_named() {
        let item = |fields: &[(&str, u64)]| -> Item {
            let fields = fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), n(*value)));
            fields.collect()
        };
        let read = item(&[("kept", 1), ("gone", 2), (PK, 3)]);
        let expr = rewrite_read(&read, item(&[("kept", 4), (PK, 3)]));
        assert_eq!(expr.update_text(), "REMOVE #gone SET #kept = :new_kept");
    }

    #[test]
    fn every_stored_struct_that_is_written_again_tells_its_fields() {
        use domain::feedback::{Board, Settings, Tag};
        for fields in [
            fields_of::<Board>(),
            fields_of::<Tag>(),
            fields_of::<Settings>(),
        ] {
            assert!(fields.len() > 2, "{fields:?}");
        }
    }
}
