//! A refusal in prose, as models write it when no protocol's field tells it.

use domain::text::words;

/// A longer text is about something.
const LONGEST: usize = 400;

/// What a sentence of a refusal holds, in words without apostrophes that begin so: who speaks, that
/// it does not do it, and what it does not do. In English, German, French, Spanish and Portuguese.
const REFUSALS: [[&[&str]; 3]; 5] = [
    [
        &["i ", "im "],
        &[
            "cant ",
            "cannot ",
            "can not ",
            "wont ",
            "will not ",
            "unable ",
            "not able ",
            "not allowed ",
            "must decline ",
            "have to decline ",
            "refuse ",
        ],
        &[
            "help",
            "assist",
            "comply",
            "answer",
            "respond",
            "fulfil",
            "provide",
            "continue",
            "do that ",
            "do this ",
            "with that ",
            "with this ",
            "this request ",
            "that request ",
            "your request ",
        ],
    ],
    [
        &["ich "],
        &["nicht ", "muss "],
        &[
            "helfen ",
            "weiterhelfen ",
            "behilflich ",
            "beantworten ",
            "antworten ",
            "nachkommen ",
            "unterstützen ",
            "entsprechen ",
            "erfüllen ",
            "bereitstellen ",
            "ablehnen ",
        ],
    ],
    [
        &["je ", "jai "],
        &[
            "ne peux ",
            "ne puis ",
            "ne suis pas en mesure ",
            "refuse ",
            "dois refuser ",
        ],
        &[
            "aider ",
            "assister ",
            "répondre ",
            "fournir ",
            "satisfaire ",
            "traiter ",
            "demande ",
        ],
    ],
    [
        &["no ", "debo "],
        &[
            "puedo ",
            "me es posible ",
            "estoy ",
            "rechazar ",
            "negarme ",
        ],
        &[
            "ayudar",
            "asistir",
            "responder",
            "proporcionar",
            "cumplir",
            "atender",
            "continuar ",
            "solicitud ",
        ],
    ],
    [
        &["não ", "devo "],
        &["posso ", "consigo ", "me é possível ", "estou ", "recusar "],
        &[
            "ajudar ",
            "ajudá ",
            "auxiliar ",
            "responder ",
            "fornecer ",
            "cumprir ",
            "atender ",
            "continuar ",
            "solicitação ",
        ],
    ],
];

/// Whether a short text without JSON says that the model does not answer.
pub(super) fn declines(text: &str) -> bool {
    let is_short = text.chars().count() <= LONGEST && !text.contains(['{', '[']);
    is_short && text.split(['.', '!', '?', ';', '\n']).any(is_refusal)
}

fn is_refusal(sentence: &str) -> bool {
    let folded = words(sentence).into_iter().map(|word| word.folded + " ");
    let sentence = format!(" {}", folded.collect::<String>());
    let holds = |parts: &&[&str]| {
        parts
            .iter()
            .any(|part| sentence.contains(&format!(" {part}")))
    };
    REFUSALS.iter().any(|parts| parts.iter().all(holds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_refusal_is_known_in_five_languages() {
        for (text, expected) in [
            ("I can't help with that.", true),
            ("I’m sorry, but I cannot assist with this request.", true),
            (
                "Sorry! As a language model I am not able to provide this.",
                true,
            ),
            ("I won’t do that", true),
            ("I'm unable to comply.", true),
            ("Dabei kann ich leider nicht helfen.", true),
            ("Das darf ich nicht beantworten.", true),
            ("Es tut mir leid, ich muss diese Anfrage ablehnen.", true),
            ("Je ne peux pas vous aider avec ça.", true),
            (
                "Désolé, je ne suis pas en mesure de répondre à cette demande.",
                true,
            ),
            ("Lo siento, no puedo ayudarte con eso.", true),
            ("No me es posible responder a esto.", true),
            ("Desculpe, não posso ajudar com isso.", true),
            ("Não consigo atender a esta solicitação.", true),
            ("", false),
            ("Sure! They said hello.", false),
            ("I cannot find any feedback in this call.", false),
            (
                "The customer cannot export the report and asks for help.",
                false,
            ),
            ("Ich sehe in diesem Gespräch keine Anfrage.", false),
            ("Je vois une demande du client.", false),
            ("No hay comentarios en esta llamada.", false),
            ("Não há nada nesta chamada.", false),
            ("I can't help with that. {\"feedback\": false}", false),
        ] {
            assert_eq!(declines(text), expected, "{text}");
        }
        assert!(!declines(&"I can't help with that. ".repeat(20)));
    }
}
