from caudal.cashier.tests.conftest import books as books
