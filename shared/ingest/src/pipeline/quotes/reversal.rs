//! Whether what is cited alone says the opposite of its sentence, or more than it.

use std::sync::LazyLock;

use domain::text::words;
use regex_lite::Regex;

use super::cues::{ADVERBS, CUES, Cues, MISSED, RELATIVES};

/// The reach of a cue, in words.
const REACH: usize = 12;

struct Patterns {
    cues: &'static Cues,
    /// What denies, within a clause. The first group is what must not be left out of a citation.
    denies: Vec<Regex>,
    /// What makes an idea or a report of all that follows; grouped likewise.
    tells: Vec<Regex>,
    /// What makes a report of what stands before it.
    told: Regex,
    is_not: Regex,
}

static PATTERNS: LazyLock<Vec<Patterns>> = LazyLock::new(|| {
    let patterns = |cues: &'static Cues| {
        let Cues {
            no,
            wants,
            likes,
            nouns,
            nobody,
            asks,
            others,
            claim,
            phrases,
            ..
        } = cues;
        let mut denies = vec![
            format!(" ({no}) (?:W )?(?:{wants}) "),
            format!(" ({nobody}) (?:W ){{0,6}}(?:{asks}) "),
        ];
        match cues.denied_behind {
            Some((most, verbs)) => denies.extend([
                format!(" (?:{verbs}) (?:W ){{0,{most}}}({no}) "),
                format!(" (?:{likes}) (?:W ){{0,{most}}}({nouns}) "),
            ]),
            None => denies.push(format!(" ({no}) (?:W )?(?:{likes}) (?:{nouns}) ")),
        }
        let tells = [
            format!(" (?:{others}) (?:W )?({claim}) "),
            format!(" ({phrases}) "),
        ];
        Patterns {
            cues,
            denies: denies.iter().map(|pattern| regex(pattern)).collect(),
            tells: tells.iter().map(|pattern| regex(pattern)).collect(),
            told: regex(&format!(
                "^ (?:or so |wie |so )?(?:(?:{others}) (?:{claim})|(?:{claim}) (?:{others})|{phrases}) "
            )),
            is_not: regex(&format!(" (?:{}) $", cues.is_not)),
        }
    };
    CUES.iter().map(patterns).collect()
});

fn regex(pattern: &str) -> Regex {
    let pattern = pattern.replace('W', "[^ ]+");
    Regex::new(&pattern).expect("a test reads every pattern")
}

/// Whether a sentence denies, supposes or reports what is cited from it by words that stand before
/// or behind the citation. A citation that holds these words itself says what was said.
pub(super) fn reverses(before: &str, cited: &str, after: &str) -> bool {
    let clause = Said::new(clause(before, cited), cited, after);
    let sentence = Said::new(before, cited, after);
    PATTERNS.iter().any(|patterns| {
        let holds = |said: &Said, list: &[Regex]| {
            list.iter()
                .any(|pattern| said.holds(pattern, patterns.cues))
        };
        holds(&clause, &patterns.denies)
            || holds(&sentence, &patterns.tells)
            || patterns.told.is_match(&sentence.text[sentence.to - 1..])
            || (patterns.is_not.is_match(&clause.text[..clause.from])
                && !is_missed(&clause.text[clause.from..]))
    })
}

/// A sentence in words, each with a space behind it, and a space before the first.
struct Said {
    text: String,
    /// Where the citation begins and ends.
    from: usize,
    to: usize,
}

impl Said {
    fn new(before: &str, cited: &str, after: &str) -> Self {
        let before = format!(" {}", folded(before));
        let cited = folded(cited);
        let (from, to) = (before.len(), before.len() + cited.len());
        Self {
            text: before + &cited + &folded(after),
            from,
            to,
        }
    }

    /// Whether a cue that is no part of the citation is about it.
    fn holds(&self, pattern: &Regex, cues: &Cues) -> bool {
        matches(pattern, &self.text).any(|[start, cue, end]| {
            let before = cue < self.from;
            let touches = start < self.to && (before || cue >= self.to);
            let between = &self.text[start..end.max(self.from)];
            touches && reaches(cues, between, end < self.from)
        })
    }
}

/// What stands before a citation in its clause: behind the last comma that does not only open what
/// is said.
fn clause<'a>(before: &'a str, cited: &str) -> &'a str {
    let opens = |rest: &str| {
        let next = words(rest).into_iter().chain(words(cited)).next();
        next.is_some_and(|word| CUES.iter().any(|cues| cues.that == word.folded))
    };
    let commas = before.rmatch_indices(',').map(|(at, _)| &before[at + 1..]);
    commas
        .into_iter()
        .find(|rest| !opens(rest))
        .unwrap_or(before)
}

/// The words of a text with a space behind each, without adverbs.
fn folded(text: &str) -> String {
    let words = words(text).into_iter().map(|word| word.folded);
    let said = words.filter(|word| !ADVERBS.contains(&word.as_str()));
    said.map(|word| word + " ").collect()
}

/// All matches, also overlapping ones: where each and its first group start, and its end.
fn matches(pattern: &Regex, text: &str) -> impl Iterator<Item = [usize; 3]> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let found = pattern.captures_at(text, from)?;
        let (all, cue) = (found.get(0)?, found.get(1)?);
        from = all.start() + 1;
        Some([all.start(), cue.start(), all.end()])
    })
}

/// Whether nothing from a cue to what it is about ends its reach.
fn reaches(cues: &Cues, between: &str, far: bool) -> bool {
    let words: Vec<&str> = between.split_whitespace().collect();
    let ends = |pair: &[&str]| {
        let denied = cues.no.split('|').any(|no| no == pair[1]);
        cues.breaks.contains(&pair[0])
            || (pair[0] == cues.and && pair[1] != cues.that)
            || (denied && RELATIVES.contains(&pair[0]))
    };
    let open = words.windows(2).skip(1).any(ends);
    let last = words
        .last()
        .is_some_and(|word| far && (cues.breaks.contains(word) || *word == cues.and));
    !open && !last && words.len() <= REACH
}

fn is_missed(cited: &str) -> bool {
    let first = cited.split(' ').next().unwrap_or_default();
    let made = [
        "able", "ible", "ed", "ing", "bar", "ado", "ada", "ido", "ida", "é", "ée", "és", "ert",
    ];
    MISSED.contains(&first) || made.iter().any(|ending| first.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a sentence whose citation stands within bars.
    fn is_reversed(sentence: &str) -> bool {
        let parts: Vec<&str> = sentence.split('|').collect();
        let [before, cited, after] = parts[..] else {
            panic!("{sentence}")
        };
        reverses(before, cited, after)
    }

    #[test]
    fn what_is_denied_supposed_or_said_by_others_is_reversed() {
        for sentence in [
            "I would not say that |we need a dark mode|.",
            "I wouldn’t really say |we need a dark mode|.",
            "I don't think that |we need a dark mode|.",
            "He claims that |the app needs a dark mode|.",
            "She told us that |the app needs a dark mode|.",
            "You said |we could export it to a file|.",
            "Our competitor says |you need a dark mode|.",
            "It's not that |we need a dark mode here|.",
            "It is not like we |need a dark mode here|.",
            "If we ever |need a dark mode for the night|, we'll call.",
            "Nobody asked for |a dark mode for the app|.",
            "Nobody on our team ever |asked for a dark mode|.",
            "Nobody here thinks |it would be great to have it|.",
            "We don't |need a dark mode for the app|.",
            "We never asked for |a dark mode for the app|.",
            "We don't want |a dark mode for the app|.",
            "There is no real need for |a dark mode for the app|.",
            "I'm not sure that |we need a dark mode|.",
            "I doubt |we need a dark mode|.",
            "The page is not |too slow for our crew|.",
            "|We need a dark mode for the app|, he claims.",
            "I'm not saying |the app needs a dark mode|.",
            "We're not really asking for |a dark mode in the app|.",
            "No one has ever requested |a dark mode in the app|.",
            "The last thing we want is |a dark mode in the app|.",
            "I wouldn't go so far as to say |we need a dark mode|.",
            "That doesn't mean |we need a dark mode here|.",
            "Should we ever |need a dark mode for the night|, we'll call.",
            "It isn't that |we need a dark mode here|.",
            "Hardly anyone |needs a dark mode at night|.",
            "I never said that |we need a dark mode|.",
            "Ich würde nicht sagen, dass |wir einen Nachtmodus brauchen|.",
            "Ich glaube nicht, dass |wir einen Nachtmodus brauchen|.",
            "Er behauptet, dass |die App einen Nachtmodus braucht|.",
            "Es ist nicht so, dass |wir einen Nachtmodus brauchen|.",
            "Falls wir jemals |einen Nachtmodus für die App brauchen|, rufen wir an.",
            "Ich sage ja nicht, dass |wir einen Nachtmodus brauchen|.",
            "Wir haben nie |nach einem Nachtmodus für die App| gefragt.",
            "Keiner will |einen Nachtmodus für die App|.",
            "Das heißt nicht, dass |wir einen Nachtmodus brauchen|.",
            "Angeblich |brauchen alle einen Nachtmodus|.",
            "Sie behauptet, |die App brauche einen Nachtmodus|.",
            "Sollten wir jemals |einen Nachtmodus für die App brauchen|, rufen wir an.",
            "Niemand hat |einen Nachtmodus für die App| verlangt.",
            "|Wir brauchen den Nachtmodus| eigentlich gar nicht.",
            "Wir brauchen keinen |Nachtmodus für die ganze App|.",
            "|Die App braucht einen Nachtmodus|, sagt er.",
            "Je ne dirais pas que |nous avons besoin d'un mode sombre|.",
            "Je pense pas |qu'on ait besoin d'un mode sombre|.",
            "On n'a pas besoin |d'un mode sombre pour l'équipe|.",
            "Ce n'est pas que |nous voulons un mode sombre|.",
            "Personne n'a demandé |un mode sombre pour l'équipe|.",
            "Il prétend que |nous voulons un mode sombre|.",
            "Si jamais |nous voulons un mode sombre|, on appellera.",
            "Je ne dis pas |qu'il nous faut un mode sombre|.",
            "On n'a jamais demandé |un mode sombre pour l'équipe|.",
            "Je ne suis pas sûr que |nous voulons un mode sombre|.",
            "Selon lui, |nous voulons un mode sombre|.",
            "C'est pas que |nous voulons un mode sombre|.",
            "Elle dit que |nous voulons un mode sombre|.",
            "On ne veut pas |de mode sombre pour l'équipe|.",
            "No diría que |necesitamos un modo oscuro|.",
            "No es que |necesitemos un modo oscuro|.",
            "No estoy diciendo que |necesitamos un modo oscuro|.",
            "No creo que |necesitemos un modo oscuro|.",
            "Nunca pedimos |un modo oscuro para el equipo|.",
            "Según él, |necesitamos un modo oscuro|.",
            "Afirma que |necesitamos un modo oscuro|.",
            "No hace falta |un modo oscuro para todos|.",
            "Nadie pidió |un modo oscuro para el equipo|.",
            "Él dice que |necesitamos un modo oscuro|.",
            "Si algún día |necesitamos un modo oscuro|, llamamos.",
            "No |necesitamos un modo oscuro para todos|.",
            "Eu não diria que |precisamos de um modo escuro|.",
            "Não é que |a gente precise do modo escuro|.",
            "Não estou dizendo que |precisamos de um modo escuro|.",
            "Não acho que |a gente precise do modo escuro|.",
            "Nunca pedimos |um modo escuro para a equipe|.",
            "Segundo ele, |precisamos de um modo escuro|.",
            "Ninguém aqui pediu |um modo escuro para a equipe|.",
            "Ninguém pediu |um modo escuro para a equipe|.",
            "Ele afirma que |precisamos de um modo escuro|.",
            "Se algum dia |precisarmos de um modo escuro|, ligamos.",
            "A gente não |precisa de um modo escuro aqui|.",
        ] {
            assert!(is_reversed(sentence), "{sentence}");
        }
    }

    #[test]
    fn what_is_said_as_it_is_cited_is_not() {
        for sentence in [
            "|We need a dark mode for the app|.",
            "Honestly, |we need a dark mode for the app|.",
            "|I would not say that we need a dark mode|.",
            "|We don't need the banner on every page|.",
            "|Nobody asked for a dark mode|.",
            "We can't |export the weekly report to a file|.",
            "There's no way to |export the weekly report|.",
            "It doesn't |show the total price anywhere|.",
            "The report is not |available on the phone|.",
            "We don't want to |click through ten pages each time|.",
            "I don't think it's hard, but |we need a dark mode|.",
            "It's not that I'm angry, but |we really need the export|.",
            "Nobody complains about it and |we need a dark mode|.",
            "Do you think |you could add a dark mode for the crew|?",
            "Our crew says that |the page is too bright at night|.",
            "We don't have the report and |the auditors ask for it|.",
            "If I export the list, |the columns get mixed up|.",
            "It would be great if |we could export the list|.",
            "I don't care who did it, |I need the two of them to agree|.",
            "When the map is open and I'm not, |nobody knows what it shows|.",
            "Not once did it work: |the export stops after ten pages|.",
            "I can't work with it because |the page is too bright|.",
            "Das geht nicht, weil |die Seite zu hell ist|.",
            "Man kann die Liste nicht |als Datei exportieren, das nervt|.",
            "|Wir brauchen einen Export, der| nicht abbricht.",
            "|Wir brauchen den Export|, weil es sonst nicht geht.",
            "Wir wollen nicht |jedes Mal alles von Hand kopieren|.",
            "Meine Kollegen finden nicht |den Export der ganzen Liste|.",
            "Die Summe stimmt nicht, |sobald wir die Liste exportieren|.",
            "On ne peut pas |exporter la liste en fichier|.",
            "C'est plus important |d'avoir un mode sombre pour l'équipe|.",
            "Une personne demande |un mode sombre pour l'équipe|.",
            "No podemos |exportar la lista a un fichero|.",
            "No hay forma de |exportar la lista entera|.",
            "El equipo dice que |la pantalla brilla demasiado|.",
            "Não dá para |exportar a lista inteira|.",
            "A gente não consegue |exportar a lista inteira|.",
            "O app não é lento, mas |precisamos do modo escuro|.",
        ] {
            assert!(!is_reversed(sentence), "{sentence}");
        }
    }
}
