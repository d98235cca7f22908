//! What was said, what a finding makes of its numbers and dates, and what of that nobody said.

use super::check;

#[test]
fn numbers_of_english_calls() {
    check(&[
        (
            "We get twenty-five of these a day.",
            "They get 25 of these a day.",
            &[],
        ),
        (
            "We get lots of these a day.",
            "They get 28 of these a day.",
            &["Number 28"],
        ),
        (
            "It takes two and a half hours, for half a million rows.",
            "It takes 2.5 hours, and they have 500,000 rows.",
            &[],
        ),
        (
            "It takes ages, for all the rows.",
            "It takes 2.5 hours for the rows.",
            &["Number 2.5"],
        ),
        (
            "A dozen people share it, a couple of them at night.",
            "Twelve people share it, two of them at night.",
            &[],
        ),
        (
            "A dozen people share it.",
            "Fifteen people share it.",
            &["Number Fifteen"],
        ),
        (
            "The upload stops at twenty five megs.",
            "The upload stops at 25MB.",
            &[],
        ),
        (
            "The upload stops at twenty five megs.",
            "The upload stops at 25MB, and they need 75MB.",
            &["Number 75MB"],
        ),
        (
            "We pay fifteen hundred dollars for ten k lines.",
            "They pay $1,500 for 10,000 lines.",
            &[],
        ),
        (
            "We pay quite something for it.",
            "They pay five hundred dollars for it.",
            &["Amount five hundred dollars"],
        ),
        (
            "It fails with five oh three, about nineteen percent of the time, since nineteen ninety-nine.",
            "It fails with error 503 in 19% of cases since 1999.",
            &[],
        ),
        (
            "It fails about half the time, for an hour and a half.",
            "It fails in 50% of cases, for 90 minutes.",
            &[],
        ),
        (
            "It fails now and then.",
            "It fails in 40% of cases.",
            &["Number 40"],
        ),
        (
            "There were 1,987 rows, then 338.",
            "There were 2,000 rows, then about 350.",
            &[],
        ),
        (
            "We can go from 10 to 50, it runs 24 hours a day.",
            "One click, first of all, should give two lists from 10 to 50, 24/7, as MP3 with 2FA.",
            &[],
        ),
        (
            "We have hundreds of them in four or five places.",
            "They have thousands of them in 4 to 5 places; 1) one, 2) two.",
            &[],
        ),
        (
            "One in five of them fails, nine out of ten at night, with a thirty second timeout.",
            "20% of them fail, 90% at night, with a thirty-second timeout.",
            &[],
        ),
        (
            "It is ticket forty-seven eleven, or four seven one two, and four hundred grand.",
            "They mean tickets 4711 and 4712, and $400k.",
            &[],
        ),
        (
            "Two of our teams keep a list of it.",
            "Two-way sync, three lists, third-party tools, no clicks, 1) once, 2) twice, v2 and HTML5.",
            &[],
        ),
        (
            "Two of our teams keep a list of it.",
            "They spend 3 hours on the list.",
            &["Number 3"],
        ),
    ]);
}

#[test]
fn numbers_of_calls_in_other_languages() {
    check(&[
        (
            "Wir haben fünfundzwanzig Leute und dreihunderttausend Zeilen.",
            "They have 25 people and 300,000 rows.",
            &[],
        ),
        (
            "Wir haben viele Leute und viele Zeilen.",
            "They have 35 people and many rows.",
            &["Number 35"],
        ),
        (
            "Das dauert zweieinhalb Stunden, für anderthalb Millionen Zeilen.",
            "Das dauert 2,5 Stunden für 1.500.000 Zeilen.",
            &[],
        ),
        (
            "Das dauert lange, und wir warten auf die Zeilen.",
            "Das dauert 40 Minuten, und sie warten auf die Zeilen.",
            &["Number 40"],
        ),
        (
            "Wir haben neunzehn Filialen, und das kostet uns fünf Euro.",
            "Sie haben neunzehn Filialen, und das kostet 5 € in der Woche.",
            &[],
        ),
        (
            "Wir haben neunzehn Filialen, und das ist nicht gut.",
            "Sie haben einundzwanzig Filialen, und das ist nicht gut.",
            &["Number einundzwanzig"],
        ),
        (
            "Nous avons soixante-quinze postes et quatre-vingt-dix-sept clients.",
            "They have 75 seats and 97 clients.",
            &[],
        ),
        (
            "Nous avons des postes et des clients.",
            "They have 80 seats for the clients.",
            &["Number 80"],
        ),
        (
            "Ça prend trois heures et demie, une quinzaine de fois par mois.",
            "It takes 3.5 hours, 15 times a month.",
            &[],
        ),
        (
            "On a vingt et un dossiers et deux cents lignes.",
            "Nous avons 21 dossiers et 250 lignes.",
            &["Number 250"],
        ),
        (
            "Tenemos mil quinientos registros y treinta y dos usuarios.",
            "They have 1,500 records and 32 users.",
            &[],
        ),
        (
            "Tenemos muchos registros y los usuarios se quejan.",
            "Tienen 1.800 registros y los usuarios se quejan.",
            &["Number 1.800"],
        ),
        (
            "Son doscientas cuarenta facturas, la mitad con errores.",
            "There are 240 invoices, 50% of them with errors.",
            &[],
        ),
        (
            "Son doscientas cuarenta facturas.",
            "There are 240 invoices and 60 customers.",
            &["Number 60"],
        ),
        (
            "Temos vinte e cinco lojas e duzentos e dez pedidos por dia.",
            "They have 25 stores and 210 orders a day.",
            &[],
        ),
        (
            "Temos muitas lojas e os pedidos não param.",
            "They have 45 stores and the orders do not stop.",
            &["Number 45"],
        ),
        (
            "O limite é de dois mil e quinhentos itens, não dá para mais.",
            "O limite é de 2.500 itens e não chega para 90 lojas.",
            &["Number 90"],
        ),
        (
            "Das waren drei Viertelstunden, also dreizehn mal zu lang.",
            "It took 45 minutes, 13 times too long.",
            &[],
        ),
        (
            "Mil millones de filas y dos mil trescientos usuarios.",
            "They have 1,000,000,000 rows and 2.3k users.",
            &[],
        ),
    ]);
}

#[test]
fn dates_and_times() {
    check(&[
        (
            "We need it by March, before the fourth of January at the latest, and on Mondays.",
            "They need it by March, before 4 January, every Monday.",
            &[],
        ),
        (
            "We need it soon, in march at the latest.",
            "They need it by March 2031.",
            &["Date March 2031"],
        ),
        (
            "We need it soon.",
            "They need it by Friday.",
            &["Date Friday"],
        ),
        (
            "We may march on without it.",
            "They need it in May.",
            &["Date May"],
        ),
        (
            "In the first quarter, twenty twenty-seven.",
            "They need it in Q1 2027.",
            &[],
        ),
        ("Some time next year.", "They need it in Q3.", &["Date Q3"]),
        (
            "It runs at half past three and at quarter to six.",
            "It runs at 15:30 and 5:45.",
            &[],
        ),
        (
            "It runs every night.",
            "It runs every night at 3pm.",
            &["Number 3pm"],
        ),
        (
            "It runs every night.",
            "It runs every night at 15:30.",
            &["Date 15:30"],
        ),
        (
            "Bis zum dritten März, jeden Dienstag um halb vier.",
            "By 3 March, each Tuesday at half past three.",
            &[],
        ),
        (
            "Bis zum Frühling wäre das gut.",
            "Das wäre gut bis Oktober.",
            &["Date Oktober"],
        ),
        (
            "On le veut avant juillet, le quatorze.",
            "They want it before 14 July.",
            &[],
        ),
        (
            "Lo necesitamos antes de las vacaciones.",
            "They need it before December 24th.",
            &["Date December 24"],
        ),
        (
            "Precisamos disso na quinta, até o Natal.",
            "They need it on Thursday, before Christmas.",
            &[],
        ),
        (
            "Precisamos disso logo, antes do verão.",
            "They have needed it since 2019.",
            &["Date 2019"],
        ),
        (
            "It ends on the thirty-first of December, we need it by then.",
            "It ends on 31 December.",
            &[],
        ),
        (
            "we need it by may at the latest",
            "They need it by May.",
            &[],
        ),
        (
            "On le veut avant le trois mars, le trente et un au plus tard.",
            "They want it by 3 March, at the latest by 31 March.",
            &[],
        ),
        (
            "It was on the third of November twenty twenty-six.",
            "It was on 2026-11-03, which is 03.11.2026 or 3/11/2026.",
            &[],
        ),
        (
            "It was in November.",
            "It was on 2026-11-03.",
            &["Date 2026-11-03"],
        ),
    ]);
}
