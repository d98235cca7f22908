//! Machines that speak in calls: note-taking bots, voicemail, menus of telephone systems.

use std::sync::LazyLock;

use domain::{
    conversation::Sentence,
    party::Party,
    text::{Word, words},
};
use regex_lite::Regex;

/// Names of note-taking bots, alone or with [`ROLES`].
const BOTS: &[&str] = &[
    "avoma",
    "bluedot",
    "chorus",
    "circleback",
    "claap",
    "fathom",
    "fireflies",
    "firefliesai",
    "gong",
    "grain",
    "granola",
    "jiminny",
    "krisp",
    "leexi",
    "meetgeek",
    "modjo",
    "noota",
    "otter",
    "otterai",
    "otterpilot",
    "sembly",
    "sybill",
    "tactiq",
    "tldv",
];
/// What bots are called beside their name.
const ROLES: &[&str] = &[
    "ai",
    "app",
    "assistant",
    "bot",
    "com",
    "companion",
    "io",
    "meeting",
    "notes",
    "recorder",
    "recording",
    "the",
    "video",
];
/// What no person is called: of a name, as words between spaces.
const CALLINGS: &str = "note ?takers?|note ?taking|notizen|meeting (?:notes|bot|assistant|recorder)|\
    (?:otter|read|fireflies|fathom|tldv|meetgeek|krisp|sembly|supernormal|granola) ai|tl dv|\
    ai (?:assistant|companion|notes|bot|scribe)|(?:ki|ia) (?:assistent|assistant|notizen)|\
    (?:assistant|asistente|assistente)(?: de)? ia|recording bot|copilot|notes de réunion|\
    prise de notes|notas de (?:la )?reunión|notas da reunião|transcription bot|sprachassistent";
/// The addresses that bots are invited by.
const ADDRESSES: &str = "^(?:fred|notes?|notetaker|bot|assistant|no-?reply|recorder|meetings?)@.*\
    (?:fireflies|otter|read|fathom|tldv|meetgeek|krisp|sembly|avoma|grain|gong|claap|noota)\\.";

/// A digit, as menus read it out.
const DIGIT: &str = "(?:[0-9]|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|hash|\
    null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|raute|stern|zéro|un|deux|trois|quatre|\
    cinq|sept|huit|neuf|étoile|dièse|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|\
    asterisco|um|dois|três|quatro|sete|oito|nove)";

/// What a greeting says at the beginning of a sentence, behind a few words at most (`W` is any
/// word); what is said before it in the same breath belongs to it.
const GREETINGS: &[&str] = &[
    "leave (?:a|your|us a|me a|us your|me your) (?:W )?(?:message|name)(?: W){0,6} (?:tone|beep|signal)",
    "(?:at|after) the (?:tone|beep) (?:W )?(?:record|leave)",
    "(?:youve|you have) reached (?:W ){0,6}(?:voicemail|mailbox|voice mail|answering machine)",
    "(?:person|number|party|subscriber) you (?:are|were|have) (?:calling|called|dialed|dialled|trying to)",
    "call has been forwarded to",
    "(?:hinterlassen|sprechen|hinterlasst)(?: W){0,6} nach dem (?:ton|signalton|piepton|signal)",
    "nach dem (?:ton|signalton|piepton|signal)(?: W){0,4} (?:nachricht|sprechen)",
    "(?:hier|das|dies) ist die mailbox",
    "(?:teilnehmer|gesprächspartner) ist(?: W){0,4} nicht (?:erreichbar|zu erreichen)",
    "(?:laissez|laisser)(?: W){0,4} message(?: W){0,4} après le (?:bip|signal|ton)",
    "vous êtes (?:bien )?sur (?:la messagerie|le répondeur)",
    "votre correspondant (?:est|nest)",
    "(?:deje|deja|dejar) (?:W )?mensaje(?: W){0,4} (?:tono|señal)",
    "(?:abonado|número) al que (?:W )?(?:llama|llamado)",
    "(?:deixe|deixar) (?:W ){1,2}(?:mensagem|recado)(?: W){0,4} (?:sinal|bip|tom)",
    "número (?:chamado|discado) (?:está|não)",
];
/// The same of menus and notices, behind [`POLITE`] words alone (`D` is a digit); each sentence
/// stands for itself.
const NOTICES: &[&str] = &[
    "press D (?:for|to)",
    "(?:for|to)(?: W){1,8} press D",
    "drücken sie (?:bitte )?(?:die )?D",
    "für(?: W){1,6} (?:drücken|wählen) sie (?:bitte )?(?:die )?D",
    "pour(?: W){1,8} (?:tapez|faites|appuyez sur) (?:le |sur |la touche )?D",
    "(?:tapez|appuyez sur) (?:le |la touche )?D",
    "para(?: W){1,8} (?:pulse|presione|marque|oprima) (?:el |la tecla )?D",
    "(?:pulse|presione|marque|oprima) (?:el |la tecla )?D",
    "para(?: W){1,8} (?:tecle|digite|pressione|aperte) (?:a tecla |o )?D",
    "(?:tecle|digite|pressione|aperte) (?:a tecla |o )?D",
    "(?:this|your) (?:call|meeting|conversation) (?:is|is now|may|will)(?: be| being)? (?:recorded|monitored)",
    "recording (?:in progress|has started|has stopped|started|stopped)",
    "(?:dieses|dieser|ihr) (?:gespräch|anruf|meeting|telefonat) wird (?:W ){0,4}(?:aufgezeichnet|mitgeschnitten)",
    "(?:cet|votre|cette) (?:appel|conversation|réunion) (?:est|sera|peut être|va être|est susceptible dêtre) enregistrée?",
    "esta (?:llamada|reunión|conversación) (?:está siendo|será|puede ser|podrá ser|va a ser) grabada",
    "esta (?:ligação|chamada|reunião) (?:está sendo|será|pode ser|poderá ser) gravada",
    "your call is (?:very )?important to us",
    "all (?:of )?our (?:agents|lines|representatives|operators) are",
    "(?:stay|remain) on the line",
    "bleiben sie (?:bitte )?in der leitung",
    "alle (?:unsere )?(?:mitarbeiter|leitungen) (?:W ){0,3}(?:im gespräch|belegt|besetzt)",
    "tous nos (?:conseillers|agents|opérateurs) sont",
    "veuillez (?:patienter|rester en ligne|ne pas quitter)",
    "todos nuestros (?:agentes|operadores|asesores) (?:están|se)",
    "(?:permanezca|manténgase) en (?:la )?línea",
    "todos (?:os )?nossos (?:atendentes|operadores) estão",
    "(?:permaneça|aguarde) na linha",
    // What recognizers trained on films hear in silence.
    "(?:thanks|thank you) for watching",
    "subscribe (?:and|to (?:my|our|the channel))",
    "untertitel (?:von|der|im auftrag)",
    "sous titres réalisés",
    "subtítulos (?:realizados )?por la comunidad",
    "legendas pela comunidade",
];
/// What notices open with.
const POLITE: &str = "please|note|that|hello|hi|welcome|sorry|thank|you|for|calling|and|like|bitte|\
    hinweis|guten|tag|willkommen|bonjour|merci|de|votre|appel|hola|gracias|por|favor|su|llamada|olá|\
    obrigado|obrigada|ligar";
/// A greeting is at most so many sentences long before what tells it.
const GREETING: usize = 6;

static PATTERNS: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    let said = |before: &str, phrases: &[&str]| {
        let phrases = phrases.join("|").replace('W', "[^ ]+").replace('D', DIGIT);
        format!("^ (?:(?:{before}) ){{0,5}}(?:{phrases}) ")
    };
    let patterns = [
        format!(" (?:{CALLINGS}) "),
        ADDRESSES.to_owned(),
        said("[^ ]+", GREETINGS),
        said(POLITE, NOTICES),
    ];
    patterns.map(|pattern| Regex::new(&pattern).expect("a test reads every pattern"))
});

/// Whether a party is a bot that takes notes; a person's name never makes one.
pub(super) fn is_bot(party: &Party) -> bool {
    let [callings, addresses, ..] = &*PATTERNS;
    let invited = party.email.as_deref().map(str::to_lowercase);
    if invited.is_some_and(|address| addresses.is_match(&address)) {
        return true;
    }
    let words = words(party.name.as_deref().unwrap_or_default());
    let any = |list: &[&str], word: &Word| list.contains(&word.folded.as_str());
    let named = words.iter().any(|word| any(BOTS, word))
        && words.iter().all(|word| any(BOTS, word) || any(ROLES, word));
    named || callings.is_match(&spaced(&words))
}

/// Which of these sentences, said in one breath, a machine says.
pub(super) fn of_machines(sentences: &[Sentence]) -> Vec<bool> {
    let [_, _, greetings, notices] = &*PATTERNS;
    let mut machines = vec![false; sentences.len()];
    for (n, sentence) in sentences.iter().enumerate() {
        let said = spaced(&words(&sentence.text));
        if greetings.is_match(&said) {
            machines[n.saturating_sub(GREETING)..=n].fill(true);
        } else if notices.is_match(&said) {
            machines[n] = true;
        }
    }
    machines
}

/// The words with a space before, between and behind them.
fn spaced(words: &[Word]) -> String {
    let words = words.iter().map(|word| word.folded.as_str());
    std::iter::once("")
        .chain(words)
        .chain([""])
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_is_told_by_known_forms_of_its_name_and_a_person_is_none() {
        let bots = [
            "Otter.ai",
            "OtterPilot",
            "Cleo's Notetaker (Otter.ai)",
            "Fireflies.ai Notetaker",
            "Fireflies Notetaker",
            "Read.ai meeting notes",
            "read.ai",
            "Gong",
            "Gong.io",
            "Gong Recorder",
            "Fathom Notetaker",
            "Fathom",
            "Notetaker",
            "Note Taker",
            "Lena Notizen",
            "AI assistant",
            "Marek's AI Notetaker",
            "tl;dv",
            "tl;dv Recorder",
            "Zoom AI Companion",
            "Microsoft Copilot",
            "KI-Assistent",
            "Assistant IA",
            "Asistente de IA",
            "Avoma Assistant",
            "MeetGeek Bot",
            "Krisp",
        ];
        let people = [
            "",
            "Jane Reader",
            "Read Montague",
            "Ben Bot",
            "Lin Gong",
            "Gong Li",
            "Otto Otter",
            "Grace Fathom",
            "Ana Nota",
            "Ai Suzuki",
            "Paul Fellow",
            "Executive Assistant",
            "Mark Scribe",
            "Recorder, Tom",
            "Chorus Master",
            "Iona Reid",
            "Noteboom",
            "Meetings Room",
        ];
        let rows = bots.map(|name| (name, true)).into_iter();
        for (name, bot) in rows.chain(people.map(|name| (name, false))) {
            let party = Party {
                name: Some(name.into()),
                ..Party::default()
            };
            assert_eq!(is_bot(&party), bot, "{name}");
        }
        for (email, bot) in [
            ("fred@fireflies.ai", true),
            ("Notetaker@otter.ai", true),
            ("fred@harbour.example", false),
            ("jane@otter.ai", false),
        ] {
            let party = Party {
                email: Some(email.into()),
                ..Party::default()
            };
            assert_eq!(is_bot(&party), bot, "{email}");
        }
    }

    #[test]
    fn machines_are_told_by_what_they_say_in_five_languages() {
        let machines = [
            "Please leave your message after the tone.",
            "Hello, you've reached the voicemail of Ada Byron.",
            "The person you are trying to reach is not available.",
            "Press one for sales.",
            "For support, press 2.",
            "Thank you for watching!",
            "This call is being recorded for training purposes.",
            "Recording in progress.",
            "Your call is very important to us.",
            "Please stay on the line.",
            "Bitte hinterlassen Sie eine Nachricht nach dem Signalton.",
            "Für den Vertrieb drücken Sie die Eins.",
            "Dieses Gespräch wird aufgezeichnet.",
            "Veuillez laisser un message après le bip.",
            "Pour le support, tapez 2.",
            "Cet appel est susceptible d'être enregistré.",
            "Deje su mensaje después de la señal.",
            "Para ventas, pulse uno.",
            "Esta llamada está siendo grabada.",
            "Deixe a sua mensagem após o sinal.",
            "Para vendas, tecle um.",
            "Esta ligação poderá ser gravada.",
        ];
        let people = [
            "We need the report as a file.",
            "You press one button and it freezes for a minute.",
            "When we export, we press two keys to save it.",
            "Our own customers hear that they should leave a message after the tone, twice.",
            "You've reached the limit, it says, and nobody knows of what.",
            "I left you a message about the tone of the mails.",
            "Der Teilnehmer der Schulung fehlt in der Liste.",
            "Il faut laisser un commentaire sur chaque ticket.",
            "Para exportar pulse el botón, dice la ayuda.",
            "A mensagem some depois de um minuto.",
            "Could you subscribe us to the list?",
            "We subscribe to the calendar of the crew.",
            "El sistema deja un mensaje de error cada vez.",
            "Là ça affiche veuillez patienter.",
            "Após o sinal cair, o aplicativo trava.",
            "Nach dem Signal fehlt die Meldung.",
            "It says please stay on the line and never connects.",
        ];
        let rows = machines.map(|said| (said, true)).into_iter();
        for (said, machine) in rows.chain(people.map(|said| (said, false))) {
            let sentence = Sentence {
                text: said.into(),
                ..Sentence::default()
            };
            assert_eq!(of_machines(&[sentence]), [machine], "{said}");
        }
    }

    #[test]
    fn a_greeting_is_the_machines_from_its_beginning() {
        for (said, machines) in [
            (
                &[
                    "Hi, this is Ada.",
                    "Leave a message after the beep.",
                    "Hello Ada, it's me.",
                ][..],
                &[true, true, false][..],
            ),
            (
                &["We need it.", "Please stay on the line.", "It is late."],
                &[false, true, false],
            ),
        ] {
            let sentences = said.iter().map(|text| Sentence {
                text: (*text).into(),
                ..Sentence::default()
            });
            let sentences: Vec<_> = sentences.collect();
            assert_eq!(of_machines(&sentences), machines, "{said:?}");
        }
    }
}
