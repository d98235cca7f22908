//! Words of a sentence: folding to plain letters, tokens with their places.

use super::{
    token::Token,
    words::{IS_AFTER, is_passed_over, is_passed_over_pair},
};

/// Lower case and without accents: `É` → `e`, `ß` → `ss`. Signs stay.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, &mut out);
    }
    out
}

fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let plain = match c {
        'à'..='å' | 'À'..='Å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'Ç' | 'ć' | 'č' => "c",
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'ę' | 'ě' => "e",
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' => "i",
        'ñ' | 'Ñ' | 'ń' => "n",
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' => "o",
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'ů' => "u",
        'ý' | 'ÿ' | 'Ý' => "y",
        'ß' => "ss",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        '\u{300}'..='\u{36f}' => "",
        other => {
            out.extend(other.to_lowercase());
            return;
        }
    };
    out.push_str(plain);
}

const fn apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}')
}

/// The words of a sentence, contractions written out, immediate repetitions dropped.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 5 + 1);
    let mut word: Option<usize> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside = c.is_alphanumeric()
            || ('\u{300}'..='\u{36f}').contains(&c)
            || (word.is_some()
                && apostrophe(c)
                && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric()));
        match (inside, word) {
            (true, None) => word = Some(at),
            (false, Some(start)) => {
                push_word(&text[start..at], start, at, &mut out);
                word = None;
            }
            _ => {}
        }
    }
    if let Some(start) = word {
        push_word(&text[start..], start, text.len(), &mut out);
    }
    mark_pairs(&mut out);
    out
}

fn push_word(raw: &str, start: usize, end: usize, out: &mut Vec<Token>) {
    let norm = fold(raw);
    let mut push = |norm: &str| {
        let repeated = out.last().is_some_and(|last: &Token| last.norm == norm);
        if !norm.is_empty() && !repeated {
            let skippable = is_passed_over(norm);
            out.push(Token {
                norm: norm.to_owned(),
                start,
                end,
                skippable,
            });
        }
    };
    if let Some(parts) = written_out(&norm) {
        parts.iter().for_each(|part| push(part));
        return;
    }
    let Some((base, rest)) = norm.split_once(apostrophe) else {
        push(&norm);
        return;
    };
    match rest {
        "ll" => [base, "will"].iter().for_each(|part| push(part)),
        "ve" => [base, "have"].iter().for_each(|part| push(part)),
        "re" => [base, "are"].iter().for_each(|part| push(part)),
        "d" => [base, "would"].iter().for_each(|part| push(part)),
        "m" => [base, "am"].iter().for_each(|part| push(part)),
        "s" if IS_AFTER.contains(base) => [base, "is"].iter().for_each(|part| push(part)),
        "s" => push(base),
        "t" if base.len() > 2 && base.ends_with('n') => {
            [&base[..base.len() - 1], "not"]
                .iter()
                .for_each(|part| push(part));
        }
        _ => norm.split(apostrophe).for_each(push),
    }
}

/// Words that stand for several, with or without their apostrophe.
fn written_out(norm: &str) -> Option<&'static [&'static str]> {
    Some(match norm {
        "can't" | "can’t" | "cant" | "cannot" => &["can", "not"],
        "won't" | "won’t" | "wont" => &["will", "not"],
        "shan't" | "shan’t" => &["shall", "not"],
        "ain't" | "ain’t" | "isnt" => &["is", "not"],
        "dont" => &["do", "not"],
        "doesnt" => &["does", "not"],
        "didnt" => &["did", "not"],
        "wouldnt" => &["would", "not"],
        "couldnt" => &["could", "not"],
        "arent" => &["are", "not"],
        "im" => &["i", "am"],
        "ive" => &["i", "have"],
        "let's" | "let’s" => &["let", "us"],
        "gonna" => &["going", "to"],
        "wanna" => &["want", "to"],
        "gotta" => &["have", "to"],
        _ => return None,
    })
}

fn mark_pairs(tokens: &mut [Token]) {
    for at in 1..tokens.len() {
        if is_passed_over_pair(&tokens[at - 1].norm, &tokens[at].norm) {
            tokens[at - 1].skippable = true;
            tokens[at].skippable = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn norms(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|t| t.norm).collect()
    }

    #[test]
    fn contractions_are_written_out_in_either_apostrophe() {
        assert_eq!(
            norms("We can’t, it doesn't"),
            ["we", "can", "not", "it", "does", "not"]
        );
        assert_eq!(
            norms("J’aimerais qu'on puisse"),
            ["j", "aimerais", "qu", "on", "puisse"]
        );
        assert_eq!(
            norms("I'd say the agent's view"),
            ["i", "would", "say", "the", "agent", "view"]
        );
    }

    #[test]
    fn accents_fold_and_hyphens_part() {
        assert_eq!(norms("Größe, à l'écran"), ["grosse", "a", "l", "ecran"]);
        assert_eq!(norms("single sign-on"), ["single", "sign", "on"]);
    }

    #[test]
    fn a_token_knows_its_place() {
        let text = "Ça, the the label";
        let found = tokens(text);
        assert_eq!(found.len(), 3);
        assert_eq!(&text[found[2].start..found[2].end], "label");
    }
}
