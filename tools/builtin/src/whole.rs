//! What the model sees of a conversation as a whole: the words and word pairs of all of it.

use domain::conversation::Side;

use crate::features::{Bag, Feature, Line};

/// For the question whether a vendor and its customer speak: who says which words.
#[must_use]
pub fn of_both_sides(lines: &[Line<'_>]) -> Vec<Feature> {
    let mut bag = Bag::default();
    for line in lines {
        let group = line.side.as_str();
        bag.add_all(&["both", group].join(" "), line);
    }
    bag.scaled(1.0)
}

/// For the question whether a text that nobody answers holds feedback: the customer's words.
#[must_use]
pub fn of_customers(lines: &[Line<'_>]) -> Vec<Feature> {
    let mut bag = Bag::default();
    let customers = lines.iter().filter(|line| line.side == Side::Customer);
    for line in customers {
        bag.add_all("all", line);
        bag.class_pairs("all", line);
        for class in line.classes.iter().flatten() {
            bag.add(&["all", "class", class]);
        }
    }
    bag.scaled(1.0)
}

impl Bag {
    fn add_all(&mut self, group: &str, line: &Line<'_>) {
        self.words(group, &line.words);
        self.pairs(group, &line.words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_it_counts_where_both_are_heard() {
        let said = |side| [Line::new(side, 0, "We ship that in spring.")];
        let (customer, vendor) = (said(Side::Customer), said(Side::Internal));
        assert_ne!(of_both_sides(&customer), of_both_sides(&vendor));
        assert!(!of_customers(&customer).is_empty());
        assert!(of_customers(&vendor).is_empty());
        assert!(of_both_sides(&[]).is_empty());
    }
}
