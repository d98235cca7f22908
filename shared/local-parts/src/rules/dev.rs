use super::{BuiltInRules, tests::talk};
#[test]
fn dev() {
    for lines in [
"v: Guten Morgen Frau Krämer, hören Sie mich?
c: Ja, guten Morgen, ich höre Sie gut. Ich bin noch schnell Kaffee holen gewesen.
v: Sehr gut. Wie ist die Umstellung gelaufen?
c: Eigentlich ganz gut. Die Kollegen kommen gut zurecht, und die neuen Regeln laufen prima.
v: Das freut mich. Sie hatten geschrieben, dass es ein Thema gibt?
c: Ja, also, wenn bei uns jemand in Elternzeit geht, dann hat der oft zweihundert offene Tickets. Und die muss ich alle einzeln anfassen. Ich klicke das Ticket an, ändere den Bearbeiter, speichere, zurück zur Liste. Das dauert einen ganzen Vormittag.
v: Oje.
c: Wir bräuchten einfach eine Möglichkeit, mehrere Tickets auf einmal zuzuweisen. Häkchen dran, neuer Bearbeiter, fertig.
v: Das geht heute leider noch nicht. Ich gebe das an die Entwicklung weiter.
c: Das wäre toll. Und sagen Sie, wegen der Lizenzen, wir haben da noch zehn übrig, kann man da am Preis etwas machen?
v: Da schaue ich nach.
c: Gut. Dann nächsten Dienstag um zehn?
v: Passt mir gut. Schönen Tag noch!
c: Danke, tschüss.",
"v: Bonjour Madame Lefèvre, vous m'entendez ?
c: Oui, bonjour, très bien. Il pleut des cordes ici.
v: Chez nous aussi. Alors, comment ça se passe avec l'application ?
c: Dans l'ensemble ça va, les techniciens s'en servent tous les jours. Mais il y a un truc qui les rend fous.
v: Dites-moi.
c: En fait, dès qu'ils descendent au parking il n'y a plus de réseau, et là l'appli ne charge plus rien. Ils remplissent le compte rendu, ils valident, et tout est perdu.
v: Ah mince.
c: Du coup ils notent tout sur un papier et ils ressaisissent le soir. Ça leur prend une demi-heure chaque jour. Ce qu'il nous faudrait, c'est un mode hors ligne, que ça s'enregistre sur le téléphone et que ça parte après.
v: Donc si je résume, un mode hors connexion pour les comptes rendus d'intervention, avec un envoi au retour du réseau.
c: Exactement. C'est ça.
v: Je le note et je le transmets à l'équipe produit.
c: Merci. Et pour le renouvellement, vous m'envoyez le devis ?
v: Oui, avant vendredi.
c: Parfait, bonne journée.",
"v: Hola Marta, ¿qué tal el fin de semana?
c: Bien, bien, con los niños en la playa. ¿Me oyes bien?
v: Perfectamente. Cuéntame, ¿cómo va todo?
c: Pues mira, en general contentos. Pero las notificaciones nos están volviendo locos.
v: ¿Y eso?
c: Cada vez que alguien toca un ticket nos llega un correo a todos. Ayer recibí ciento cuarenta. Ya nadie los lee, y el jueves se nos pasó uno urgente de un hospital.
v: Vaya.
c: Nos gustaría poder elegir qué avisos recibe cada uno. Por ejemplo, solo los urgentes, o un resumen por la mañana.
v: Eso todavía no se puede, pero lo paso al equipo de producto.
c: Vale, gracias. Y oye, ¿la reunión del jueves la podemos pasar al viernes?
v: Claro, te mando la invitación.
c: Perfecto, hasta luego.",
"v: Oi Renata, tudo bem? Está me ouvindo?
c: Tudo bem, estou ouvindo sim.
v: Que bom. Como foi a semana?
c: Corrida, mas boa. A equipe gostou do treinamento, viu. Só tem uma coisa que pega.
v: Me conta.
c: É a busca. A gente procura pelo número de série do equipamento e não aparece nada. Ele só procura no título do chamado. Aí o pessoal abre um por um até achar.
v: Entendi.
c: Tem como a busca olhar também nos campos personalizados?
v: Hoje não, infelizmente.
c: Pois é, isso ajudaria demais. A gente perde uma meia hora por dia com isso.
v: Vou levar para o time de produto.
c: Obrigada. E o contrato, você me manda até sexta?
v: Mando sim.",
"v: Good afternoon, is that Harriet?
c: It is, hello. Bear with me, the dog's barking.
v: No worries at all.
c: Okay. So, we went live in all nine shops, and it's been, um, mostly fine.
v: Mostly?
c: Well. When a customer calls we search by their phone number. And with you I type it with a space and it finds nothing, I type it without and there they are. Half the shops type it one way and half the other.
v: Ah.
c: So we end up with two contacts for the same person. We've got about three hundred of those now and my deputy spends her Thursdays sorting them.
v: And merging contacts, have you tried that, under the contact menu?
c: Yes, we do, one pair at a time. I'd be happy if it just ignored the spaces.
v: That makes sense. I'll raise it.
c: And what about the price for the two new shops, is it the same as the others?
v: Same per seat.
c: Lovely. Then let's talk again when they're open.",
"v: Hey Tim. Did you get the invite for the roadmap webinar?
c: I did, I'm in. Will you talk about the new AI thing?
v: A bit. Would you be interested in that?
c: Maybe. Not our top priority to be honest, we've got bigger fish to fry.
v: Such as?
c: The migration to the new data center. It's eating everybody. So from your side just keep the lights on.
v: Understood. Everything running okay with us?
c: Yes, no complaints. There was that hiccup in May with the emails, but that got fixed in a day.
v: Good. Then see you at the webinar.
c: See you there. Oh, could you send me the link again?
v: Will do.",
    ] {
        let c = talk(lines);
        println!("=== {:?}", BuiltInRules.detect(&c));
        BuiltInRules.dump(&c);
        println!("{:#?}", BuiltInRules.extract(&c, 2));
    }
}
