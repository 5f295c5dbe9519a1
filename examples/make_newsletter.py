"""Makes `examples/newsletter`: the lists of a company that wants to send its first newsletter, as they lie around.

Everybody in them is invented: names are drawn from the lists below, addresses end in `.example`, telephone numbers are
from the ranges that regulators keep free for drama. The same seed gives the same files.

    python examples/make_newsletter.py [FOLDER]
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from newsletter_lists import write_lists

SEED = 20261104

GIVEN = {
    "GB": (
        "Amelia Beatrice Callum Daphne Edmund Fiona Graham Harriet Imogen Jasper Keira Leonard Matilda Nigel Olive Percival "
        "Rosalind Stuart Thea Vernon Winifred Margaret William Katherine James Alistair Bridget Clive Dorothy Elspeth Fergus "
        "Gwen Hugh Iris Julian Kenneth Lydia Malcolm Norah Oliver Philippa Rupert Sheila Tristan Una Vivian"
    ),
    "US": (
        "Abigail Brandon Carlos Denise Ethan Felicia Grant Hannah Isaiah Jocelyn Kendra Logan Marisol Nathaniel Odessa "
        "Preston Robert Shelby Tyrone Valerie Elizabeth Michael Deborah Christopher Alicia Bradley Chelsea Dwayne Esther "
        "Franklin Gloria Howard Ingrid Jerome Kayla Luther Monique Nelson Priscilla Rodney Savannah Travis Wendy Xavier"
    ),
    "DE": (
        "Anneliese Björn Cornelia Dietmar Elke Friedhelm Gisela Holger Ingeborg Jörg Käthe Lothar Mechthild Norbert Ottilie "
        "Petra Rüdiger Sabine Torsten Ulrike Volker Waltraud Achim Birgit Carsten Dagmar Egon Frauke Gerhard Heike Ilse "
        "Jochen Kerstin Ludger Marlies Nikolaus Renate Sönke Tanja Uwe"
    ),
    "FR": (
        "Aurélie Bastien Clémence Didier Élodie François Ghislaine Hervé Joëlle Laurent Mireille Noël Océane Thierry "
        "Agnès Benoît Cécile Fabrice Hélène Luc Maëlle Pascal Sylvie Yves"
    ),
    "AU": "Bronwyn Clancy Darcy Ewan Gemma Hamish Isla Jarrah Kylie Lachlan Marnie Nash Tahlia Wade Brody Callie Heath Indi",
}
COMMON = {  # the surnames that every telephone book is full of
    "GB": ["Smith", "Jones"],
    "US": ["Smith", "Johnson"],
    "DE": ["Müller", "Schmidt"],
    "FR": ["Martin"],
    "AU": ["Smith"],
}
FAMILY = {  # beginnings and endings: most surnames are rare
    "GB": (
        "Aber Black Car Dun East Fair Gal Hart Ingle Ketter Lock Merri North Pember Quill Raven Strath Thistle Under Whit",
        "croft bourne hurst ley more nall stead thorpe wick worth",
    ),
    "US": (
        "Apple Bridge Castel Dris Ells Fon Gran Hollo Jen Kowal Lang Mont Naka Oak Pres Quin Ruther Sand Vander Whit",
        "berg cott dale field gate land man quist son ville",
    ),
    "DE": (
        "Achter Brück Dörf Eschen Fähr Grün Höls Jäger Köhl Lüden Möllen Nuß Oehl Pfann Röß Schön Über Wald Weiß Zöll",
        "bach bauer berg brandt feld hoff kamp mann rieder stein",
    ),
    "FR": ("Beau Chev Dela Fer Guér Haute Lef Mont Pel Rous Vass", "reuil croix rand inot clair tier selet èvre court"),
    "AU": ("Ash Bell Coola Drum Fern Glen Kirri Man Rose Wattle", "bird burn grove lea ton vale wood"),
}
STREETS = {
    "GB": ["Tannery Row", "Orchard Lane", "Mill Street", "Station Road", "Victoria Gardens", "Church Close"],
    "US": ["Wharf Street", "Maple Avenue", "Harbor Drive", "Canyon Road", "Lakeview Boulevard", "Cedar Court"],
    "DE": ["Grüne Straße", "Bahnhofstraße", "Lindenweg", "Am Mühlbach", "Goetheplatz", "Hafengasse"],
    "FR": ["rue de la Filature", "avenue des Tilleuls", "place du Marché", "chemin des Vignes"],
    "AU": ["Bottlebrush Street", "Jetty Road", "Gumnut Crescent", "Stuart Highway"],
}
PLACES = {  # city, region, postal codes
    "GB": [
        ("London", "Greater London", ["SE1 0ZQ", "E2 9ZW"]),
        ("Leeds", "West Yorkshire", ["LS1 9ZZ"]),
        ("Bristol", "Avon", ["BS1 9QQ"]),
    ],
    "US": [("Boston", "MA", ["02116", "02130"]), ("Denver", "CO", ["80202"]), ("Seattle", "WA", ["98109"])],
    "DE": [
        ("Dresden", "Sachsen", ["01067", "01099"]),
        ("Köln", "Nordrhein-Westfalen", ["50667"]),
        ("Kiel", "Schleswig-Holstein", ["24103"]),
    ],
    "FR": [("Lyon", "Rhône", ["69002"]), ("Bourg-en-Bresse", "Ain", ["01000"])],
    "AU": [("Darwin", "NT", ["0800", "0810"]), ("Hobart", "TAS", ["7000"])],
}
FORMS = {
    "GB": ["Ltd", "Limited", "plc"],
    "US": ["Inc.", "LLC", "Corp."],
    "DE": ["GmbH", "AG", "GmbH & Co. KG"],
    "FR": ["SARL", "SA"],
    "AU": ["Pty Ltd"],
}
TRADES = "Analytics Logistics Foods Instruments Textiles Energy Gardens Publishing Ceramics Software Optics Timber Travel Legal".split()
STEMS = (
    "Birchwater Nordlicht Harbour Saltmarsh Tsubame Kestrel Lanternfish Ironbridge Moorhen Quayside Redfern Silverbirch Thornfield "
    "Umbra Vellum Westering Yarrow Zephyr Alderbrook Brightwell Cobalt Driftwood Elmstead Foxglove Greyfriars Hazelmere Ivory "
    "Juniper Kingfisher Larkspur Mistral Nettle Osprey Pinnacle Quarry Rowan Sandpiper Tamarind Upland Viaduct"
).split()
TITLES = [
    "Managing Director",
    "Head of Purchasing",
    "Office Manager",
    "Buyer",
    "Sales Director",
    "Marketing Manager",
    "Engineer",
    "Accountant",
]
FREE_MAIL = ["homemail.example", "mailbox.example", "postfach.example"]
ASCII = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "é": "e",
        "è": "e",
        "ë": "e",
        "ç": "c",
        "É": "e",
        "Ü": "ue",
        "ï": "i",
        " ": "",
        "'": "",
    }
)


@dataclass(frozen=True)
class Place:
    """A postal address."""

    street: str
    city: str
    region: str
    postal_code: str
    country: str


@dataclass(frozen=True)
class Organisation:
    """A company; its switchboard and its role mailbox belong to nobody in particular."""

    entity: str
    name: str
    domain: str
    country: str
    place: Place
    phone: str


@dataclass(frozen=True)
class Person:
    """Somebody, with what life does to people: a former job, a former name, a former home, a household."""

    entity: str
    given: str
    family: str
    country: str
    home: Place
    mobile: str
    private: str
    title: str = ""
    suffix: str = ""
    birthday: str = ""
    employer: Organisation | None = None
    former: Person | None = field(default=None, compare=False)

    @property
    def work(self) -> str:
        """The address at the employer, '' without one."""
        return f"{slug(self.given)}.{slug(self.family)}@{self.employer.domain}" if self.employer else ""

    @property
    def email(self) -> str:
        """The address that most lists know."""
        return self.work or self.private


def slug(text: str) -> str:
    """'Jörg von Walden' -> 'joergvonwalden'."""
    return text.lower().translate(ASCII)


class Dice(random.Random):
    """Chance with a memory: telephone numbers and mailboxes are given out once."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.mailboxes: set[str] = set()
        self.numbers: set[str] = set()


def phone(dice: Dice, country: str, mobile: bool) -> str:
    """A number that nobody else in the lists has."""
    while True:
        made = drama_number(dice, country, mobile)
        digits = "".join(c for c in made if c.isdigit())[-9:]
        if digits not in dice.numbers:
            dice.numbers.add(digits)
            return made


def drama_number(dice: Dice, country: str, mobile: bool) -> str:
    """A number of a range that nobody can have; written nationally half of the time."""
    number = dice.randint
    if country == "US":
        area = dice.choice(["617", "303", "206", "212", "312", "415", "503", "602", "702", "713", "801", "917"])
        return dice.choice([f"({area}) 555-01{number(0, 99):02d}", f"+1 {area}-555-01{number(0, 99):02d}"])
    if country == "DE":
        return (
            f"+49 171 391{number(0, 99999):05d}"
            if mobile
            else dice.choice(["030", "+49 30"]) + f" 23125 {number(0, 999):03d}"
        )
    if country == "FR":
        return (
            f"+33 6 39 98 {number(0, 99):02d} {number(0, 99):02d}"
            if mobile
            else f"+33 1 99 00 {number(0, 99):02d} {number(0, 99):02d}"
        )
    if country == "AU":
        return f"+61 491 57{number(0, 9)} {number(0, 999):03d}" if mobile else f"+61 2 5550 {number(0, 9999):04d}"
    return (
        f"+44 7700 900{number(0, 999):03d}"
        if mobile
        else dice.choice(["020", "+44 20"]) + f" 7946 0{number(0, 999):03d}"
    )


def place(dice: Dice, country: str) -> Place:
    """A postal address in one of the country's towns."""
    city, region, codes = dice.choice(PLACES[country])
    number, street = dice.randint(1, 180), dice.choice(STREETS[country])
    line = f"{street} {number}" if country == "DE" else f"{number} {street}"
    return Place(line, city, region, dice.choice(codes), country)


def organisations(dice: Dice, count: int = 80) -> list[Organisation]:
    """Companies with different names and domains."""
    names = dice.sample([f"{stem} {trade}" for stem in STEMS for trade in TRADES], count)
    made = []
    for number, name in enumerate(names, 1):
        country = dice.choices(list(GIVEN), [30, 25, 25, 12, 8])[0]
        domain = slug(name) + ".example"
        full = f"{name} {dice.choice(FORMS[country])}"
        made.append(
            Organisation(f"O{number:03d}", full, domain, country, place(dice, country), phone(dice, country, False))
        )
    return made


def people(dice: Dice, employers: list[Organisation], count: int = 400) -> list[Person]:
    """People with different full names, but for the families made by `families`."""
    made: list[Person] = []
    seen: set[tuple[str, str]] = set()
    while len(made) < count - 34:
        employer = dice.choice(employers) if dice.random() < 0.68 else None
        country = employer.country if employer else dice.choices(list(GIVEN), [30, 25, 25, 12, 8])[0]
        given, family = dice.choice(GIVEN[country].split()), surname(dice, country)
        if (given, family) in seen:
            continue
        seen.add((given, family))
        made.append(person(dice, f"P{len(made) + 1:03d}", given, family, country, employer))
    return families(dice, lives(dice, made, employers))


def surname(dice: Dice, country: str) -> str:
    """A common name now and then, mostly a rare one, sometimes two joined or one with a particle."""
    if dice.random() < 0.06:
        return dice.choice(COMMON[country])
    first, last = (words.split() for words in FAMILY[country])
    name = dice.choice(first) + dice.choice(last)
    if dice.random() < 0.04:
        return f"{name}-{dice.choice(first)}{dice.choice(last)}"
    if dice.random() < 0.04:
        return {"GB": "O'", "US": "Mc", "DE": "von ", "FR": "de ", "AU": "Mac"}[country] + name
    return name


def person(dice: Dice, entity: str, given: str, family: str, country: str, employer: Organisation | None) -> Person:
    """One person with a home, a mobile telephone and a private mailbox."""
    private = mailbox(dice, given, family)
    birthday = f"{dice.randint(1950, 1999)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
    title = dice.choice(TITLES) if employer else ""
    return Person(
        entity,
        given,
        family,
        country,
        place(dice, country),
        phone(dice, country, True),
        private,
        title,
        "",
        birthday,
        employer,
    )


def mailbox(dice: Dice, given: str, family: str) -> str:
    """A private address that nobody else has."""
    while True:
        made = f"{slug(given)}{dice.choice(['.', '', '_'])}{slug(family)}{dice.randint(1, 99)}@{dice.choice(FREE_MAIL)}"
        if made not in dice.mailboxes:
            dice.mailboxes.add(made)
            return made


def lives(dice: Dice, made: list[Person], employers: list[Organisation]) -> list[Person]:
    """Every tenth person has changed the job, some have moved, a few have married; `former` is who they were."""
    lived = []
    for someone in made:
        fate = dice.random()
        now = someone
        if someone.employer and fate < 0.10:
            others = [e for e in employers if e.country == someone.country and e is not someone.employer]
            now = replace(someone, employer=dice.choice(others), former=someone)
        elif fate < 0.16:
            now = replace(someone, home=place(dice, someone.country), former=someone)
        elif fate < 0.18:
            now = replace(someone, family=surname(dice, someone.country), former=someone)
        lived.append(now)
    return lived


def families(dice: Dice, made: list[Person]) -> list[Person]:
    """Adds 30 partners at the same address, five of them with the same mailbox, and four fathers and sons of one name."""
    whole = list(made)
    singles = [p for p in made if not p.former]
    for number, one in enumerate(dice.sample(singles, 30)):
        taken = {p.given for p in made if p.family == one.family}
        given = dice.choice([g for g in GIVEN[one.country].split() if g not in taken])
        partner = replace(person(dice, f"P{len(whole) + 1:03d}", given, one.family, one.country, None), home=one.home)
        whole.append(replace(partner, private=one.private) if number < 5 else partner)
    for father in [p for p in singles if p.country in ("GB", "US")][:4]:
        born = (
            f"{int(father.birthday[:4]) + 28}{father.birthday[4:]}" if int(father.birthday[:4]) < 1975 else "1999-05-17"
        )
        son = person(dice, f"P{len(whole) + 1:03d}", father.given, father.family, father.country, None)
        whole.append(replace(son, home=father.home, suffix="Jr", birthday=born))
        whole[whole.index(father)] = replace(father, suffix="Sr")
    return whole


def main(folder: Path) -> None:
    """Writes all lists and truth.csv into `folder`."""
    dice = Dice(SEED)
    employers = organisations(dice)
    everybody = people(dice, employers)
    (folder / "lists").mkdir(parents=True, exist_ok=True)
    rows = write_lists(dice, folder, everybody, employers)
    print(f"{len(everybody)} people, {len(employers)} organisations, {rows} records in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "newsletter")
