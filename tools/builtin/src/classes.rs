//! Classes of words that say the same kind of thing in five languages. What the model learns of a
//! class in one language it knows in the others, and of words that it never saw.

use std::{collections::HashMap, sync::LazyLock};

/// A class's name and its words as [`crate::text::words`] gives them; `*` stands for any ending.
const CLASSES: &[(&str, &str)] = &[
    (
        "not",
        "no not never cant cannot dont doesnt didnt isnt wasnt arent wont wouldnt couldnt havent
        hasnt without nothing none nowhere nobody neither nicht kein* nie niemals nirgend* ohne
        nichts niemand pas jamais aucun* sans rien ni personne nunca ningun* nada sin tampoco nadie
        nao nenhum* sem nem ninguem",
    ),
    (
        "wish",
        "want* wish* need* hope hoping would wed id prefer please could should must ought ideally
        let lets allow mocht* wunsch* brauch* wollen gern* konnte* sollte* musste* bitte wurde*
        lass* voudr* aimer* souhait* besoin faudr* pourr* devr* quer* quisi* gustaria necesit*
        podri* deberi* ojala falta gostaria precis* poderia* deveria* tomara dava daria",
    ),
    (
        "by hand",
        "hand manual* copy copied copying paste* pasting print* retyp* type typing typed paper
        pencil pen notebook spreadsheet* excel screenshot* photo* scribbl* sticky tape handisch
        abtipp* abschreib* kopier* ausdruck* druck* zettel* papier* bleistift* tabelle*
        bildschirmfoto* fotografier* main manuel* copi* recopi* imprim* crayon* cahier* tableur*
        capture* feuille* mano lapiz cuaderno* captur* pegar papel* hoja* mao caneta caderno*
        planilha* folha* digit*",
    ),
    (
        "time",
        "minute* hour* morning* afternoon* evening* night* day days week* month* monday* tuesday*
        wednesday* thursday* friday* saturday* sunday* minuten stunde* morgen* abend* nacht* tag
        tage tagen woche* monat* montag* dienstag* mittwoch* donnerstag* freitag* samstag* sonntag*
        heure* matin* soir* nuit* jour jours journee semaine* mois lundi* mardi* mercredi* jeudi*
        vendredi* samedi* dimanche* minuto* hora horas manana tarde* noche* dia dias semana* meses
        lunes martes miercoles jueves viernes sabado* domingo* manha* noite* segunda terca quarta
        quinta sexta",
    ),
    (
        "number",
        "0 two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty
        fifty sixty seventy eighty ninety hundred* thousand* dozen* zwei drei vier funf sechs
        sieben acht neun zehn elf zwolf zwanzig dreißig vierzig funfzig hundert* tausend* deux
        trois quatre cinq sept huit neuf dix onze douze quinze vingt trente quarante cinquante
        soixante cent cents mille dos tres cuatro cinco seis siete ocho nueve diez once doce quince
        veinte treinta cuarenta cincuenta sesenta cien* mil dois duas quatro sete oito nove dez
        doze vinte trinta quarenta cinquenta sessenta cem cento*",
    ),
    (
        "every",
        "every each always whenever again constantly all jed* immer wieder standig alle chaque
        toujours encore tous toutes cada siempre vez otra todos todas sempre novo toda",
    ),
    (
        "single",
        "single individually separate separately einzeln* extra seul* separement suelto* separad*
        sozinh* avuls*",
    ),
    (
        "fails",
        "crash* freez* froze* hang hangs hanging hung stuck break* broke* fail* error* wrong* lost
        lose* losing disappear* vanish* gone slow* bug* glitch* empty blank duplicat* twice spin*
        garbl* mess* absturz* abgesturz* hangt friert eingefror* fehl* falsch* verlor* verlier*
        verschw* langsam* leer* doppelt* kaputt* spinnt plante plantent bloqu* fige* erreur* faux
        fausse* perd* dispar* lent* vide vides double* rame falla fallan fallo cuelg* pierd*
        desaparec* vaci* traba* falha* travou travando errad* sumiu sumiram vazi* erro erros",
    ),
    (
        "screen",
        "screen* button* click* tap* list* page* menu* tab tabs filter* field* column* row rows
        export* import* save saves saved saving search* scroll* select* dropdown* upload* download*
        login* report* notif* alert* calendar* map maps view* window* box tick* sort* setting*
        icon* bildschirm* knopf taste* klick* seite* reiter feld felder spalte* zeile* speicher*
        such* auswahl* hochlad* runterlad* bericht* meldung* benachrichtig* kalender* karte*
        ansicht* fenster* haken* einstellung* symbol* ecran* bouton* cliqu* onglet* filtr* champ*
        colonne* ligne* enregistr* recherch* sauvegard* telecharg* rapport* alerte* calendrier*
        carte* vue vues fenetre* coche* reglage* pantalla* boton* clic* pagina* pestana* campo*
        columna* fila filas guard* busc* selecc* descarg* informe* aviso* mapa* vista* ventana*
        ajuste* tela telas bota* aba abas coluna* linha* salv* selec* baix* relatorio* janela*
        configura*",
    ),
    (
        "it",
        "it its thing things system* software tool tools program* app apps version* ding* outil*
        logiciel* systeme* appli* herramienta* sistema* aplicac* ferramenta* aplicativo*",
    ),
    (
        "we",
        "i we us our my me ive weve im ich wir uns unser* mir mich mein* je nous notre nos moi yo
        nosotros nuestr* mi eu gente nosso* nossa* meu minha",
    ),
    (
        "they",
        "she he they her him them their sie er ihr ihm ihn ihnen elle il ils elles lui leur ella el
        ellos ellas ele ela eles elas",
    ),
    (
        "deal",
        "price* pric* contract* invoice* quote* discount* renew* budget* seat* licen* pay paid cost*
        preis* vertrag* rechnung* angebot* rabatt* lizenz* kost* prix contrat* factur* devis remise*
        precio* presupuest* descuent* renov* preco* fatura* orcamento* descont* custo*",
    ),
    (
        "if",
        "if unless until wenn falls bis si quand jusqu* cuando hasta se quando",
    ),
    (
        "only",
        "only just instead rather least nur bloß statt wenigstens seulement juste plutot moins solo
        solamente lugar menos apenas pelo",
    ),
    (
        "more",
        "more less better faster easier quicker simpler mehr weniger besser schneller einfacher
        leichter plus mieux vite mas mejor rapido facil mais melhor",
    ),
    (
        "see",
        "see know* knew tell told show* find* found look* remember* forget* seh* zeig* gefund*
        weiß merk* vergess* voir vois voit montr* trouv* sais sait souvien* oubli* ver veo ve
        muestr* mostr* encontr* saber recuerd* olvid* vejo achar acho lembr* esquec*",
    ),
    (
        "good",
        "great good fine nice love* happy perfect* thank thanks brilliant toll* gut* super schon*
        danke prima bien parfait* merci genial* gracias bueno buena bom boa otim* legal perfeit*
        obrigad*",
    ),
    (
        "contact",
        "meeting* call* email* phone* talk* send sent bring slide* agenda besprech* anruf* mail*
        telefon* schick* reunion* appel* telephon* envoi* envoy* llamad* correo* envi* liga* mand*
        reuniao reunioes",
    ),
];

/// Classes by what their words are or begin with.
struct Classes {
    words: HashMap<&'static str, Vec<&'static str>>,
    beginnings: HashMap<&'static str, Vec<&'static str>>,
}

static BY_WORD: LazyLock<Classes> = LazyLock::new(|| {
    let mut all = Classes {
        words: HashMap::new(),
        beginnings: HashMap::new(),
    };
    for (class, words) in CLASSES {
        for word in words.split_whitespace() {
            let (of, word) = match word.strip_suffix('*') {
                Some(beginning) => (&mut all.beginnings, beginning),
                None => (&mut all.words, word),
            };
            of.entry(word).or_default().push(*class);
        }
    }
    all
});

/// No beginning has more letters: a word of a recognizer may be of any length.
const LONGEST: usize = 16;

/// The classes of a word, each once.
#[must_use]
pub fn classes(word: &str) -> Vec<&'static str> {
    let ends = word.char_indices().take(LONGEST);
    let ends = ends.map(|(at, c)| at + c.len_utf8());
    let begun = ends.filter_map(|end| BY_WORD.beginnings.get(&word[..end]));
    let mut found: Vec<_> = begun
        .chain(BY_WORD.words.get(word))
        .flatten()
        .copied()
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_the_classes_of_its_kind_in_every_language() {
        for (word, expected) in [
            ("", &[][..]),
            ("heron", &[]),
            ("never", &["not"]),
            ("keine", &["not"]),
            ("exporting", &["screen"]),
            ("spreadsheets", &["by hand"]),
            ("plus", &["more"]),
            ("0", &["number"]),
            ("no", &["not"]),
            ("not", &["not"]),
            ("notice", &[]),
        ] {
            assert_eq!(classes(word), expected, "{word}");
        }
    }
}
