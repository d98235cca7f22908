//! Words of numbers in five languages, folded. Small ordinals and fractions are left out: they
//! claim nothing.

use std::{collections::HashMap, sync::LazyLock};

use super::language::{ALL, Language};

/// What a word gives to a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece {
    Plain(f64),
    /// Multiplies what stands before it.
    Scale(f64),
    And,
    Half,
}

type Rows = &'static [(f64, &'static str)];

const ENGLISH: Rows = &[
    (0.0, "zero|oh|nil"),
    (1.0, "one|once"),
    (2.0, "two|twice|couple|pair|both"),
    (3.0, "three"),
    (4.0, "four|fourth"),
    (5.0, "five|fifth"),
    (6.0, "six|sixth"),
    (7.0, "seven|seventh"),
    (8.0, "eight|eighth"),
    (9.0, "nine|ninth"),
    (10.0, "ten|tenth|tens"),
    (11.0, "eleven|eleventh"),
    (12.0, "twelve|twelfth|noon|midnight"),
    (13.0, "thirteen|thirteenth"),
    (14.0, "fourteen|fourteenth"),
    (15.0, "fifteen|fifteenth"),
    (16.0, "sixteen|sixteenth"),
    (17.0, "seventeen|seventeenth"),
    (18.0, "eighteen|eighteenth"),
    (19.0, "nineteen|nineteenth"),
    (20.0, "twenty|twentieth"),
    (30.0, "thirty|thirtieth"),
    (40.0, "forty|fourty|fortieth"),
    (50.0, "fifty|fiftieth"),
    (60.0, "sixty|sixtieth"),
    (70.0, "seventy|seventieth"),
    (80.0, "eighty|eightieth"),
    (90.0, "ninety|ninetieth"),
];
const FRENCH: Rows = &[
    (0.0, "zero"),
    (1.0, "un|une|unieme"),
    (2.0, "deux"),
    (3.0, "trois"),
    (4.0, "quatre|quatrieme"),
    (5.0, "cinq|cinquieme"),
    (6.0, "six|sixieme"),
    (7.0, "sept|septieme"),
    (8.0, "huit|huitieme"),
    (9.0, "neuf|neuvieme"),
    (10.0, "dix|dixieme"),
    (11.0, "onze|onzieme"),
    (12.0, "douze|douzieme|midi|minuit"),
    (13.0, "treize|treizieme"),
    (14.0, "quatorze|quatorzieme"),
    (15.0, "quinze|quinzieme|quinzaine"),
    (16.0, "seize|seizieme"),
    (20.0, "vingt|vingts|vingtieme|vingtaine"),
    (30.0, "trente|trentieme|trentaine"),
    (40.0, "quarante|quarantieme|quarantaine"),
    (50.0, "cinquante|cinquantieme|cinquantaine"),
    (60.0, "soixante|soixantieme|soixantaine"),
    (70.0, "septante"),
    (80.0, "huitante|octante"),
    (90.0, "nonante"),
];
const SPANISH: Rows = &[
    (0.0, "cero"),
    (1.0, "un|uno|una"),
    (2.0, "dos|par|ambos|ambas"),
    (3.0, "tres"),
    (4.0, "cuatro|cuarta"),
    (5.0, "cinco|quinto|quinta"),
    (6.0, "seis|sexto|sexta"),
    (7.0, "siete|septimo|septima"),
    (8.0, "ocho|octavo|octava"),
    (9.0, "nueve|noveno|novena"),
    (10.0, "diez|decimo|decima"),
    (11.0, "once"),
    (12.0, "doce|mediodia|medianoche"),
    (13.0, "trece"),
    (14.0, "catorce"),
    (15.0, "quince|quincena"),
    (16.0, "dieciseis"),
    (17.0, "diecisiete"),
    (18.0, "dieciocho"),
    (19.0, "diecinueve"),
    (20.0, "veinte|veintena"),
    (21.0, "veintiun|veintiuno|veintiuna"),
    (22.0, "veintidos"),
    (23.0, "veintitres"),
    (24.0, "veinticuatro"),
    (25.0, "veinticinco"),
    (26.0, "veintiseis"),
    (27.0, "veintisiete"),
    (28.0, "veintiocho"),
    (29.0, "veintinueve"),
    (30.0, "treinta"),
    (40.0, "cuarenta"),
    (50.0, "cincuenta"),
    (60.0, "sesenta"),
    (70.0, "setenta"),
    (80.0, "ochenta"),
    (90.0, "noventa"),
    (100.0, "cien|ciento"),
    (200.0, "doscientos|doscientas"),
    (300.0, "trescientos|trescientas"),
    (400.0, "cuatrocientos|cuatrocientas"),
    (500.0, "quinientos|quinientas"),
    (600.0, "seiscientos|seiscientas"),
    (700.0, "setecientos|setecientas"),
    (800.0, "ochocientos|ochocientas"),
    (900.0, "novecientos|novecientas"),
];
const PORTUGUESE: Rows = &[
    (0.0, "zero"),
    (1.0, "um|uma"),
    (2.0, "dois|duas|ambos|ambas"),
    (3.0, "tres"),
    (4.0, "quatro"),
    (5.0, "cinco|quinto"),
    (6.0, "seis|sexto"),
    (7.0, "sete|setimo|setima"),
    (8.0, "oito|oitavo|oitava"),
    (9.0, "nove|nono|nona"),
    (10.0, "dez|decimo|decima"),
    (11.0, "onze"),
    (12.0, "doze|meiodia"),
    (13.0, "treze"),
    (14.0, "catorze|quatorze"),
    (15.0, "quinze|quinzena"),
    (16.0, "dezasseis|dezesseis"),
    (17.0, "dezassete|dezessete"),
    (18.0, "dezoito"),
    (19.0, "dezanove|dezenove"),
    (20.0, "vinte"),
    (30.0, "trinta"),
    (40.0, "quarenta"),
    (50.0, "cinquenta"),
    (60.0, "sessenta"),
    (70.0, "setenta"),
    (80.0, "oitenta"),
    (90.0, "noventa"),
    (100.0, "cem|cento"),
    (200.0, "duzentos|duzentas"),
    (300.0, "trezentos|trezentas"),
    (400.0, "quatrocentos|quatrocentas"),
    (500.0, "quinhentos|quinhentas"),
    (600.0, "seiscentos|seiscentas"),
    (700.0, "setecentos|setecentas"),
    (800.0, "oitocentos|oitocentas"),
    (900.0, "novecentos|novecentas"),
];
/// What German words of numbers are put together of.
const GERMAN: Rows = &[
    (0.0, "null"),
    (1.0, "eins|ein|eine|einen|einem|einer"),
    (2.0, "zwei|zwo|beide|beiden"),
    (3.0, "drei"),
    (4.0, "vier"),
    (5.0, "funf|fuenf"),
    (6.0, "sechs"),
    (7.0, "sieben|sieb"),
    (8.0, "acht|achte|achten|achter"),
    (9.0, "neun"),
    (10.0, "zehn"),
    (11.0, "elf"),
    (12.0, "zwolf|zwoelf|mittag|mitternacht"),
    (13.0, "dreizehn"),
    (14.0, "vierzehn"),
    (15.0, "funfzehn|fuenfzehn"),
    (16.0, "sechzehn"),
    (17.0, "siebzehn"),
    (18.0, "achtzehn"),
    (19.0, "neunzehn"),
    (20.0, "zwanzig"),
    (30.0, "dreissig"),
    (40.0, "vierzig"),
    (50.0, "funfzig|fuenfzig"),
    (60.0, "sechzig"),
    (70.0, "siebzig"),
    (80.0, "achtzig"),
    (90.0, "neunzig"),
    (1.5, "anderthalb"),
];
/// Behind a German number: ordinals, multiples.
const GERMAN_ENDINGS: &[&str] = &[
    "sten", "ster", "stes", "ste", "ten", "ter", "tes", "te", "mal", "fache", "fachen", "fach",
];

const ENGLISH_SCALES: Rows = &[
    (12.0, "dozen|dozens"),
    (100.0, "hundred|hundreds|hundredth"),
    (1e3, "thousand|thousands|thousandth|grand"),
    (1e6, "million|millions"),
    (1e9, "billion|billions"),
];
const GERMAN_SCALES: Rows = &[
    (12.0, "dutzend|dutzende|dutzenden"),
    (100.0, "hundert|hunderte|hunderten"),
    (1e3, "tausend|tausende|tausenden|tsd"),
    (1e6, "million|millionen"),
    (1e9, "milliarde|milliarden|mrd"),
];
const FRENCH_SCALES: Rows = &[
    (10.0, "dizaine|dizaines"),
    (12.0, "douzaine|douzaines"),
    (100.0, "cent|cents|centaine|centaines|centieme"),
    (1e3, "mille|millier|milliers"),
    (1e6, "million|millions"),
    (1e9, "milliard|milliards"),
];
const SPANISH_SCALES: Rows = &[
    (10.0, "decena|decenas"),
    (12.0, "docena|docenas"),
    (100.0, "centenar|centenares|cientos"),
    (1e3, "mil|miles|millar|millares"),
    (1e6, "millon|millones"),
];
const PORTUGUESE_SCALES: Rows = &[
    (10.0, "dezena|dezenas"),
    (12.0, "duzia|duzias"),
    (100.0, "centena|centenas"),
    (1e3, "mil|milhar|milhares"),
    (1e6, "milhao|milhoes"),
    (1e9, "bilhao|bilhoes"),
];
const HALVES: &[&str] = &[
    "half", "halves", "halb", "halbe", "halben", "halber", "halbes", "halfte", "einhalb", "demi",
    "demie", "moitie", "medio", "media", "mitad", "meio", "meia", "metade",
];

impl Language {
    const fn rows(self) -> (Rows, Rows) {
        match self {
            Self::English => (ENGLISH, ENGLISH_SCALES),
            Self::German => (GERMAN, GERMAN_SCALES),
            Self::French => (FRENCH, FRENCH_SCALES),
            Self::Spanish => (SPANISH, SPANISH_SCALES),
            Self::Portuguese => (PORTUGUESE, PORTUGUESE_SCALES),
        }
    }

    const fn and(self) -> &'static str {
        match self {
            Self::English => "and",
            Self::German => "und",
            Self::French => "et",
            Self::Spanish => "y",
            Self::Portuguese => "e",
        }
    }
}

/// Written on a number or behind it, in every language.
const ABBREVIATED: Rows = &[(1e3, "k"), (1e6, "m|mio|mn|mln"), (1e9, "b|bn|mrd|mia")];

static WORDS: LazyLock<[HashMap<&str, Piece>; 5]> = LazyLock::new(|| {
    ALL.map(|language| {
        let spelled = |(value, words): &(f64, &'static str), piece: fn(f64) -> Piece| {
            let value = *value;
            words.split('|').map(move |word| (word, piece(value)))
        };
        let (plain, scales) = language.rows();
        let plain = plain.iter().flat_map(|row| spelled(row, Piece::Plain));
        let scales = scales.iter().flat_map(|row| spelled(row, Piece::Scale));
        let halves = HALVES.iter().map(|word| (*word, Piece::Half));
        let and = (language.and(), Piece::And);
        plain.chain(scales).chain(halves).chain([and]).collect()
    })
});

fn piece(word: &str, language: Language) -> Option<Piece> {
    WORDS[language as usize].get(word).copied()
}

/// What `k` or `Mio` behind digits multiplies them by.
pub fn abbreviated_scale(word: &str) -> Option<f64> {
    let is = |(_, words): &&(f64, &str)| words.split('|').any(|one| one == word);
    ABBREVIATED.iter().find(is).map(|(scale, _)| *scale)
}

/// "Hundreds", "dozens": so many that nobody counted.
pub fn is_uncounted(word: &str, language: Language) -> bool {
    let ending = if language == Language::German {
        "e"
    } else {
        "s"
    };
    let many = word.ends_with(ending) || word.ends_with("en");
    word == "tens" || (many && matches!(piece(word, language), Some(Piece::Scale(_))))
}

pub fn is_half(word: &str) -> bool {
    HALVES.contains(&word)
}

/// What a word gives to a number; nothing when it is no word of a number.
pub fn pieces(word: &str, language: Language) -> Vec<Piece> {
    match language {
        Language::German => german(word),
        _ => piece(word, language).into_iter().collect(),
    }
}

fn german(word: &str) -> Vec<Piece> {
    if let Some(pieces) = compound(word) {
        return pieces;
    }
    let stems = GERMAN_ENDINGS
        .iter()
        .filter_map(|end| word.strip_suffix(end));
    let small = |pieces: &[Piece]| matches!(pieces, [Piece::Plain(value)] if *value < 4.0);
    let read = stems.filter_map(compound).find(|pieces| !small(pieces));
    read.unwrap_or_default()
}

/// The parts of a German compound, from its first.
fn compound(word: &str) -> Option<Vec<Piece>> {
    if let Some(piece) = piece(word, Language::German) {
        return Some(vec![piece]);
    }
    let ends = (2..word.len())
        .rev()
        .filter(|end| word.is_char_boundary(*end));
    ends.filter_map(|end| {
        Some((
            piece(&word[..end], Language::German)?,
            compound(&word[end..])?,
        ))
    })
    .map(|(first, rest)| std::iter::once(first).chain(rest).collect())
    .next()
}
