//! The words of helpdesk and business software, by topic: they tell talk of the product from other
//! talk, and name the feature area. Written in the notation of [`super::pattern`], in five languages.

/// A topic.
pub(crate) struct Topic {
    /// The name as a feature area; none for words of software in general.
    pub(crate) name: Option<&'static str>,
    /// Whether its words tell talk of the product from other talk.
    pub(crate) evidence: bool,
    /// The words.
    words: &'static [&'static str],
}

const fn topic(name: &'static str, words: &'static [&'static str]) -> Topic {
    Topic { name: Some(name), evidence: true, words }
}

/// The topics; a topic's index is what [`super::cues::Family::Product`] carries.
pub(crate) const TOPICS: &[Topic] = &[
    topic("Reports", &[
        "report|reports|reporting", "dashboard*", "chart|charts", "analytics|statistics|stats", "metric*", "kpi*",
        "graph|graphs", "rapport|rapports", "tableau|tableaux de bord", "graphique*", "statistique*", "bericht*",
        "auswertung*", "diagramm*", "statistik*", "informe|informes", "reporte|reportes", "grafico|graficos|graficas",
        "estadistica*|estatistica*", "relatorio*", "painel|paineis", "wochenbericht*|monatsbericht*", "weekly figures|numbers|page",
    ]),
    topic("Export and import", &[
        "export|exports|exporting|exported", "import|imports|importing|imported|importer", "csv", "excel", "xlsx", "pdf|pdfs",
        "spreadsheet*", "print|prints|printing|printed|printout*", "exporter|exportation|exportations|exportar|exportacion|exportieren|exportiert|exportacao",
        "imprimer|imprimir|impression|impresion|impressao|imprime", "telecharg*", "tableur*", "herunterladen", "ausdruck*|drucken|druckt|druckansicht", "tabelle*",
        "descargar|descarga|descargo", "hoja|hojas de calculo", "planilha*", "baixar|descarregar", "folha de calculo", "importieren|importar|importacion",
    ]),
    topic("Attachments", &[
        "attach*", "upload*", "file|files", "photo|photos|picture|pictures", "image|images", "piece|pieces jointe|jointes", "fichier*",
        "anhang|anhange|anhangen", "datei|dateien", "foto|fotos|bilder|bild", "adjunt*", "archivo|archivos", "imagen|imagenes|imagem|imagens", "anexo|anexos|anexar",
        "arquivo|arquivos|ficheiro|ficheiros", "hochladen", "subir .. fotos|archivos|imagenes", "documento|documentos|document|documents|dokument*",
    ]),
    topic("Sign-in", &[
        "log|logs|logged|logging|sign|signs|signed|signing .. in|out|off|on", "login|logins|logout|signin", "single sign on", "sso", "password*", "session|sessions", "saml|okta|mfa|oauth", "second|two factor",
        "mot|mots de passe", "connexion|reconnexion", "se reconnecter", "authentif*", "anmelden|anmeldung|angemeldet|abgemeldet|abmelden|einloggen|ausgeloggt|abmeldung", "passwort*|kennwort*", "sitzung*",
        "iniciar|inicio de? sesion", "sesion|sesiones|sessao|sessoes", "contrasena*", "senha*", "logs|kicks|throws .. out", "logar|deslogar|desloga|deslogado",
    ]),
    topic("Permissions", &["permission*", "role|roles", "access right*", "droits d acces", "berechtigung*", "rolle|rollen", "permiso|permisos", "permissao|permissoes", "admin|admins|administrator*"]),
    topic("Appearance", &[
        "dark|night|light|black mode|theme|setting|skin|screen", "theme|themes", "contrast*|kontrast*", "font|fonts|schrift*", "colour*|color|colors|couleur*|farbe|farben|colores|cores", "bright|brightness|helligkeit|luminosite|brillo|brilho",
        "mode|theme sombre|nuit|clair", "dunkelmodus|nachtmodus", "dunkle|dunkles|dunkler|dunklen design|modus|ansicht|theme|oberflache|hintergrund", "modo|tema|fondo oscuro|nocturno|noche", "modo|tema|fundo escuro|noturno", "layout*|widget|widgets", "white page|screen|background",
    ]),
    topic("Search and filters", &[
        "search|searches|searching", "filter|filters|filtering|filtered", "sort|sorts|sorting|sorted by|the|on", "column|columns", "tag|tags", "saved view*", "recherche|recherches", "filtre|filtres|filtrer", "trier|tri par",
        "colonne|colonnes", "suche|suchfunktion", "suchen nach", "filtern|gefiltert", "sortier*", "spalte|spalten", "busqueda|busquedas|buscador", "filtro|filtros|filtrar", "columna|columnas|coluna|colunas", "pesquisa|pesquisar|busca|buscas", "ordenar por",
    ]),
    topic("Notifications", &[
        "notif*", "alert|alerts|alerting|alerted", "reminder|reminders", "digest", "warning|warnings", "alerte|alertes|alerta|alertas", "benachrichtig*", "erinnerung|erinnerungen", "aviso|avisos|avisar", "recordatorio*|lembrete*", "push",
    ]),
    topic("E-mail", &["email|emails", "inbox", "signature block", "courriel*|mails|mail", "correo|correos", "posteingang"]),
    topic("Mobile app", &[
        "app|apps", "mobile", "phone|phones|smartphone*|iphone|android|ios|tablet|ipad", "appli|applis|application|applications", "telephone|telephones|portable", "handy|handys|mobil", "aplicacion|aplicaciones|movil|moviles|celular|celulares", "aplicativo|aplicativos|telemovel|telemoveis|aplicacao",
    ]),
    topic("Integrations", &[
        "integrat*|integration*|integrier*", "slack|jira|salesforce|zapier|hubspot|sharepoint|outlook|strava", "webhook*", "api|apis", "connector*|connecteur*|conector*", "crm|erp|sap", "sync|syncs|syncing|synced|synchron*|sincron*|resync", "plugin*|addon|addons", "plug in", "add on", "schnittstelle*|anbindung*", "integrar|integracion|integracao|integracoes|integrer",
        "bluetooth|pair|pairing|paired",
    ]),
    topic("SLA and timers", &["sla|slas", "timer|timers", "response time|times", "business hours", "delai|delais", "reaktionszeit*|antwortzeit*|frist|fristen", "plazo|plazos", "tiempo|tiempos de respuesta", "prazo|prazos|tempo de resposta", "breach*"]),
    topic("Knowledge base", &["knowledge base", "article|articles", "faq|faqs", "help center|centre|page", "base de connaissances|conocimiento|conocimientos|conhecimento", "wissensdatenbank", "articulo|articulos|artigo|artigos|artikel"]),
    topic("Customer portal", &["portal|portals|portail|kundenportal", "chatbot|chat widget", "self service", "landing page"]),
    topic("Automation", &["automat*", "rule|rules", "workflow*", "trigger|triggers", "template*", "macro|macros", "canned|saved response*|repl*|answer*", "auto assign", "regle|regles", "modele|modeles", "regel|regeln", "vorlage|vorlagen|textbaustein*", "regla|reglas|plantilla*", "regra|regras|modelo|modelos", "bulk", "en masse|lote", "massenbearbeitung|sammel*"]),
    topic("Fields and forms", &["field|fields", "form|forms", "dropdown*", "drop down", "checkbox*", "categories|category", "champ|champs|formulaire*", "feld|felder|formular*", "campo|campos|formulario*", "kategorie|kategorien|categoria|categorias"]),
    topic("Tickets", &[
        "ticket|tickets", "queue|queues", "assign|assigns|assigned|assigning|assignment", "escalation*|escalate*", "merge|merges|merged|merging", "backlog", "agent screen|view", "conversation view|history|thread", "file d attente", "vorgang|vorgange|warteschlange*|zuweis*", "tique|tiques|incidencia|incidencias|asignar", "chamado|chamados|atendimento|atendimentos|atribuir|fila|filas", "draft|drafts|brouillon|entwurf|borrador|rascunho", "reply|replies|replying",
    ]),
    Topic { name: Some("Performance"), evidence: false, words: &["slow|slower|slowness|sluggish|lag|lags", "load|loads|loading", "speed", "lent|lente|lenteur", "langsam*|ladezeit*", "lento|lenta|lentitud|lentidao", "carga|cargar|carregar", "latency|timeout*"] },
    Topic { name: None, evidence: true, words: &[
        "screen|screens", "page|pages", "button|buttons", "click|clicks|clicking", "system|systems", "software", "tool|tools", "platform", "product", "feature|features|functionality|function|functions", "setting|settings", "option|options",
        "menu|menus", "data", "interface|ui|gui|ux", "version|versions", "update|updates|updated|updating|updat*|upgrade*", "browser|browsers", "window|windows", "tab|tabs", "user|users", "account|accounts", "device|devices", "contacts", "server|servers|database",
        "typed|typing|types", "save|saves|saved", "download*", "configur*", "install*", "agent|agents", "customi*", "website|site", "connect|connects|connecting|connection|disconnect*", "stats", "format", "display|displays", "tracking|track|tracker", "screenshot*", "copy|paste|pasting", "shortcut|shortcuts|keyboard",
        "ecran|ecrans", "bouton|boutons", "clic|clics", "systeme", "logiciel*", "outil|outils", "fonction|fonctions|fonctionnalite*", "parametre*|reglage*", "donnees", "mise|mises a jour", "maj", "utilisateur*", "affichage|affiche|afficher", "synchro|synchros", "connecter|connecte", "montre",
        "bildschirm*", "seite|seiten", "knopf|schaltflache*|button", "klick|klicks|klicken", "funktion|funktionen", "einstellung*", "daten", "oberflache", "aktualisierung*", "nutzer|benutzer|anwender", "speichern|gespeichert", "programm",
        "pantalla*", "pagina|paginas", "boton|botones", "sistema|sistemas", "herramienta*", "funcion|funciones|funcionalidad*", "ajuste|ajustes|configuracion", "opcion|opciones", "datos", "interfaz", "actualiz*", "usuario|usuarios", "guardar|guarda|guardo", "programa",
        "tela|telas|ecra", "botao|botoes", "ferramenta*", "funcao|funcoes|funcionalidade*", "configuracao|configuracoes|definicoes", "opcao|opcoes", "dados", "atualiz*", "utilizador*", "salvar|gravar", "navegador",
    ] },
];

/// Every word with its topic's index.
pub(crate) fn patterns() -> impl Iterator<Item = (u8, &'static str)> {
    TOPICS
        .iter()
        .zip(0_u8..)
        .flat_map(|(topic, index)| topic.words.iter().map(move |word| (index, *word)))
}

/// Whether a topic's words tell talk of the product from other talk.
pub(crate) fn is_evidence(topic: u8) -> bool {
    TOPICS.get(usize::from(topic)).is_some_and(|t| t.evidence)
}

/// A set of topics that name a feature area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TopicSet(u32);

impl TopicSet {
    /// Adds a topic; words of software in general add nothing.
    pub(crate) fn add(&mut self, topic: u8) {
        if TOPICS.get(usize::from(topic)).is_some_and(|t| t.name.is_some()) {
            self.0 |= 1 << topic;
        }
    }

    /// Adds all topics of another set.
    pub(crate) fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether the sets have a topic in common.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether no topic is in it.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a topic is in it.
    pub(crate) fn has(self, topic: usize) -> bool {
        self.0 & (1 << topic) != 0
    }
}

/// The feature area that weighted sets speak of most; the earlier topic wins a tie.
pub(crate) fn area(sets: impl Iterator<Item = (TopicSet, u32)>) -> Option<&'static str> {
    let mut sums = [0_u32; TOPICS.len()];
    for (set, weight) in sets {
        for (topic, sum) in sums.iter_mut().enumerate() {
            if set.has(topic) {
                *sum += weight;
            }
        }
    }
    let best = sums.iter().copied().max().filter(|sum| *sum > 0)?;
    let at = sums.iter().position(|sum| *sum == best)?;
    TOPICS[at].name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topic_named_most_is_the_area() {
        let mut reports = TopicSet::default();
        reports.add(0);
        let mut both = reports;
        both.add(1);
        assert_eq!(area([(both, 1), (reports, 1)].into_iter()), Some("Reports"));
        assert_eq!(area([(TopicSet::default(), 5)].into_iter()), None);
        assert!(both.meets(reports) && !TopicSet::default().meets(reports));
    }

    #[test]
    fn the_set_has_a_place_for_every_topic() {
        assert!(TOPICS.len() <= 32);
        assert!(TOPICS.iter().rev().skip(1).all(|t| t.name.is_some()), "the general words stand last");
    }
}
