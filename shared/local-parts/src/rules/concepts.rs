//! Things that customers of business software often ask for, by the words that give them away in
//! five languages. The label heads the title, so that calls that word one wish differently, or in
//! different languages, still meet when their texts are compared.

use std::sync::LazyLock;

use super::{pattern::Lexicon, text::Token};

/// A common wish.
pub(crate) struct Concept {
    /// A heading of a few words, in English.
    pub(crate) label: &'static str,
    /// The feature area.
    pub(crate) area: &'static str,
    /// Of each group a word must be found.
    groups: &'static [&'static [&'static str]],
}

const fn concept(label: &'static str, area: &'static str, groups: &'static [&'static [&'static str]]) -> Concept {
    Concept { label, area, groups }
}

const REPORT: &[&str] = &[
    "report|reports|reporting|rapport|rapports|bericht|berichte|berichts|wochenbericht|monatsbericht|auswertung|auswertungen|informe|informes|reporte|reportes|relatorio|relatorios",
    "dashboard*", "chart|charts|graphique|graphiques|diagramm|grafico|graficos", "weekly|monthly|daily page|figures|numbers|summary|overview", "tableau|tableaux de bord",
];
const FILES: &[&str] = &["attach*|file|files|upload*|photo|photos|picture|pictures|image|images", "piece|pieces jointe|jointes", "fichier|fichiers", "anhang|anhange|anhangen|datei|dateien|foto|fotos|bilder", "adjunt*|archivo|archivos|imagenes", "anexo|anexos|anexar|arquivo|arquivos|imagens|ficheiro|ficheiros"];
const TICKET: &[&str] = &["ticket*|case|cases|request|requests|job|jobs", "demande|demandes", "vorgang|vorgange|anfrage|anfragen", "incidencia*|solicitud*|chamado*|pedido*|atendimento*"];
const SIGN_IN: &[&str] = &["session|sessions|login|sso|okta|saml", "sign|signs|signed|signing|log|logs|logged|logging .. in|on|out|off", "single sign on", "connexion|reconnexion|deconnect*", "sitzung|sitzungen|anmeld*|angemeldet|einlogg*|abgemeldet|ausgeloggt", "sesion|sesiones|sessao|sessoes|login|logar|deslog*"];

/// The concepts; of two that fit equally the earlier is taken.
pub(crate) const CONCEPTS: &[Concept] = &[
    concept("Export reports as PDF", "Reports", &[&["pdf|pdfs"], REPORT]),
    concept("Export tickets as PDF", "Tickets", &[&["pdf|pdfs"], TICKET]),
    concept("Export as PDF", "Export and import", &[&["pdf|pdfs"], &["document|documents|dokument|dokumente|documento|documentos", "print*|imprim*|druck*|ausdruck*", "page|pages|seite|pagina", "export*"]]),
    concept("Export tickets as CSV", "Export and import", &[
        &["csv|excel|xlsx|spreadsheet|spreadsheets|tableur|tabelle|exceltabelle|hoja|planilha"],
        &["ticket|tickets|case|cases", "vorgang|vorgange", "incidencia|incidencias|chamado|chamados"],
    ]),
    concept("Export as CSV", "Export and import", &[
        &["csv|excel|xlsx|spreadsheet|spreadsheets|tableur|tabelle|exceltabelle|hoja|planilha"],
        &["export*|download*|file|rows|row|list|fichier|liste|datei|herunterladen|telecharg*|descarg*|archivo|lista|baixar|arquivo"],
    ]),
    concept("Import from a file", "Export and import", &[&["import|imports|importing|imported|importer|importieren|importar"], &["csv|excel|file|data|contacts|list|fichier|datei|daten|archivo|datos|arquivo|dados"]]),
    concept("Dark mode", "Appearance", &[&[
        "dark|night|black mode|theme|skin|background|setting|screen|design|version", "go|goes|turns|be|is|make|want|wants|wanted .. dark|black", "dunkelmodus|nachtmodus|darkmode", "dunkle|dunkles|dunkler|dunklen|dunkel .. design|modus|ansicht|theme|oberflache|hintergrund|schalten|stellen|machen",
        "mode|theme|ecran|fond|interface|affichage sombre|nuit|noir", "modo|tema|fondo|pantalla oscuro|nocturno|noche|oscura|negro", "modo|tema|fundo|tela escuro|noturno|escura|preto",
    ]]),
    concept("Larger attachments", "Attachments", &[
        FILES,
        &["mb|gb|megabyte*|gigabyte*|megs|gigs|mo|megaoctets", "too|trop|zu|demasiado|muito large|big|heavy|gros|lourd|lourds|gross|grande|grandes|pesado|pesados", "file size", "size|taille|grosse|tamano|tamanho limit|of|des|der|de|do|maximum|maximale"],
    ]),
    concept("More attachments per ticket", "Attachments", &[
        FILES,
        &["limit|limits|limited|limite|limites|limitado|maximum|maximal|max|cap|obergrenze|begrenzt|maximo|tope", "takes|allows|accepts|holds|stops|hold #", "stops us|me|them|you at", "only|nur|solo|so|que|hochstens|apenas #", "number|nombre|anzahl|numero of|de|der|von|max*", "too many", "# attachments|files|photos|pictures|anhange|dateien|fotos|archivos|adjuntos|anexos|arquivos|fichiers|pieces"],
    ]),
    concept("Signed out too early", "Sign-in", &[SIGN_IN, &[
        "expire|expires|expired|expiring|timeout|timeouts|timed|times", "thrown|throws|kicked|kicks|logged|logs|signed|signs|booted|locked .. out|off", "signed|logged in as|all|for|long|until", "stay|stays|keep|keeps|keeping .. signed|logged", "sign|signs|log|logs .. in again", "in again", "session .. last|end|ends|ended|longer|shorter|drops|minutes|hours",
        "deconnect*", "desloga|deslogam", "expire|expirent|expiree", "se reconnecter", "abgelaufen|lauft|ablauft|abgemeldet|ausgeloggt|rausgeworfen|rausgeflogen|rausgeschmissen", "wirft|fliegen|fliegt|schmeisst|meldet .. raus|ab", "neu|wieder|erneut anmelden|einloggen", "caduca|expira|expulsa|echa|saca|cierra", "volver a iniciar|entrar", "expirou|expira|expiram|cai|caiu|derruba|desloga|deslogado|encerra|entrar de novo",
    ]]),
    concept("Scheduled reports by e-mail", "Reports", &[REPORT, &["schedul*|automatic*|automatically|geplant|automatisch|automatiquement|automaticamente|programad*|agendad*"], &["email|emails|emailed|mail|mailed|inbox|send|sent|sends|envoy*|schick*|versand*|correo|enviar|envia"]]),
    concept("Custom dashboards", "Reports", &[&["dashboard*", "tableau|tableaux de bord", "tablero|tableros|painel|paineis"], &["custom*|own|build|widget*|personal*|eigene|eigenes|propre|propio|proprio|arrange"]]),
    concept("Single sign-on", "Sign-in", &[&["sso|saml|okta|entra", "single sign on", "azure ad", "active directory"]]),
    concept("Two-factor sign-in", "Sign-in", &[&["mfa|2fa|authenticator|passkey|passkeys", "two|second factor", "double authentification", "zwei faktor", "doble factor", "dois fatores"]]),
    concept("Roles and permissions", "Permissions", &[&["permission*|role|roles|rights|access|droits|berechtigung*|rolle|rollen|permiso|permisos|permissao|permissoes|acceso|acesso|acces"], &["restrict*|see|only|who|custom|read|hide|view|voir|sehen|nur|ver|limit*|admin*"]]),
    concept("Audit log", "Permissions", &[&["audit log|logs|trail|trails", "who changed|deleted|edited|closed|moved", "log|history of changes", "anderungsprotokoll|protokoll", "historique des modifications|changements", "registro|historial|historico de cambios|auditoria|alteracoes"]]),
    concept("Slack integration", "Integrations", &[&["slack"]]),
    concept("Microsoft Teams integration", "Integrations", &[&["microsoft|ms teams", "teams channel|channels|kanal|message|messages|integration|chat", "canal teams"]]),
    concept("Jira integration", "Integrations", &[&["jira"]]),
    concept("CRM integration", "Integrations", &[&["salesforce|hubspot|dynamics|pipedrive", "crm .. sync*|integrat*|connect*|link*|anbind*", "sync*|integrat*|connect*|anbind* .. crm"]]),
    concept("Calendar integration", "Integrations", &[&["calendar|calendars|calendrier|kalender|calendario", "agenda google|outlook"], &["sync*|integrat*|google|outlook|connect*|show|synchron*|sincron*|verbind*"]]),
    concept("ERP integration", "Integrations", &[&["erp|sap|netsuite"], &["sync*|integrat*|connect*|link*|push|pull|synchron*|sincron*|anbind*|schnittstelle*|interfac*"]]),
    concept("WhatsApp channel", "Integrations", &[&["whatsapp"]]),
    concept("API and webhooks", "Integrations", &[&["webhook*", "api endpoint*|limit*|access|call*|key*|rate", "via|over|through|par|per|por the|l|la? api"]]),
    concept("Bulk actions", "Automation", &[&["bulk|mass", "at once", "one by one", "in one go", "select all", "en masse|lote|bloque|massa", "un par un|uno por uno|um por um", "auf einmal", "massenbearbeitung|stapel*|einzeln"], &["edit*|update*|close|closing|assign*|reassign*|change|changing|delet*|tag*|move|ticket*|modifier|fermer|schliessen|andern|bearbeiten|zuweisen|cerrar|editar|cambiar|fechar|alterar"]]),
    concept("Merging duplicate tickets", "Tickets", &[&["merge|merging|merges|merged", "duplicate|duplicates|duplicated|doublon|doublons|fusionner|zusammenfuhren|doppelte|fusionar|duplicad*|mesclar|juntar"], TICKET]),
    concept("Templates and saved replies", "Automation", &[&["template*|macro|macros|snippet*|modele|modeles|vorlage|vorlagen|textbaustein*|plantilla*|modelo|modelos", "canned|saved repl*|response*|answer*"], &["repl*|answer*|email*|ticket*|response*|reponse*|antwort*|respuesta*|resposta*|share*|team"]]),
    concept("Saved filters and views", "Search and filters", &[&["filter|filters|view|views|filtre|filtres|vue|vues|filtern|ansicht|ansichten|filtro|filtros|vista|vistas|visao|visoes"], &["save*|saved|share*|remember*|default|keep|keeps|enregistr*|partag*|speicher*|merken|guardar|compartir|salvar|compartilhar"]]),
    concept("Search", "Search and filters", &[&["search|searches|searching|recherche|rechercher|suche|suchfunktion|suchen|busqueda|buscador|pesquisa|buscar|busca"], &["find*|result*|ticket*|article*|old|word|number|text|full|trouver|resultat*|finden|ergebnis*|encontrar|resultado*"]]),
    concept("Custom fields", "Fields and forms", &[&["field|fields|dropdown*|champ|champs|feld|felder|campo|campos"], &["custom*|own|required|mandatory|extra|conditional|add|obligatoire*|pflicht*|eigene|zusatz*|obligatorio*|personalizad*"]]),
    concept("Notifications", "Notifications", &[&["notif*|alert|alerts|alerte|alertes|benachrichtig*|aviso|avisos|alerta|alertas", "push"], &["too|many|every|mute|turn|switch|only|choose|get|miss*|when|trop|choisir|zu|viele|nur|wenn|demasiad*|cuando|muitas|quando|quand"]]),
    concept("Offline mode", "Mobile app", &[&["offline", "no|without|poor|bad signal|reception|connection|coverage|network|internet", "hors ligne|connexion", "sans reseau|connexion", "ohne netz|empfang|internet", "kein netz|empfang|internet", "sin conexion|senal|cobertura|internet", "sem sinal|conexao|internet|rede"], &["app|phone|mobile|tablet|field|site|technician*|appli|application|handy|techniker*|aplicacion|movil|tecnico*|aplicativo|celular|save|work|working"]]),
    concept("SLA timers", "SLA and timers", &[&["sla|slas|timer|timers|delai|delais|reaktionszeit*|plazo|plazos|prazo|prazos", "response time|times"], &["pause*|paused|holiday*|weekend*|business|stop|stops|clock|calendar|escalat*|ferie*|feiertag*|festivo*|feriado*|pausar|anhalten"]]),
    concept("Ticket routing", "Automation", &[&["assign*|rout*|round robin|distribut*|zuweis*|attribu*|asign*|atribu*|verteil*"], &["automatic*|auto|rule*|skill*|language|workload|right|wrong|automatisch|regel*|automatique*|automatico*|automaticamente|regla*|regra*"]]),
    concept("Languages and translation", "Customer portal", &[&["translat*|multilingual|language|languages|traduction|traduire|traduit|langue|langues|ubersetz*|sprache|sprachen|mehrsprachig*|traducir|traduccion|idioma|idiomas|traduzir|traducao"], &["portal|interface|article*|repl*|customer*|available|screen|agent*|portail|client*|artikel|kunden|cliente*|articulo*|artigo*"]]),
    concept("Satisfaction surveys", "Customer portal", &[&["survey|surveys|csat|nps|enquete*|umfrage*|encuesta*", "pesquisa de satisfacao"]]),
    concept("Portal branding", "Customer portal", &[&["logo|logos|brand|branding|branded|white label|corporate"], &["portal|widget|emails|help|portail|kundenportal|email"]]),
    concept("Knowledge base", "Knowledge base", &[&["knowledge base", "article|articles|faq", "base de connaissances|conocimiento|conocimientos|conhecimento", "wissensdatenbank"], &["version*|review*|draft*|approv*|outdated|expire*|structure|folder*|find|search*|write|edit*|suggest*|internal"]]),
    concept("Lost drafts", "Tickets", &[&["draft|drafts|autosave|brouillon*|entwurf|entwurfe|borrador*|rascunho*", "what .. typed|wrote|written"], &["lost|lose|loses|losing|gone|save|saves|saved|perdu*|perd|verloren|weg|pierde|perdido|perde|salvar"]]),
    concept("Undo and restore", "Tickets", &[&["undo|restore|recover|recycle|annuler|restaurer|wiederherstellen|ruckgangig|deshacer|recuperar|desfazer|restaurar"], &["delete*|mistake|accident*|wrong|bin|trash|supprim*|geloscht|versehentlich|borr*|error|apag*|exclu*"]]),
    concept("Time tracking", "Tickets", &[&["time tracking|sheet|sheets|entries", "timesheet*|billable|zeiterfassung", "track|log|record|book time|hours", "saisie|suivi des temps|heures", "registro|control de horas|tiempo", "registro|apontamento de horas|tempo"]]),
    concept("Recurring tickets", "Automation", &[&["recurring|recurrent|recurrents|repeating|wiederkehrend*|recurrente*|recorrente*"], TICKET]),
    concept("Linked tickets", "Tickets", &[&["link|linked|linking|parent|child|sub|related|dependenc*|lier|verknupf*|vincul*|enlazar|relacionad*"], &["ticket|tickets|vorgange|incidencias|chamados"], &["together|parent|child|sub|link|linked|linking|lier|verknupf*|vincul*|enlazar"]]),
    concept("Keyboard shortcuts", "Appearance", &[&["shortcut|shortcuts|hotkey*|tastenkurzel|tastenkombination*|raccourci*|atajo*|atalho*"]]),
    concept("Accessibility", "Appearance", &[&["screen reader*", "accessib*|wcag|barrierefrei*|accesib*|acessib*", "font|text size|bigger|larger", "bigger|larger font|text|letters", "schriftgrosse", "taille de police", "tamano de letra", "tamanho da letra|fonte"]]),
    concept("Approval workflow", "Automation", &[&["approv*|approbation|validation|freigabe*|genehmig*|aprobac*|aprobar|aprovac*|aprovar"], &["workflow*|step*|manager*|request*|change*|before|etape*|schritt*|vorgesetz*|jefe|gestor|solicitud*|pedido*"]]),
    concept("E-mail threads", "E-mail", &[&["email|emails|mail|mails|courriel*|correo|correos"], &["thread*|split*|spam|cc|forward*|format*|signature*|bounce*|duplicat*"]]),
    concept("Live chat", "Customer portal", &[&["live chat", "chat widget|window|history|transcript*", "chatbot*|bot"]]),
    concept("Internal notes and mentions", "Tickets", &[&["internal|private note*|comment*", "mention|mentions|tagging", "note|notes interne|internes", "interne notiz*|kommentar*", "nota|notas interna|internas"]]),
    concept("Asset management", "Tickets", &[&["asset|assets|inventory|barcode*|qr|inventaire|inventar|inventario|anlagen|activos|ativos"]]),
    concept("Data retention", "Permissions", &[&["retention|gdpr|rgpd|dsgvo|lgpd|anonymi*", "data residency"]]),
    concept("Test environment", "Permissions", &[&["sandbox|staging|testumgebung", "test environment|system|instance", "environnement de test", "entorno de pruebas", "ambiente de teste|testes"]]),
    concept("Time zones", "SLA and timers", &[&["time zone|zones", "timezone*|zeitzone*", "fuseau|fuseaux", "zona|zonas horaria|horarias", "fuso|fusos"]]),
    concept("Slow pages", "Performance", &[&["slow|slower|sluggish|lag|lags|lent|lente|lenteur|langsam|lento|lenta", "takes|take forever|ages|seconds", "# seconds|secondes|sekunden|segundos"], &["page|pages|load|loads|loading|open|opens|screen|list|search|dashboard|charg*|laden|ladt|carga|cargar|carrega|carregar|seite|pagina"]]),
];

/// Whether one sentence alone has a word of every group of some concept.
pub(crate) fn names_one(tokens: &[Token]) -> bool {
    concept_of(std::iter::once((tokens, SURE))).is_some()
}

static WORDS: LazyLock<Lexicon<(usize, usize)>> = LazyLock::new(|| {
    let words = CONCEPTS.iter().enumerate().flat_map(|(at, concept)| {
        concept.groups.iter().enumerate().flat_map(move |(group, words)| {
            words.iter().map(move |word| (*word, (at, group)))
        })
    });
    Lexicon::new(words)
});

/// The most groups that a concept has.
const GROUPS: usize = 3;

/// The concept that sentences speak of, given each with its weight (the request the highest).
pub(crate) fn concept_of<'t>(
    sentences: impl Iterator<Item = (&'t [Token], u32)>,
) -> Option<&'static Concept> {
    let mut found = vec![[0_u32; GROUPS]; CONCEPTS.len()];
    for (tokens, weight) in sentences {
        for (_, (at, group)) in WORDS.find(tokens) {
            let best = &mut found[at][group];
            *best = weight.max(*best);
        }
    }
    let rate = |at: usize| {
        let groups = &found[at][..CONCEPTS[at].groups.len()];
        let sum: u32 = groups.iter().sum();
        let least = groups.iter().copied().min().unwrap_or(0);
        (least > 0).then_some(60 * sum / u32::try_from(groups.len()).unwrap_or(1))
    };
    (0..CONCEPTS.len())
        .filter_map(|at| Some((rate(at)?, std::cmp::Reverse(at))))
        .max()
        .filter(|(rate, _)| *rate >= 60 * SURE)
        .map(|(_, at)| &CONCEPTS[at.0])
}

/// The average weight of a concept's groups below which it is not named.
const SURE: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{pattern::well_formed, text::tokens};

    #[test]
    fn every_word_is_well_formed() {
        let words = CONCEPTS.iter().flat_map(|c| c.groups.iter().copied().flatten());
        let wrong: Vec<_> = words.filter(|word| !well_formed(word)).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(CONCEPTS.iter().all(|c| (1..=GROUPS).contains(&c.groups.len())));
    }

    #[test]
    fn one_wish_has_one_label_in_every_language() {
        for (text, label) in [
            ("a dark theme for the agent screen", "Dark mode"),
            ("Wir hätten gern ein dunkles Design", "Dark mode"),
            ("il faudrait un mode sombre", "Dark mode"),
            ("export the monthly report as a PDF", "Export reports as PDF"),
            ("das Dashboard als PDF exportieren", "Export reports as PDF"),
            ("download the list as Excel", "Export as CSV"),
            ("the maximum number of files is ten", "More attachments per ticket"),
            ("die Anhänge sind auf 25 MB begrenzt", "Larger attachments"),
            ("print the ticket to a PDF", "Export tickets as PDF"),
            ("as sessões expiram e o sistema desloga todo mundo", "Signed out too early"),
            ("close tickets one by one", "Bulk actions"),
        ] {
            let tokens = tokens(text);
            let found = concept_of([(tokens.as_slice(), 3)].into_iter()).map(|c| c.label);
            assert_eq!(found, Some(label), "{text}");
        }
    }
}
