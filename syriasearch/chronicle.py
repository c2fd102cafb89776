"""Timelines: the part of `Archive` that counts articles over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .handle import Handle
from .models.article import Page
from .models.options import check_count
from .search.query.request import FilterOptions, make_request
from .search.searcher import days, survey

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .models.timeline import Span, Timeline


class Chronicle(Handle):
    """The methods of an archive about time."""

    def timeline(
        self,
        *queries: str,
        by: Span | Literal["auto"] = "month",
        most: int = 60,
        exact: bool = False,
        all_copies: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Timeline:
        """Count the articles with all that each query asks by the time of their publication.

        `by` is "day", "week", "month", "year", or "auto": the finest of them that gives no more
        than `most` spans; years may give more. The other options and the errors are those of
        `search`.
        """
        from .models.timeline import make_timeline, span_for

        check_count("most", most)
        options = {"exact": exact, "all_copies": all_copies}
        requests = [make_request(query, filters, **options) for query in queries]
        counts = [self._ask(days, each) for each in requests]
        return make_timeline(span_for(counts, by, most), queries, counts)

    def survey(
        self, query: str, *, by: Span | Literal["auto"] = "auto", most: int = 60, **options: Any
    ) -> tuple[Page, Timeline]:
        """Return what `search` finds, and its `timeline`, in less time than both would take.

        The options and the errors are those of the two.
        """
        from .models.timeline import make_timeline, span_for

        check_count("most", most)
        request = make_request(query, **options)
        page, counts = self._ask(survey, request)
        return page, make_timeline(span_for([counts], by, most), [query], [counts])
