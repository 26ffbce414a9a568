"""What becomes of a programme in plain Python: booked out of what was bought, called off, paid back, ended."""

from dataclasses import dataclass

from booking.domain.states import CANCELLED_BY, BookingStatus, Canceller
from payments.domain.settle import settle
from payments.domain.states import PurchaseStatus
from tests.histories.model_books import Books
from tests.histories.model_rows import Row, Sale, Slot, Taken


@dataclass
class Programmes(Books):
    """Each of these is one transaction."""

    def book_bought(self, sale: Sale, chosen: list[tuple[Row, Slot]]) -> None:
        """All of them, or none. Raises Taken and Overdue."""
        pay, origin = self.pay_that_bought(sale), sale.origin
        if origin.status is not PurchaseStatus.SOLD or (pay and (self.is_disputed(pay) or self.is_gone(pay))):
            raise Taken
        for row, slot in chosen:
            if not self._is_to_book(row) or (row.is_returned and self.guards.returned_is_final):
                raise Taken
            self.judge(sale.mentee, slot)
        for row, slot in chosen:
            self._use(sale, row, slot)

    def _use(self, sale: Sale, row: Row, slot: Slot) -> None:
        origin = sale.origin
        made = Sale(len(self.sales), sale.mentee, slot, self.now, PurchaseStatus.SOLD, BookingStatus.CONFIRMED)
        made.total, made.programme, made.first = origin.total, origin.programme, origin
        self.sales.append(made)
        row.used_by, row.to_book = made, False

    def _is_to_book(self, row: Row) -> bool:
        return row.to_book or not self.guards.use_once

    def take_money(self, sale: Sale) -> None:
        """Of one that was called off and not used up. Raises Taken."""
        if sale.row is None or not sale.row.to_book or sale.row.is_returned:
            raise Taken
        sale.row.to_book = False
        self.settle(sale)

    def would_give(self, sale: Sale, by: Canceller) -> int:
        """What ending it now would give. Raises Taken if nothing is left."""
        ahead, found = self.ahead(sale), self.frozen(sale)
        if not ahead and not any(each.to_book and not each.is_returned for each in sale.rows):
            raise Taken
        for each in ahead:
            found = found.with_cancelled(each.id, CANCELLED_BY[by], self.now)
        dues = {each.booking_id: each.back.minor for each in settle(found)}
        return found.unused_paid.minor + sum(dues[each.id] for each in ahead)

    def end(self, sale: Sale, by: Canceller, agreed: int) -> None:
        """Raises Taken."""
        if self.would_give(sale, by) != agreed:
            raise Taken
        self.call_off_what_is_ahead(sale, by)
        self.close_programme(sale)
        self.settle(sale)
