"""Ada, Grace's hour and the till, as the tests of payments have them."""

from tests.payments.conftest import ada, alan, bought, hour, till

__all__ = ["ada", "alan", "bought", "hour", "till"]
