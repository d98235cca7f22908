//! Our own side, in every language: answers, questions that invite a wish, saying back.

use super::{Family, Group, group};

pub(super) const CUES: &[Group] = &[
    group(Family::AnswerYes, 20, &[
        "^ yes|yeah|yep|sure|absolutely|definitely it|you|that|this|there|we does|do|can|is|are|has",
        "^ yes|yep|absolutely|definitely|certainly|indeed $",
        "^ it does|can|will", "^ you can", "you can already", "already|actually there|does|possible|supports|support|have|has|in|do|available", "there is already|actually",
        "you can find|do|turn|switch|set|get|export|download|use|choose|enable that|it|this|them .. under|in|from|by|with|on|there|today|now|via",
        "go|click|look to|on|under|in .. settings|menu|admin|tab|top|corner|icon|dots|profile",
        "it is under|in|on the|your", "that is under|in|on|built|supported|available|possible|already|a|called|there",
        "that works|is possible today|now|already|out", "it does that", "we do have|support|offer|integrate", "we have that|it|this|one", "we have a|an setting|option|button|view|report|filter for", "let me|i can show you|how where?",
        "shipped|released|launched|rolled|went .. last|in|this|out|live", "^ oui vous|c|on|il|ca|cela|tout|bien|absolument", "vous pouvez deja|le|l", "c est deja|possible|dans", "^ ja das|sie|man|es|klar|genau|naturlich", "das geht|gibt schon|bereits|uber|unter|in|es|ja", "konnen sie schon|bereits|unter|uber|direkt",
        "^ si se|puede|pueden|claro|ya|hay|lo|eso", "ya se puede|esta|existe|lo", "^ sim da|pode|voce|tem|ja|claro|e", "ja da|tem|existe|e|esta para|possivel|como?",
    ]),
    group(Family::AnswerNo, 20, &[
        "^ no|nope|unfortunately|sadly|not", "^ honestly|truthfully no|not", "not today|yet|right|at|currently|possible|supported|available|something|really|natively|directly|out|there",
        "not something we|you|that|it", "we|it|that|you|there|this do|does|is|are|can not", "can not do|be|at|today|yet|right|export|change|promise", "do not have|support|offer|do|know",
        "there is no|not|currently", "no way to|of|for", "on the|our roadmap|backlog|list", "roadmap", "feature|enhancement request*", "good|great|fair|interesting|nice idea|point|question|feedback|suggestion|one", "heard|hear that|this|it .. before|others|other|lot|customers|elsewhere",
        "known issue|limitation|bug", "a limitation|gap|bug|defect", "that is a shame|gap|limitation|miss|pain|bug|defect", "i wish|would love we|it|to", "workaround", "manual|manually|by hand",
        "^ non|malheureusement|pas", "pas encore|pour|aujourd|possible|prevu|disponible|directement|actuellement", "n est pas|malheureusement", "n avons pas|rien", "^ nein|leider|noch", "noch|leider|aktuell|momentan|derzeit nicht|kein|keine|nein|geht", "geht|gibt|haben|kann .. nicht|noch",
        "^ no|todavia|por|lamentablemente|desafortunadamente", "todavia|aun no", "no se|lo|es|esta|tenemos puede|tenemos|posible|disponible|previsto|eso|todavia", "^ nao|infelizmente|ainda", "ainda nao", "nao da|temos|tem|e|esta|existe", "hoje nao", "por ahora no",
    ]),
    group(Family::Elicit, 20, &[
        "what would .. help|look|like|want|be|make|need|change|solve|enough|good|ideal|fix", "what would you > _", "if you could .. have|change|wave|wish|pick|any|fix|ask|choose", "magic wand",
        "where does .. pinch|hurt|break|hang", "what is|are not .. working|great|green|ideal", "what is|are missing|bothering|annoying|broken|hard|difficult|painful|frustrating|the biggest|your biggest|holding|stopping",
        "anything|something .. want|need|missing|wish|bothering|change|improve|better|annoying|like us", "how can|could|should we improve|help|do|make|solve", "what could we|be do|better|improve", "any feedback|requests|pain|issues|complaints|wishes|ideas|suggestions",
        "tell me|us about|more", "walk|talk me|us|him|her|them through", "what happened", "how do|did you do|handle|use|work|solve|manage|get", "what do|did you need|want|miss|do|wish|expect|mean", "what number|size|limit|format would|do", "would you want|need|like|prefer|use|expect", "is there|s anything|something", "how would you > _", "what are you .. trying|missing|looking|doing|after", "go ahead", "say it to", "you said|mentioned|wrote|told .. one|thing|problem|issue|something|me|that",
        "qu est ce qui|que .. manque|aiderait|gene|marche|bloque|faudrait|aimeriez|voudriez", "que souhaitez|voudriez|aimeriez vous", "comment faites|est vous|ce", "racontez|expliquez moi|nous", "de quoi .. besoin", "il y|vous quelque|a|manque chose|quelque",
        "was wurde|ware|fehlt|brauchen|wunschen|stort|konnte|hatten|ist ihnen|das|sie|euch|der|gut|los?", "was .. fehlt|wunschen|brauchen|stort|helfen", "wie machen|lauft|losen|ware sie|das", "erzahlen|erzahl sie|mal", "wo .. druckt|klemmt|hakt|schuh",
        "que le|les|te|os|necesita|necesitan|falta|echan|gustaria|mejoraria|cambiaria .. falta|gustaria|ayudaria|molesta|necesita|menos|mejorar", "que necesita|necesitan|falta|mejoraria|cambiaria|le|les", "cuenteme|cuentame|cuentenme|digame", "como lo hacen|hace|haceis", "hay algo > _",
        "o que .. falta|ajudaria|incomoda|gostaria|precisa|melhorar|mudaria|atrapalha", "me conta|conte|fala|fale", "como voces|voce fazem|faz|resolvem", "tem|ha|existe alguma|algo coisa|que|mais?",
    ]),
    group(Family::Recap, 20, &[
        "say|play|read|repeat it|this|that back", "let me .. sure|right|summarize|summarise|recap|repeat|sum|play|say|understand|check|get", "so if i understand|understood|hear|heard|got|get|say", "what i am|have hearing|taking|heard|understood", "so just so|to i|be|confirm|make|check|clarify|recap|sum", "just so i|we understand|have|am|get", "so you|they want|need|would|are|have|can|prefer|just", "you would|are like|want|need|saying|looking|expect", "did i get|understand|miss|have", "so there is|are two|three|one", "so it|that is not|just|the|both|a|stays|really", "it is the _ _", "in other words", "so what you need|want|are|mean|would", "to sum up|recap|summarize|summarise",
        "si je comprends|resume|reformule|recapitule|dis|ai", "donc vous|il|c|en|ce .. voulez|voudriez|faudrait|est|aimeriez|resume|besoin", "je resume|recapitule|reformule", "wenn ich .. verstehe|richtig|verstanden|zusammenfasse", "also sie|ihr|das|es|wenn|wir|geht .. mochten|brauchen|wollen|um|ist|hatten|ich|bleibt", "ich fasse|fass zusammen|das|mal", "verstehe ich|ich das|richtig", "si entiendo|he|entendi|le", "entonces ustedes|usted|lo|quieren|necesitan|seria|es|resumo|resumiendo", "resumiendo|en resumen|recapitulando", "deixa eu|me ver|entender|resumir|confirmar|repetir", "entao voces|voce|o|seria|e|resumindo|a .. querem|quer|precisam|precisa|que|gostariam|uma|um|gente", "se eu entendi|entendo",
    ]),
    group(Family::Taken, 12, &[
        "take|bring|raise|put|file|log|open|write|pass|send|get|flag|forward|escalate it|this|that|them|the|up .. product|engineering|team|developers|design|back|defect|bug|request|ticket|problem|down|up|today|on|to", "take it to|back|with", "product|engineering|design|development team|people|lead", "write|file|log it|that|this up|down|today", "put that|it in|on front|our|the|record", "je|on transmets|remonte|remonter|note|noter|transmet|transmettrai|fais|remonterai|ferai", "remonter|transmettre a|l|aux|au", "gebe|nehme|leite|melde|notiere|trage|schreibe ich|das|es .. weiter|mit|auf|ein|entwicklung|produkt", "lo|se paso|llevo|anoto|registro|elevo|comento|traslado", "paso a|al|esto equipo|producto|desarrollo|ingenieria|esto", "vou|eu levar|passar|registrar|anotar|encaminhar|abrir|levo|passo|anoto|registo", "equipe|equipa|time|equipo de produto|producto|desenvolvimento|desarrollo|ingenieria|engenharia",
    ]),
];
