"""Short ways to say what the tests of the store do."""

from __future__ import annotations

from typing import Any

from glossary.concept import Concept, Status, Term
from glossary.language import Language
from glossary.store.port import Edit, Query, Store
from service.settings import Settings
from service.wiring import make_store

EN, ZH_TW, KO = Language.EN, Language.ZH_TW, Language.KO


def store_at(url: str) -> Store:
    return make_store(Settings(database=url))


def term(text_: str, language: Language = EN, status: Status = Status.PREFERRED) -> Term:
    return Term(language=language, text=text_, status=status)


def concept(id_: str, *terms: Term, **more: Any) -> Concept:
    return Concept(id=id_, terms=terms or (term(id_), term(f"{id_}詞", ZH_TW)), **more)


def put(store: Store, *concepts: Concept, who: str = "ann") -> int:
    return store.apply("exams", [Edit.put(each) for each in concepts], who)


def ids(store: Store, **query: Any) -> list[str]:
    return [each.concept.id for each in store.concepts("exams", Query(**query)).records]
