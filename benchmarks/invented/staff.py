"""Staff of firms at the Gulf: Arabic names in several spellings, Indian ones with initials, mobiles, mailboxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from benchmarks.invented.draw import chance, digits, endlessly, listed, maybe, name, slip

#: Names with their spellings, the usual one first.
GIVEN: Final = [
    ("Mohammed", "Muhammad", "Mohamed", "Mohammad", "Mohd"), ("Ahmed", "Ahmad"),
    ("Youssef", "Yousef", "Yusuf", "Yousif"), ("Khalid", "Khaled"), ("Abdullah", "Abdulla", "Abdallah"),
    ("Abdulrahman", "Abdul Rahman", "Abdel Rahman"),
    ("Fatima", "Fatma", "Fatimah"), ("Aisha", "Ayesha", "Aysha"), ("Hussein", "Hussain", "Husain"), ("Omar", "Umar"),
    ("Saeed", "Said", "Saeid"), ("Tariq", "Tarek", "Tareq"), ("Layla", "Leila", "Laila"), ("Noor", "Nour", "Nur"),
    ("Rashid", "Rashed"), ("Hamad", "Hamed"), ("Salem", "Salim"), ("Nasser", "Nasir", "Naser"), ("Majid", "Majed"),
    ("Ibrahim", "Ebrahim"), ("Sultan",), ("Mariam", "Maryam"), ("Zainab", "Zeinab"), ("Hassan", "Hasan"),
    ("Jamal", "Gamal"), ("Walid", "Waleed"), ("Karim", "Kareem"), ("Amina", "Aminah"), ("Bilal",), ("Huda", "Hoda")]
FAMILY: Final = [
    ("Al Mansouri", "Al-Mansoori", "Almansoori"), ("Al Farsi", "Al-Farsi", "Alfarsi"), ("Haddad", "Hadad"),
    ("Al Zaabi", "Al-Zaabi", "Alzaabi"), ("Khoury", "Khouri"), ("El Sayed", "Elsayed", "Al Sayed"),
    ("Al Shamsi", "Al-Shamsi", "Alshamsi"), ("Qureshi", "Qureishi"), ("Al Balushi", "Al-Baloushi", "Albalushi"),
    ("Nasr",), ("Mahmoud", "Mahmud"), ("Saleh", "Salih"), ("Al Ketbi", "Al-Ketbi", "Alketbi"), ("Darwish", "Darweesh"),
    ("Al Harthi", "Al-Harthy", "Alharthi"), ("Suleiman", "Sulaiman", "Soliman"), ("Ghanem", "Ghanim"),
    ("Al Maktari", "Al-Maktari"), ("Fares", "Faris"), ("Bin Saeed", "bin Said"), ("Al Nuaimi", "Al-Nuaimi", "Alnuaimi"),
    ("Hijazi", "Hejazi"), ("Osman", "Othman"), ("Barakat",), ("Al Hosani", "Al-Hosani", "Alhosani"),
    ("Rahman", "Rehman")]
SOUTH: Final = ["Venkatesan", "Subramanian", "Ramakrishnan", "Murugan", "Senthil", "Karthikeyan", "Rajendran",
                "Lakshmi", "Priya", "Anand", "Suresh", "Ganesh", "Meena", "Kavitha", "Balaji", "Saravanan",
                "Vijayalakshmi", "Natarajan", "Arun", "Deepa", "Krishnan", "Mohan", "Sundaram", "Revathi", "Prakash",
                "Radhika"]
FIRMS: Final = ["Falcon", "Oasis", "Pearl", "Dune", "Coral", "Palm", "Saffron", "Anchor", "Crescent", "Horizon"]
TRADES: Final = ["Trading", "Contracting", "Shipping", "Catering", "Facilities", "Steel"]
CITIES: Final = ["Dubai", "Sharjah", "Abu Dhabi", "Doha", "Muscat"]


@dataclass(frozen=True)
class Employee:
    """One employee, as in life: names in one spelling and how to write them otherwise."""

    given: str
    family: str
    write: Callable[[Random, str, str], str]
    firm: str
    domain: str
    city: str
    mobile: str
    email: str


def made(draw: Random, rows: int) -> list[dict[str, str]]:
    """Rows of the list."""
    return listed(draw, endlessly(draw, _firm), _row, rows)


def _firm(draw: Random) -> list[Employee]:
    firm, city = f"{draw.choice(FIRMS)} {draw.choice(FIRMS)} {draw.choice(TRADES)}", draw.choice(CITIES)
    domain = firm.lower().replace(" ", "") + ".example"
    return [_employee(draw, firm, domain, city) for _ in range(draw.choice((1, 2, 4, 8, 15)))]


def _employee(draw: Random, firm: str, domain: str, city: str) -> Employee:
    people: tuple[tuple[str, str, Callable[[Random, str, str], str]], ...] = (
        (draw.choice(GIVEN)[0], draw.choice(FAMILY)[0], _arabic), (draw.choice(SOUTH), draw.choice(SOUTH), _southern),
        (name(draw, "en_IN", "first_names"), name(draw, "en_IN", "last_names"), _plain))
    given, family, write = draw.choices(people, (5, 3, 2))[0]
    local = "".join(letter for letter in f"{given}{draw.choice(('.', ''))}{family}".lower() if letter not in " -")
    local = local if chance(draw, 0.7) else f"{given[0].lower()}{digits(draw, 3)}"
    return Employee(given, family, write, firm, domain, city, f"+971 5{draw.choice('0256')} {digits(draw, 7)}",
                    f"{local}@{domain}")


def _arabic(draw: Random, given: str, family: str) -> str:
    """In one of the spellings, half of the time the usual one."""
    forms = {spellings[0]: spellings for spellings in (*GIVEN, *FAMILY)}
    return " ".join(text if chance(draw, 0.5) else draw.choice(forms[text]) for text in (given, family))


def _southern(draw: Random, given: str, family: str) -> str:
    """A father's name, mostly as an initial, before or behind the own one."""
    return draw.choices((f"{family[0]}. {given}", f"{given} {family[0]}", f"{given} {family}", f"{family[0]} {given}",
                         given), (30, 25, 30, 10, 5))[0]


def _plain(draw: Random, given: str, family: str) -> str:
    return f"{given} {family}"


def _row(draw: Random, one: Employee, first: bool) -> dict[str, str]:
    if not first and chance(draw, 0.12):
        one = replace(one, mobile=f"+971 5{draw.choice('0256')} {digits(draw, 7)}")
    shown = maybe(draw, 0.05, slip, one.write(draw, one.given, one.family))
    return {"Name": shown.upper() if chance(draw, 0.2) else shown,
            "Company": one.firm if chance(draw, 0.7) else "", "City": one.city if chance(draw, 0.7) else "",
            "Mobile": "" if chance(draw, 0.3) else one.mobile.replace(" ", draw.choice(("", " ", "-"))),
            "Email": "" if chance(draw, 0.45) else one.email}
