//! The words by which a sentence denies, supposes or reports what is cited from it. Folded as
//! comparisons see them; `|` stands between choices, `W` for any word.

/// The cues of one language.
pub(super) struct Cues {
    /// What denies the verb behind it.
    pub(super) no: &'static str,
    /// What is said, thought or wanted: denied, it is no request.
    pub(super) wants: &'static str,
    /// What only asking with a noun behind it is (`don't want a …`): `don't want to …` is a
    /// complaint.
    pub(super) likes: &'static str,
    /// What such a noun begins with.
    pub(super) nouns: &'static str,
    /// Up to so many words behind these verbs comes what denies them.
    pub(super) denied_behind: Option<(usize, &'static str)>,
    /// Who does not.
    pub(super) nobody: &'static str,
    /// What nobody does.
    pub(super) asks: &'static str,
    /// Who says something that need not be so.
    pub(super) others: &'static str,
    /// How they say it.
    pub(super) claim: &'static str,
    /// What makes all behind it an idea or a report.
    pub(super) phrases: &'static str,
    /// What denies a quality directly behind it.
    pub(super) is_not: &'static str,
    /// What ends the reach of a cue.
    pub(super) breaks: &'static [&'static str],
    /// The same, except before [`Cues::that`].
    pub(super) and: &'static str,
    pub(super) that: &'static str,
}

pub(super) const CUES: &[Cues] = &[ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE];

/// What stands between a cue and its word without changing anything.
pub(super) const ADVERBS: &[&str] = &[
    "actually",
    "absolutely",
    "currently",
    "definitely",
    "even",
    "exactly",
    "honestly",
    "just",
    "necessarily",
    "particularly",
    "personally",
    "quite",
    "really",
    "specifically",
    "strictly",
    "truly",
    "eigentlich",
    "gar",
    "wirklich",
    "überhaupt",
    "unbedingt",
    "derzeit",
    "momentan",
    "jetzt",
    "ja",
    "auch",
    "einfach",
    "wohl",
    "vraiment",
    "forcément",
    "absolument",
    "du",
    "tout",
    "franchement",
    "realmente",
    "exactamente",
    "precisamente",
    "ahora",
    "necesariamente",
    "exatamente",
    "agora",
    "necessariamente",
    "propriamente",
    "uh",
    "ähm",
    "euh",
];

/// What a clause of its own begins with: what follows denies that clause.
pub(super) const RELATIVES: &[&str] = &["der", "die", "das", "den", "dem", "was", "wo"];

/// A quality that is missed is a request: "is not available".
pub(super) const MISSED: &[&str] = &[
    "able",
    "above",
    "allowed",
    "at",
    "clear",
    "correct",
    "enough",
    "for",
    "from",
    "here",
    "in",
    "on",
    "possible",
    "right",
    "shown",
    "there",
    "up",
    "what",
    "where",
    "visible",
    "working",
    "available",
    "da",
    "möglich",
    "richtig",
    "klar",
    "genug",
    "sichtbar",
    "verfügbar",
    "disponible",
    "possible",
    "clair",
    "dans",
    "en",
    "posible",
    "claro",
    "disponível",
    "possível",
    "em",
    "no",
    "na",
    "sur",
    "auf",
    "im",
    "zu",
];

const ENGLISH: Cues = Cues {
    no: "not|dont|doesnt|didnt|wouldnt|never|wont|hardly|barely|isnt|arent|wasnt|werent|shouldnt|\
        havent|hasnt|neither|nor|cannot say|cant say|couldnt say",
    wants: "say|saying|said|think|thinking|thought|believe|believing|claim|claiming|mean|meaning|\
        imply|implying|suggest|suggesting|argue|arguing|pretend|pretending|sure|convinced|promise|\
        promising|true|agree|need|needed|needing|require|requiring|required|ask|asked|asking|\
        request|requested|requesting|care|miss|complain|complaining|interested|necessary|important|\
        urgent|essential|worried|bothered|a problem|a big deal|an issue|a priority|looking for|\
        a fan",
    likes: "want|wanted|wanting|wish|expect|expecting",
    nouns: "a|an|any|the|your|another|more|new|you|it|that|this",
    denied_behind: None,
    nobody: "nobody|no one|noone|none|(?:hardly|barely) any(?:one|body)|no customer|no user|no client",
    asks: "asked|asks|asking|needs|needed|wants|wanted|says|said|saying|thinks|thought|believes|\
        believed|cares|cared|complains|complained|misses|missed|requested|requests|wished|claims",
    others: "he|she|someone|somebody|(?:the|a|another|our|their|your) (?:competitor|\
        competitors|vendor|reseller|salesperson|rep|brochure|website|rumor|rumour)",
    claim: "say|says|said|claim|claims|claimed|insist|insists|insisted|pretend|pretends|allege|\
        alleges|assume|assumes|assumed|think|thinks|thought|believe|believes|believed|swear|swears|\
        argue|argues|promised|promises|told me|told us|tells us|tells me|keeps saying|reckons",
    phrases: "if W ever|if ever|should W ever|in case W ever|suppose (?:we|you|i)|supposing|\
        hypothetically|allegedly|supposedly|purportedly|(?:i|we) doubt|doubtful|\
        (?:so|as) far as to (?:say|claim)|the last thing|(?:do|live) without|\
        not that (?:we|i|it|its|the|they|you|anyone|anybody|people)|not as if|\
        (?:not|isnt) like (?:we|i|they|anyone|anybody|its)|isnt that (?:we|i|the|they|you)|\
        you (?:guys )?(?:said|say|claim|claimed|promised|told (?:me|us))|\
        according to (?:him|her|them|you|your)|(?:claims?|claimed|claiming|pretends?|alleges?) that|\
        (?:myth|lie|wrong|false|untrue|nonsense|joke|joking|kidding) (?:that|to say)|\
        (?:no|little|zero) (?:W )?(?:need|demand|interest|desire|appetite|wish)",
    is_not: "isnt|arent|wasnt|werent|(?:is|are|am|was|were|im|its|theyre|thats|be|been) not",
    breaks: &[
        "but", "however", "because", "although", "though", "so", "still", "while", "whereas",
        "which", "yet", "until", "or",
    ],
    and: "and",
    that: "that",
};

const GERMAN: Cues = Cues {
    no: "nicht|nie|niemals|kaum|kein|keine|keinen|keinerlei",
    wants: "sagen|sage|behaupten|behaupte|meinen|denken|denke|glauben|glaube|brauche|\
        brauchen|braucht|bräuchte|bräuchten|benötige|benötigen|benötigt|verlange|verlangen|\
        verlangt|fordern|gefordert|gebeten|gefragt|vermisse|vermissen|vermisst|nötig|notwendig|\
        erforderlich|wichtig|dringend|interessiert|bedarf|interesse|wunsch",
    likes: "will|wollen|möchte|möchten|wünsche|wünschen",
    nouns: "kein|keine|keinen|keinerlei",
    denied_behind: Some((
        3,
        "brauche|brauchen|braucht|bräuchte|bräuchten|benötige|benötigen|benötigt|glaube|glauben|\
        denke|verlange|verlangen|verlangt|vermisse|vermissen",
    )),
    nobody: "niemand|keiner|(?:habe|haben|hat) (?:nie|niemals)|kein kunde|kein mensch",
    asks: "sagt|gesagt|meint|glaubt|denkt|behauptet|braucht|will|möchte|verlangt|fordert|wünscht|\
        vermisst|gefragt|gebeten|gefordert|gewünscht|fragt",
    others: "er|sie|jemand|ihr|(?:der|ein|unser|euer|ihr) (?:mitbewerber|wettbewerber|konkurrent|\
        vertriebler|verkäufer|anbieter)",
    claim: "sagt|sagte|behauptet|behauptete|meint|meinte|glaubt|denkt|verspricht|versprach|\
        sagten|habt gesagt|haben gesagt|hat gesagt|hat behauptet|haben versprochen",
    phrases: "(?:falls|wenn|sollte|sollten|ob) W (?:W )?(?:jemals|je|irgendwann|mal irgendwann)|\
        gesetzt den fall|angenommen|hypothetisch|angeblich|vermeintlich|\
        behauptet(?:e|en)? dass|(?:kein|keinen|keinerlei) (?:W )?(?:bedarf|interesse|wunsch)|\
        nicht (?:so )?dass|(?:sage|sagen|meine|finde|finden|heißt|stimmt) (?:W )?nicht dass|bezweifle|bezweifeln",
    is_not: "(?:ist|sind|bin|war|waren) nicht(?: so| sehr| zu| besonders)?",
    breaks: &[
        "aber", "sondern", "weil", "denn", "obwohl", "also", "deshalb", "deswegen", "trotzdem",
        "wenn", "damit", "oder", "bis",
    ],
    and: "und",
    that: "dass",
};

const FRENCH: Cues = Cues {
    no: "pas|jamais|guère|aucunement",
    wants: "dire|affirmer|prétendre|penser|croire|dit|besoin|demandé|réclamé|nécessaire|urgent|\
        indispensable|important|prétendu|dis que|intéressé|intéressée|intéressés|la peine|une priorité|un problème|\
        sûr que|sûre que|certain que|convaincu|vrai que",
    likes: "veux|veut|voulons|voulez|veulent|souhaite|souhaitons|souhaitent|voudrais|voudrait",
    nouns: "pas|plus",
    denied_behind: Some((
        0,
        "dirais|dirait|dirions|dis|disons|pense|pensons|pensais|crois|croyons|affirme|prétends|\
        demande|demandons",
    )),
    nobody: "personne(?: W){0,3} (?:ne|na|nen|navait|nest)|aucun client|nul",
    asks: "demandé|demande|demandait|veut|besoin|pense|dit|croit|réclame|réclamé|souhaite|voulait",
    others: "il|elle|quelquun|vous|ils|(?:le|un|notre|votre) (?:concurrent|commercial|vendeur|\
        fournisseur)",
    claim: "prétend|prétendent|affirme|affirment|dit|disait|soutient|assure|assurent|pense|croit|\
        avez dit|aviez dit|avez promis|a dit|a promis|prétendait",
    phrases: "si jamais|au cas où|si un jour|si W (?:W )?(?:un jour|jamais)|à supposer|supposons|\
        admettons|soi disant|prétendument|(?:prétend|affirme) que|il paraît|\
        selon (?:lui|elle|eux|vous)|daprès (?:lui|elle|eux|vous)|aucun (?:W )?(?:besoin|intérêt)|\
        plus besoin|(?:nest|cest|est|était|nétait) pas (?:que|quon|quil|quelle|quils|comme si)|\
        doute que",
    is_not: "(?:est|nest|sont|suis|était|étaient) pas(?: si| très| trop)?",
    breaks: &[
        "mais", "parce", "car", "donc", "alors", "quoique", "sinon", "puisque", "qui", "où", "ou",
    ],
    and: "et",
    that: "que",
};

const SPANISH: Cues = Cues {
    no: "no|nunca|jamás|tampoco|ni",
    wants: "diría|diríamos|diciendo|pidiendo|digo|decimos|dije|dijimos|creo|creemos|pienso|pensamos|afirmo|afirmaría|\
        quiero decir|estoy seguro|estoy segura|estamos seguros|es verdad|es cierto|es que|\
        es como si|necesito|necesitamos|necesita|necesitan|necesitaba|hace falta|\
        hacen falta|pedimos|pedí|hemos pedido|pedido|requerimos|es necesario|es urgente|\
        es importante|interesa|nos interesa|me interesa|es un problema",
    likes: "quiero|queremos|quieren|quiere|queríamos|deseo|deseamos",
    nouns: "un|una|el|la|los|las|que|otro|otra",
    denied_behind: None,
    nobody: "nadie|ningún cliente|ninguno",
    asks: "pidió|pide|pidiendo|pedido|necesita|quiere|dice|dijo|cree|piensa|reclama|exige|reclamó",
    others: "él|ella|alguien|usted|ustedes|(?:el|un|nuestro|su) (?:competidor|vendedor|comercial|\
        proveedor)|la competencia",
    claim: "dice|dijo|afirma|asegura|pretende|cree|piensa|sostiene|prometió|dijeron|prometieron|\
        dicen|insiste",
    phrases: "si alguna vez|si algún día|si acaso|si W (?:W )?(?:algún día|alguna vez)|\
        supongamos|supuestamente|presuntamente|(?:afirma|pretende|alega|sostiene) que|\
        según (?:él|ella|ellos|usted|ustedes)|(?:ninguna|ningún) (?:W )?(?:necesidad|interés)|\
        dudo que|dudamos que",
    is_not: "no (?:es|está|son|están|era|eran)(?: tan| muy| demasiado)?",
    breaks: &[
        "pero", "sino", "porque", "aunque", "así", "entonces", "pues", "o",
    ],
    and: "y",
    that: "que",
};

const PORTUGUESE: Cues = Cues {
    no: "não|nao|nunca|jamais|nem",
    wants: "diria|diríamos|dizendo|pedindo|digo|dizemos|disse|dissemos|acho|achamos|penso|creio|acredito|afirmo|\
        é que|é como se|é verdade|tenho certeza|estou certo|preciso|precisamos|precisa|\
        precisam|necessito|necessitamos|pedi|pedimos|é necessário|é urgente|é importante|\
        é preciso|faz falta|interessa|me interessa|é um problema",
    likes: "quero|queremos|quer|querem|desejo|desejamos",
    nouns: "um|uma|o|a|os|as|que|outro|outra",
    denied_behind: None,
    nobody: "ninguém|ninguem|nenhum cliente",
    asks: "pediu|pede|pedindo|pedido|precisa|quer|diz|disse|acha|exige|reclama|reclamou",
    others: "ele|ela|alguém|você|vocês|(?:o|um|nosso|seu) (?:concorrente|vendedor|fornecedor)",
    claim: "diz|disse|afirma|alega|acha|garante|prometeu|disseram|prometeram|dizem|insiste",
    phrases: "se algum dia|se alguma vez|se W (?:W )?(?:algum dia|alguma vez|um dia)|\
        caso algum dia|suponhamos|supostamente|alegadamente|(?:afirma|alega|pretende) que|\
        segundo (?:ele|ela|eles|vocês)|(?:nenhuma|nenhum) (?:W )?(?:necessidade|interesse)|\
        duvido que",
    is_not: "(?:não|nao) (?:é|está|são|estão|era|eram)(?: tão| muito)?",
    breaks: &["mas", "porque", "embora", "então", "pois", "ou", "só"],
    and: "e",
    that: "que",
};
