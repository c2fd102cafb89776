"""Cue words: lists of words that mark a name in an English text, and the type of its entity.

Heads end the names of organizations and places, titles precede the names of persons, and the two
lists in `data/` have the words that are parts of names and those that are common (`tools/words.py`
makes them). All words are in lower case, except for acronyms.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from .gazetteer import DATA, demonyms

BODIES = frozenset(
    "academy administration agency airlines airways alliance army assembly association "
    "authority bank battalion bloc board brigade brigades bureau cabinet campaign caucus "
    "center centre chamber clinic club co coalition college command commission committee "
    "community company confederation conference congress consortium convoy corp corporation "
    "corps council court courts department directorate division faculty federation fleet "
    "force forces forum foundation front fund gmbh government group guard guards holdings inc "
    "industries initiative institute institution laboratory league legion library llc ltd "
    "media militia ministry mission motors movement museum navy network news observatory "
    "office opposition orchestra organisation organization parliament partnership party plc "
    "police press program programme project regiment registry reserve resistance school "
    "secretariat senate service services society squad staff syndicate taskforce team "
    "technologies times tribunal tribune trust unicameral union unit units university watch "
    "wing workshop".split()
)
"""Words that end the names of organizations: Syrian Observatory, Central Bank."""

ARMED = frozenset(
    "army battalion battalions brigade brigades corps division faction fighters force forces "
    "front guard guards jihad legion liwa militia movement party regiment resistance squadron "
    "units".split()
)
"""Heads of armed and political groups, which have the type group instead of organization."""

LED = frozenset("administration campaign government team".split())
"""Heads that do not turn a person's name into an organization's: the Obama administration."""

SITES = frozenset(
    "airbase airfield airport archipelago avenue barrage base basin bay beach border "
    "boulevard bridge camp canal canyon castle cathedral cemetery church citadel city coast "
    "county creek crossing dam desert district falls farms forest fort fortress garden "
    "gardens governorate gulf harbor harbour heights highway hill hills hospital hotel island "
    "islands isles junction lake mall marshes monastery mosque mount mountain mountains "
    "neighborhood neighbourhood oasis ocean palace park peninsula plain plains plateau port "
    "prison province quarter ranch refinery region ridge river road roundabout sea shrine "
    "square stadium station strait street suburb suburbs synagogue temple terminal theater "
    "theatre tower town township valley village zoo".split()
)
"""Words that end the names of places: Tigris River, Diyala Province."""

PLACED = frozenset(
    "ain ayn bab bayt beit camp cape dayr deir fort jabal jebel kafar kafr khan lake mount "
    "port puerto rio saint san santa st tal tall tel tell wadi".split()
)
"""Words that begin the names of places: Mount Sinjar, Tel Abyad."""

TROOPS = frozenset(
    "ahrar ansar asaib failaq faylaq firqat harakat hizb jabhat jaish jamaat jaysh jund "
    "kataib katibat lashkar liwa quwat saraya suqour tanzim".split()
)
"""Words that begin the names of armed groups: Jaysh al-Islam."""

ROMANCE = frozenset("da de del di la las le los".split())
"""Particles that do not begin a person's name: Le Monde."""

SETTLEMENTS = frozenset(
    "area cities city district governorate neighborhood neighbourhood outskirts province "
    "region suburb suburbs town towns village villages".split()
)
"""Words in lower case next to the name of a place: the town of Marea, Mosul district."""

TITLES = frozenset(
    "admiral adviser advisor ambassador analyst archbishop attorney ayatollah baron baroness "
    "bishop brig brigadier capt captain cardinal chairman chairwoman chancellor chief cleric "
    "coach col colonel commander commissioner comrade congressman congresswoman coordinator "
    "correspondent count cpl dame delegate deputy dictator diplomat director dr emir envoy "
    "father founder gen general gov governor hon imam inspector journalist judge justice king "
    "lady lawyer leader lieutenant lord lt ltc maj major mayor messrs militant minister miss "
    "monsignor mr mrs ms mufti officer opposition pastor patriarch pfc philosopher poet pope "
    "premier president prime prince princess private producer prof professor prosecutor pvt "
    "queen rabbi rapporteur rep representative researcher rev reverend sayyid secretary sen "
    "senator sergeant sgt shaikh sharif sheik sheikh sheriff sir sister speaker spokesman "
    "spokesperson spokeswoman sultan superintendent teacher translator treasurer "
    "undersecretary".split()
)
"""Words that precede the name of a person and are not part of it."""

RANKS = frozenset(
    "acting affairs agriculture assistant co commerce culture defence defense economy "
    "education energy ex executive finance first foreign former head health high homeland "
    "housing information interior joint justice labor labour lead managing national petty "
    "press prime regional security senior special state trade transportation treasury urban "
    "veterans vice war".split()
)
"""Words that occur within a title: Foreign Minister, Deputy Prime Minister."""

PARTICLES = frozenset(
    "abd abdel abdul abu bin bint bou da de del den der di ibn la le ould oum umm van von".split()
)
"""Words within or before the name of a person: Abu Jandal, Anders van Berg."""

NOT_NAMES = frozenset(
    "advertisement advertisements allah am apr april aug august bible breaking caption "
    "christianity christmas comments continued cookies copyright dec december east easter "
    "eastern edt eid est exclusive feb february file fri friday getty gmt god i image images "
    "internet islam jan january jul july jun june koran mar march may mon monday more "
    "newsletter north northern nov november oct october photo photos picture pm quran ramadan "
    "read related sat saturday sep sept september share source sources south southern story "
    "subscribe sun sunday thu thursday tue tuesday tweet update updated utc via video videos "
    "watch wed wednesday west western".split()
)
"""Capitalized words that are not names: months, weekdays, and the boilerplate of web pages."""

SMALL = frozenset(
    "about after against amid among and are before between but for from has her his into its "
    "nor not off out over per than that the their under upon via was with yet".split()
)
"""Words that are in lower case even in a headline."""

SPOKE = (
    r"(?:said|says|told|tells|added|adds|asked|wrote|writes|warned|argued|insisted|recalled|explained|"
    r"noted|stressed|replied|claimed|announced|admitted|acknowledged|agreed|remembered|testified)"
)
"""Pattern of verbs of saying after a person's name: `Caughlin said`."""

NO_ACRONYMS = frozenset(
    "AC AD AIDS AK AM ASAP BC BCE BST CD CE CEO CET CFO COM COO COVID CT CTO DC DIY DNA DVD "
    "ED EDT ER EST ET EUR FAQ FOMO FY FYI GBP GDP GMT GPS GW HD HIV HQ HR HTML ICU ID IDP "
    "IDPS IED IEDS II III IP IT IV IX JR KM KW LGBT LGBTQ MANPADS MBA MD MEP MOAB MP MPH MPS "
    "MRI MW NGO NGOS OK OP OPED PC PDF PHD PM POW POWS PR PST PTSD RIP RN RPG RSS SMS SR SUV "
    "SWAT TPS TV UAV UAVS UHF URL USD USS USSR UTC VAT VBIED VHF VI VII VIII VP WMD WWI WWII "
    "WWW XI XII XIII XIV XV".split()
)
"""Acronyms that are not names of organizations: those of things, ranks and times."""


@lru_cache(maxsize=1)
def name_parts() -> frozenset[str]:
    """Return the words that are parts of persons' names: Latin, in lower case, without accents."""
    text = gzip.decompress((DATA / "name_parts.txt.gz").read_bytes()).decode()
    return frozenset(text.split("\n"))


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the words that are more often in lower case than capitalized."""
    return frozenset((DATA / "common_words.txt").read_text(encoding="utf-8").split())


DEMONYMS = frozenset(demonym.lower() for demonym in demonyms()) | {"arab", "arabs", "european"}
"""Words for peoples, in lower case."""

NOBODY = (
    NOT_NAMES
    | DEMONYMS
    | frozenset(
        "alawite christian christians congress democrat democratic democrats globe house "
        "islamic islamist jewish jews marathon muslim muslims oversight replay republican "
        "republicans senate shia shiite sunni swat".split()
    )
)
"""Words that are not part of a person's name, though they may be part of an organization's."""

NAMELIKE_TITLES = frozenset(
    "bishop count dean emir imam judge justice king lord major pope prince sayyid shaikh "
    "sharif sheik sheikh sultan".split()
)
"""Titles that are also surnames or given names: Stephen King, Sheikh Hasina."""
