//! German.

use super::{Family, Group, group};

pub(super) const CUES: &[Group] = &[
    group(Family::Request, 28, &[
        "ware|wars schon|gut|toll|super|hilfreich|praktisch|cool|klasse|prima|ideal|wunschenswert|genial|sinnvoll|nett wenn|dass|zu >",
        "< ware schon|gut|toll|super|hilfreich|praktisch|cool|klasse|prima|ideal|wunschenswert|genial|sinnvoll",
        "was wir|ich|uns|mir .. brauchen|brauche|wunschen|wunsche|fehlt|mochten|wollen ist|ware|sind >",
        "ich|wir hatte|hatten gern|gerne >",
        "ich|wir wurde|wurden uns|mir|es? gern|gerne|wunschen >",
        "wunsche|wunschen mir|uns >", "wunschen wurden wir uns >",
        "konnten|konnen|konntet|wurden sie|ihr das|uns|mir|da|bitte|die|den|eine|einen? ... einbauen|hinzufugen|erganzen|andern|beheben|erweitern|ermoglichen|anbieten|umsetzen|nachrusten|erhohen|freischalten",
        "es sollte|musste|muss eine|einen|ein|die > _",
        "man|wir|ich sollte|sollten|musste|mussten .. konnen",
        "es ware > _", "am liebsten ware|hatte|hatten > _", "das einzige was fehlt|mir|uns|noch > _", "wenn man|wir|ich|sie > .. konnte|konnten", "feature|verbesserungs wunsch|request|vorschlag*", "wunsch ware|ist >",
    ]),
    group(Family::Request, 20, &[
        "wir|ich brauchen|brauche|brauchten|brauchte|benotigen|benotige > _",
        "brauchen|brauche|brauchten|benotigen wir|ich|die|unsere > _",
        "wir|ich mochten|mochte|wollen|will > _", "ich|wir hatte|hatten > _", "mochten|mochte|wollen wir|ich > _",
        "bitte > fixen|beheben|einbauen|andern|hinzufugen|verbessern|nachbessern", "bitte ... fixen|beheben|einbauen|andern|hinzufugen|verbessern|nachbessern", "sollte|sollten .. konnen|sein|werden", "wunsch*", "verbesserungs*",
    ]),
    group(Family::Question, 28, &[
        "gibt es|s .. moglichkeit|option|weg|funktion|einstellung|knopf|button|trick zu|das|die|den|um|dass|fur? >",
        "gibt es|s da|denn|schon|bei|in? > irgendeine|irgendwas|eine|einen|ein|die",
        "ist es|das .. moglich >", "ware es .. moglich >", "lasst|lassen sich das|die|der|ein|eine? > _",
        "ist das .. geplant|vorgesehen", "plant|plant|plantet|planen ihr|sie > _", "warum kann|konnen|geht|gibt|lasst|ist .. nicht|kein|keine|keinen", "wieso kann|konnen|geht|gibt|lasst|ist .. nicht|kein|keine|keinen",
    ]),
    group(Family::Question, 18, &[
        "^ kann|konnen|konnte|konnten man|wir|ich|das|es|sie|die|der|unsere > _", "^ geht|ginge das|es|sowas|so > _", "unterstutzt|unterstutzen ihr|sie|das|die|es > _", "wie kann|kriege|bekomme|konnen ich|man|wir > _", "habt|haben ihr|sie eine|einen|ein|da >",
    ]),
    group(Family::Missing, 28, &[
        "es gibt|geht .. keine|keinen|kein|nicht|nirgends >", "gibt es|s .. keine|keinen|kein|nicht|nirgends >", "keine moglichkeit|option|funktion|einstellung zu|um|fur|das|die? >",
        "fehlt|fehlen|fehlte mir|uns|den|unseren|eine|ein|einen|die|das|der|eigentlich|nur >", "es fehlt|fehlen > _", "vermisse|vermissen > _", "kann|kannst|konnen|konnte|konnten man|wir|ich|sie|die|das? ... nicht|nirgends|kein|keine|keinen|nie", "lasst|lassen .. nicht", "nicht moglich", "unmoglich zu? >", "schade dass|das >", "wird|werden nicht unterstutzt|angezeigt|angeboten|ubernommen|mitgeliefert", "unterstutzt .. nicht|kein|keine|keinen", "geht|gehen .. nicht|nur|leider",
    ]),
    group(Family::Limit, 22, &[
        "begrenzt|beschrankt|limitiert auf|bei >", "maximal|hochstens #", "nur # >", "mehr als # .. nicht|geht|gehen", "nicht mehr als #", "obergrenze|grenze|begrenzung|beschrankung", "bei # ist|war|hort|macht", "ist|sind|war bei # schluss|ende|dicht", "schluss bei #", "zu wenig|wenige|klein|kurz|knapp > _",
    ]),
    group(Family::Friction, 22, &[
        "umstandlich*|unubersichtlich*|verwirrend*|kompliziert*|muhsam*|nervig*|argerlich*|zeitaufwendig*|zeitaufwandig*|unpraktisch*|unhandlich*|unlogisch*|schwerfallig*|frustrierend*|lastig*|gewohnungsbedurftig*",
        "nicht intuitiv|ubersichtlich|benutzerfreundlich|nutzerfreundlich|klar|verstandlich|lesbar|praktisch|ersichtlich|gut|schon", "zu viele|langsam|lange|kompliziert|umstandlich|hell|grell|dunkel|klein|gross klicks|schritte? > _", "nervt|nerven", "ist|sind|lauft|wird|so|sehr|extrem|total|viel langsam|trage|langsamer", "schwer|schwierig zu >", "schlecht|schlechte|schlechter|schlechtes > _", "enttausch*",
    ]),
    group(Family::Defect, 26, &[
        "funktioniert|funktionieren|klappt|klappen|ladt|laden|offnet|speichert|synchronisiert|startet|reagiert|verbindet|aktualisiert|geht ... nicht|nie|kaum|selten|schlecht",
        "nicht mehr? funktioniert|geht|ladt|synchronisiert|klappt", "absturz|absturze|abstur*|sturzt|abgesturzt|sturzen", "fehler|fehlermeldung*", "bug|bugs|buggy", "hangt|hangen|friert|eingefroren sich|ein|auf",
        "meldet|loggt|wirft|schmeisst|fliegen|fliegt|melden|werfen .. ab|aus|raus|rausgeworfen", "rausgeworfen|rausgeschmissen|abgemeldet|ausgeloggt|rausgeflogen|rausfliegen", "verliert|verlieren|verloren|verschwindet|verschwinden|verschwunden", "alles|text|eingabe|eingaben|daten .. weg", "kaputt|defekt|unbrauchbar|unzuverlassig*|instabil|fehlerhaft*", "sitzung .. ab|abgelaufen|lauft|endet", "falsch|falsche|falschen > _", "bricht|brechen .. ab", "geht|gehen gar|uberhaupt? nicht|nichts|nix",
        "problem|probleme|problemen|schwierigkeiten mit|bei|beim|seit|wenn|ist|dass|haben|hat >", "haben|habe|hatten|gibt ein|das|grosse|immer|standig|oft|einige? problem|probleme|schwierigkeiten",
    ]),
    group(Family::Defect, 14, &["seit dem|der|letzten|einem update|letzten|umstellung|umstieg|neuen|version", "doppelt|doppelte", "neu starten|installieren|anmelden|einloggen", "muss|mussen|musste .. neu|nochmal|erneut|wieder"]),
    group(Family::Pain, 14, &[
        "manuell*", "von hand", "handisch*", "copy .. paste", "kopieren|kopiere|kopiert", "abtippen|abtippe|eintippen|tippen", "jede woche|schicht|stunde|nacht", "jeden tag|montag|morgen|monat|freitag|abend|einzelnen", "jedes mal", "zeit|stunden verschwend*|verlier*|verlor*|kostet", "kostet|dauert|braucht|kosten uns|mich|mir|sie? .. stunde|stunden|minuten|tag|tage|zeit|ewig|lange|vormittag", "beschwer*|beklag*|schimpf*|argern|arger", "tut|tun .. weh", "behelfen|behelf|notlosung|umweg*|workaround", "macht|machen .. wahnsinnig|verruckt|irre", "alle|alles|jedes|jeden|jede einzeln", "treibt|treiben .. wahnsinn", "screenshot*", "bildschirmfoto*", "doppelte arbeit",
    ]),
    group(Family::Would, 14, &["ich|wir|man|das wurde|wurden|konnte|konnten|ware|hatte|hatten > _"]),
    group(Family::Declined, 20, &[
        "brauchen|brauche|braucht|benotigen|benotige wir|ich|man|das|es .. nicht|kein|keine|keinen", "wollen|will|mochten|mochte|wunschen wir|ich|das|es .. nicht|kein|keine|keinen|gar", "kein|keinen bedarf|interesse", "brauchen|brauche nicht|kein|keine|keinen", "wurden|wurde .. nicht nutzen|brauchen|benutzen|verwenden",
    ]),
    group(Family::Reported, 20, &["ihr|ihre|euer|eure kollege|kollegin|kollegen|vertriebler|vertrieb|verkaufer|team|chef .. sagt|sagte|sagen|meint|meinte|erzahlt|erzahlte|empfiehlt|empfahl|redet|gesagt|gemeint|vorgeschlagen|empfohlen", "@ours sagt|sagte|meint|meinte|erzahlt|empfiehlt|redet|hat .. standig|immer|dass|mir|uns|wir|ich|von|gesagt|gemeint|vorgeschlagen|empfohlen", "sie haben|hatten .. gesagt|vorgeschlagen|empfohlen|gemeint"]),
    group(Family::Endorsed, 20, &["hat|haben sie? recht", "sehe ich auch|genauso", "und das|wir brauchen|fehlt", "gute idee"]),
    group(Family::Solved, 25, &["wurde|ist|war|sind inzwischen? behoben|gelost|repariert|erledigt|gefixt|korrigiert|geregelt", "geht|funktioniert|lauft|klappt jetzt|inzwischen|mittlerweile|wieder|seitdem wieder|gut|einwandfrei|prima|super?", "kein|keine problem|probleme mehr", "hat sich erledigt"]),
    group(Family::Hypothetical, 14, &["irgendwann mal", "vielleicht irgendwann", "theoretisch|hypothetisch", "falls wir|ich jemals"]),
    group(Family::Pricing, 10, &["rabatt*", "preis*", "angebot*", "vertrag*", "lizenz*", "rechnung*", "laufzeit*", "verlangerung", "teuer|gunstiger", "einkauf", "zahlungsziel*", "prozent", "bestell*", "kosten", "unterschrift|unterschreib*"]),
    group(Family::Scheduling, 14, &["termin|termine|terminen", "einladung*", "verschieben|verschiebt|verlegen", "nachste|nachsten|kommende|kommenden woche|montag|dienstag|mittwoch|donnerstag|freitag|monat|mal", "uhr", "am montag|dienstag|mittwoch|donnerstag|freitag", "melde|melden|rufe|rufen mich|sie|uns|ich", "schicken|schicke|schick|senden sie|mir|ich|uns|dir|ihnen", "passt mir|uns|es|ihnen|das|gut", "bis dann|dahin|morgen|nachste|zum"]),
    group(Family::Social, 20, &["horen|hort|sehen|seht sie|ihr mich|uns|meinen|mein", "konnen|kannst|konnt sie|du|ihr .. horen|sehen", "kann sie|dich|euch .. horen|sehen", "guten tag|morgen|abend", "hallo|moin|servus|tschuss|wiederhoren", "wie geht|gehts|war|lauft", "vielen|danke|schonen dank|ihnen|tag|fur|abend|schon", "kein problem|thema|stress", "keine|ohne|nie|null|keinerlei probleme|problem|fehler|absturze|schwierigkeiten|beschwerden", "konnen|konnten|kann sie|ich|wir|du mir|uns|ihnen|dir .. schicken|senden|sagen|zeigen|geben|anrufen", "ich|wir wollte|wollten|mochte .. sagen|fragen|wissen|vorstellen|bedanken|anfangen|ansprechen", "kann ich|wir > anfangen|loslegen|starten", "konnen wir anfangen|loslegen|starten", "ich brauche|brauch einen|noch|erstmal|urlaub|kaffee .. kaffee|urlaub|pause"]),
    group(Family::Praise, 15, &["funktioniert|lauft|klappt super|gut|einwandfrei|prima|bestens|perfekt|hervorragend|tadellos|wunderbar", "sehr|wirklich|super|ganz|richtig zufrieden|gut|praktisch|einfach|ubersichtlich|schon", "bin|sind zufrieden|begeistert", "kann nicht meckern|klagen"]),
];
