//! The other languages, modestly.

use super::check;

#[test]
fn french() {
    check(
        true,
        &[
            "c: Alors, euh, il nous faudrait un export des tickets en CSV.",
            "c: On ne peut pas filtrer la liste par site, c'est pénible.",
            "c: L'application plante dès qu'on ajoute une photo.",
            "c: Est-ce qu'on peut programmer l'envoi du rapport ?\nv: Pas encore, malheureusement.",
            "c: Ce serait vraiment bien de pouvoir modifier plusieurs tickets à la fois.",
            "c: Chaque lundi je recopie les chiffres à la main, il n'y a pas de bouton pour imprimer le rapport.",
            "c: Mes agents se font déconnecter en pleine saisie et ils perdent tout le texte.",
        ],
    );
    check(
        false,
        &[
            "c: Bonjour, vous m'entendez bien ?\nv: Oui, très bien.",
            "c: Vous pouvez nous faire une remise sur les licences ?\nv: Je vais voir.",
            "c: On peut décaler la réunion à jeudi ?",
            "c: Non, tout va bien, on n'a aucun problème avec l'outil.",
            "c: J'aimerais vous présenter ma collègue.",
        ],
    );
}

#[test]
fn german() {
    check(
        true,
        &[
            "c: Wir bräuchten einen Export der Ticketliste als CSV.",
            "c: Es wäre schön, wenn man den Bericht als PDF speichern könnte.",
            "c: Man kann die Liste nicht nach Standort filtern.",
            "c: Die App stürzt ständig ab, wenn man ein Foto anhängt.",
            "c: Gibt es eine Möglichkeit, mehrere Tickets auf einmal zu schließen?\nv: Leider noch nicht.",
            "c: Uns fehlt ein dunkles Design für die Nachtschicht.",
            "c: Die Suche ist total unübersichtlich, da findet keiner was.",
        ],
    );
    check(
        false,
        &[
            "c: Können Sie mich hören?\nv: Ja, sehr gut.",
            "c: Wir brauchen noch einen Rabatt auf die Lizenzen.",
            "c: Können wir den Termin auf Donnerstag verschieben?",
            "c: Wir sind sehr zufrieden, es gibt keine Probleme.",
            "c: Nein, das brauchen wir nicht.",
        ],
    );
}

#[test]
fn spanish() {
    check(
        true,
        &[
            "c: Necesitamos exportar la lista de tickets a Excel.",
            "c: Nos gustaría poder adjuntar más de diez archivos.",
            "c: No se puede filtrar por sede, hay que mirar todo.",
            "c: La aplicación se cierra sola cuando subimos una foto.",
            "c: ¿Hay alguna forma de programar el informe?\nv: Todavía no.",
            "c: Sería genial tener un modo oscuro para el turno de noche.",
        ],
    );
    check(
        false,
        &[
            "c: ¿Me oye bien?\nv: Sí, perfectamente.",
            "c: ¿Nos puede hacer un descuento en las licencias?",
            "c: ¿Podemos mover la reunión al jueves?",
            "c: Estamos muy contentos, no tenemos ningún problema.",
            "c: No lo necesitamos, la verdad.",
        ],
    );
}

#[test]
fn portuguese() {
    check(
        true,
        &[
            "c: Precisamos exportar a lista de chamados em CSV.",
            "c: Seria ótimo poder anexar mais de dez arquivos.",
            "c: Não dá para filtrar por unidade, a gente tem que olhar tudo.",
            "c: O aplicativo trava quando a gente envia uma foto.",
            "c: Tem como agendar o relatório?\nv: Ainda não.",
            "c: O sistema desloga os atendentes no meio do chamado e eles perdem o texto.",
        ],
    );
    check(
        false,
        &[
            "c: Vocês me ouvem bem?\nv: Sim, muito bem.",
            "c: Conseguem um desconto nas licenças?",
            "c: Podemos remarcar a reunião para quinta?",
            "c: Estamos muito satisfeitos, sem nenhum problema.",
            "c: Não precisamos disso.",
        ],
    );
}
