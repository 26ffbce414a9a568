"""The search has nothing of its own."""

from marketplace.core.belongings import WORKED_OUT, nobodys
from marketplace.search.models import MentorFree, MentorSearch, SearchChoice, SearchWord

nobodys(MentorSearch, WORKED_OUT)
nobodys(MentorFree, WORKED_OUT)
nobodys(SearchWord, "the words of all pages together, without whose they are")
nobodys(SearchChoice, "what the filters offer, without whose it is")
