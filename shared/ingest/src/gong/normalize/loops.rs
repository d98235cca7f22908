//! A recognizer's loop: what it writes down again and again though it was said once, if at all.

use std::{collections::HashMap, ops::Range};

use domain::{
    conversation::Turn,
    text::{Word, words},
};

/// So many times in a row make a loop.
const TIMES: usize = 3;
/// So many sentences, at most, alternate in a loop.
const SENTENCES: usize = 4;
/// So many words, at most, are repeated within a sentence.
const WORDS: usize = 40;

/// Keeps what a loop repeats once, across turns and within sentences, whatever its case and
/// punctuation; turns may be left without sentences.
pub(super) fn without_loops(turns: &mut [Turn]) {
    let mut known = HashMap::new();
    let mut said = Vec::new();
    for turn in &mut *turns {
        for sentence in &mut turn.sentences {
            let words = words(&sentence.text);
            if let Some((text, is_all)) = unlooped(&sentence.text, &words) {
                sentence.text = text;
                sentence.is_loop = is_all;
            }
            let key = (turn.speaker.clone(), folded(&words));
            let next = known.len();
            said.push(*known.entry(key).or_insert(next));
        }
    }
    let mut repeated = vec![false; said.len()];
    let mut in_loop = vec![false; said.len()];
    for Repeat { block, again } in repeats(&said, 1..=SENTENCES, |_| Some(TIMES)) {
        in_loop[block].fill(true);
        repeated[again].fill(true);
    }
    let mut each = repeated.into_iter().zip(in_loop);
    for turn in turns {
        turn.sentences.retain_mut(|sentence| {
            let (repeated, in_loop) = each.next().unwrap_or_default();
            sentence.is_loop |= in_loop;
            !repeated
        });
    }
}

/// What is said again and again: the places of its first time, and of the others.
struct Repeat {
    block: Range<usize>,
    again: Range<usize>,
}

fn folded(words: &[Word]) -> Vec<String> {
    words.iter().map(|word| word.folded.clone()).collect()
}

/// The text with its loops taken out, and whether it was nothing else; none when it has none. A word alone may be said as often as
/// one likes, and digits are told one by one.
fn unlooped(text: &str, words: &[Word]) -> Option<(String, bool)> {
    let folded = folded(words);
    let times = |block: &[String]| {
        let letters = block.iter().any(|w| w.chars().any(char::is_alphabetic));
        match block {
            [first, others @ ..] if letters && others.iter().any(|word| word != first) => {
                Some(TIMES + usize::from(others.len() == 1))
            }
            _ => None,
        }
    };
    let loops = repeats(&folded, 2..=WORDS, times);
    if loops.is_empty() {
        return None;
    }
    let looped = |repeat: &Repeat| repeat.again.end - repeat.block.start;
    let is_all = loops.iter().map(looped).sum::<usize>() == words.len();
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for Repeat { again, .. } in loops {
        kept.push_str(&text[from..words[again.start - 1].end]);
        from = words[again.end - 1].end;
    }
    kept.push_str(&text[from..]);
    Some((kept, is_all))
}

/// What is repeated: a block of one of these lengths as many `times` in a row as it takes (none: it
/// never is a loop), and what is begun of it after them.
fn repeats<T: PartialEq>(
    items: &[T],
    lengths: std::ops::RangeInclusive<usize>,
    times: impl Fn(&[T]) -> Option<usize>,
) -> Vec<Repeat> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < items.len() {
        let repeat = lengths.clone().find_map(|length| {
            let from = at + length;
            let block = items.get(at..from)?;
            // What never is a loop may go on for long: it is not followed.
            let begins = items.get(from)? == &items[at];
            let times = begins.then(|| times(block)).flatten()?;
            let again = items[from..].iter().zip(&items[at..]);
            let same = again.take_while(|(one, other)| one == other).count();
            (same + length >= times * length).then(|| Repeat {
                block: at..from,
                again: from..from + same,
            })
        });
        match repeat {
            Some(repeat) => {
                at = repeat.again.end;
                found.push(repeat);
            }
            None => at += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use domain::conversation::{Sentence, Side};

    use super::*;

    /// What is left of turns whose speakers say these sentences, which bars set apart.
    fn left(said: &[(&str, &str)]) -> Vec<String> {
        let turn = |(speaker, said): &(&str, &str)| Turn {
            speaker: (*speaker).into(),
            side: Side::Customer,
            start_ms: 0,
            sentences: said
                .split('|')
                .map(|text| Sentence {
                    text: text.into(),
                    ..Sentence::default()
                })
                .collect(),
        };
        let mut turns: Vec<_> = said.iter().map(turn).collect();
        without_loops(&mut turns);
        let texts = turns.iter().map(Turn::text);
        texts.filter(|text| !text.is_empty()).collect()
    }

    #[test]
    fn what_a_loop_repeats_is_marked_and_what_stands_beside_it_is_not() {
        for (said, marked) in [
            ("We wait.|We wait.", &[false, false][..]),
            ("So.|We wait.|We wait.|We wait.|Bye.", &[false, true, false]),
            ("Is it?|Late.|Is it?|Late.|Is it?|Late.", &[true, true]),
            (
                "So.|Too slow. Too slow. Too slow. Too slow.",
                &[false, true],
            ),
            (
                "By mail every Monday, I think so, I think so, I think so.",
                &[false],
            ),
        ] {
            let sentences = said.split('|').map(|text| Sentence {
                text: text.into(),
                ..Sentence::default()
            });
            let mut turns = [Turn {
                speaker: "Ada".into(),
                side: Side::Customer,
                start_ms: 0,
                sentences: sentences.collect(),
            }];
            without_loops(&mut turns);
            let found: Vec<_> = turns[0].sentences.iter().map(|s| s.is_loop).collect();
            assert_eq!(found, marked, "{said}");
        }
    }

    #[test]
    fn what_is_repeated_again_and_again_stands_once() {
        for (said, kept) in [
            (
                &[("Ada", "The report is late.|The report is late.")][..],
                &["The report is late. The report is late."][..],
            ),
            (
                &[("Ada", "So.|It is late.|it is late|IT IS LATE!|Bye.")],
                &["So. It is late. Bye."],
            ),
            (
                &[
                    ("Ada", "It is late."),
                    ("Ada", "It is late."),
                    ("Ada", "It is late. |Bye."),
                ],
                &["It is late.", "Bye."],
            ),
            (
                &[
                    ("Ada", "It is late."),
                    ("Bo", "It is late."),
                    ("Ada", "It is late."),
                ],
                &["It is late.", "It is late.", "It is late."],
            ),
            (
                &[(
                    "Ada",
                    "Is it?|It is late.|Is it?|It is late.|Is it?|It is late.|Is it?|Bye.",
                )],
                &["Is it? It is late. Bye."],
            ),
            (
                &[
                    ("Ada", "A?"),
                    ("Bo", "B."),
                    ("Ada", "A?"),
                    ("Bo", "b"),
                    ("Ada", "a?"),
                    ("Bo", "B."),
                ],
                &["A?", "B."],
            ),
            (
                &[(
                    "Ada",
                    "We wait we wait for it we wait for it we wait for it now.",
                )],
                &["We wait we wait for it now."],
            ),
            (
                &[("Ada", "Thank you. Thank you. Thank you. Thank you.")],
                &["Thank you."],
            ),
            (&[("Ada", "No, no, no, no, no.")], &["No, no, no, no, no."]),
            (&[("Ada", "4 2 4 2 4 2 4 2")], &["4 2 4 2 4 2 4 2"]),
            (&[("Ada", "谢谢观看谢谢观看谢谢观看")], &["谢谢观看"]),
            (
                &[("Ada", "It is late.|No.|It is late.|Yes.|It is late.")],
                &["It is late. No. It is late. Yes. It is late."],
            ),
        ] {
            assert_eq!(left(said), kept, "{said:?}");
        }
    }
}
